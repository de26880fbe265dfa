// A ciphertext that opens under two keys, and why it is of no use here.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "secrets/head.hpp"
#include "secrets/slot.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::key_of;

/// An element of the field of GHASH (SP 800-38D, 6.3); the first bit is the highest one.
__extension__ using Block = unsigned __int128;

Block times(Block x, Block y) {
    constexpr Block kReduction = Block{0xe1} << 120U;
    Block product = 0;
    for (unsigned bit = 0; bit < 128; ++bit) {
        if (((x >> (127U - bit)) & 1U) != 0) {
            product ^= y;
        }
        y = (y >> 1U) ^ ((y & 1U) != 0 ? kReduction : 0);
    }
    return product;
}

/// x to the power of 2^128 - 2.
Block inverse(Block x) {
    Block result = Block{1} << 127U;
    for (int i = 1; i < 128; ++i) {
        x = times(x, x);
        result = times(result, x);
    }
    return result;
}

Block block_of(std::string_view bytes) {
    Block block = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        block = (block << 8U) | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    }
    return block;
}

std::string bytes_of(Block block) {
    std::string bytes(16, '\0');
    for (std::size_t i = 16; i-- > 0; block >>= 8U) {
        bytes[i] = static_cast<char>(static_cast<unsigned char>(block & 0xffU));
    }
    return bytes;
}

/// What somebody who knows a key can compute about it from sealing alone.
struct KnownKey {
    explicit KnownKey(std::string_view key)
        : mask{block_of(crypto::aes256gcm_seal(key, zero_nonce(), {}, {}))} {
        const std::string zeros(16, '\0');
        const Block tag = block_of(crypto::aes256gcm_seal(key, zero_nonce(), zeros, {}));
        hash_key = times(tag ^ mask, inverse(Block{128} << 64U));  // tag = length of the zeros * H + mask
    }

    /// The tag of associated data, two blocks of ciphertext, and the lengths.
    [[nodiscard]] Block tag(std::string_view associated, Block first, Block second) const {
        Block hash = 0;
        for (std::size_t at = 0; at < associated.size(); at += 16) {
            hash = times(hash ^ block_of(associated.substr(at, 16)), hash_key);
        }
        hash = times(hash ^ first, hash_key);
        hash = times(hash ^ second, hash_key);
        return times(hash ^ ((Block{associated.size() * 8} << 64U) | 256U), hash_key) ^ mask;
    }

    Block mask = 0;
    Block hash_key = 0;
};

/// Ciphertext and tag that are right under both keys.
std::string collide(const KnownKey& one, const KnownKey& two, std::string_view associated) {
    const Block first = block_of("any block at all");
    // In the second block both tags are linear, with the square of the hash key as their slope.
    const Block slope = times(one.hash_key, one.hash_key) ^ times(two.hash_key, two.hash_key);
    const Block second = times(one.tag(associated, first, 0) ^ two.tag(associated, first, 0), inverse(slope));
    return bytes_of(first) + bytes_of(second) + bytes_of(one.tag(associated, first, second));
}

MessageKey slot_key(const Header& header, const Slot& slot, const UnlockKey& key) {
    return message_key(key.bytes.view(), crypto::view_of(slot.salt),
                       "qcs1/slot" + slot_context(header, slot));
}

// 15: a file crafted to open under two keys: refused by the commitment.
TEST(StoreCommitment, t15_a_slot_made_for_two_keys_opens_with_one) {
    const Header header{.generation = 1, .term = 1};
    const UnlockKey mine = key_of('m');
    const UnlockKey yours = key_of('y');
    Slot slot = slot_for(1, "for both", mine);
    slot.salt.fill('s');
    const MessageKey my_key = slot_key(header, slot, mine);
    const MessageKey your_key = slot_key(header, slot, yours);
    const std::string context = slot_context(header, slot);
    const std::string both = collide(KnownKey{my_key.key()}, KnownKey{your_key.key()}, context);

    std::array<char, 32> root{};
    ASSERT_TRUE(crypto::aes256gcm_open(my_key.key(), zero_nonce(), context, both, root));
    ASSERT_TRUE(crypto::aes256gcm_open(your_key.key(), zero_nonce(), context, both, root))
        << "GCM alone accepts it";

    std::ranges::copy(both, slot.wrapped.begin());
    std::ranges::copy(my_key.commitment(), slot.commitment.begin());
    EXPECT_TRUE(unlock(header, {slot}, mine)->has_value());
    EXPECT_FALSE(unlock(header, {slot}, yours)->has_value());
    std::ranges::copy(your_key.commitment(), slot.commitment.begin());
    EXPECT_FALSE(unlock(header, {slot}, mine)->has_value());
}

}  // namespace
}  // namespace quantconf::secrets
