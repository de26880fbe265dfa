#include "secrets/record.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

#include "secrets/limits.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::CountingRandom;

/// One store's keys.
struct Sealing {
    Header header{.generation = 1, .term = 1};
    KeyRing keys{crypto::SecretBytes::copy_of(std::string(32, 'r')), header};
    CountingRandom random;

    [[nodiscard]] std::string seal(std::string_view name, std::uint32_t version, std::string_view value) {
        return seal_record(keys, {header, name, version}, value, random).value();
    }
    [[nodiscard]] std::optional<std::string> open(std::string_view name, std::uint32_t version,
                                                  std::string_view record) const {
        const auto value = open_record(keys, {header, name, version}, record);
        return value ? std::optional{std::string{value->view()}} : std::nullopt;
    }
};

// 19: empty, 1 byte, 64 KiB, 1 MiB, NUL bytes, invalid UTF-8: round trip.
TEST(StoreRecord, t19_every_value_comes_back_as_it_was) {
    Sealing sealing;
    using namespace std::string_literals;
    for (const std::string& value : {""s, "x"s, "a\0b\0"s, "\xff\xfe\xc0\x80"s, std::string(59, 'a'),
                                     std::string(60, 'a'), std::string(61, 'a'), std::string(64, '\0'),
                                     std::string(64UL * 1024, 'v'), std::string(limits::kValueBytes, 'v')}) {
        const std::string record = sealing.seal("name", 1, value);
        EXPECT_TRUE(sealing.open("name", 1, record) == value) << value.size();
        EXPECT_TRUE(is_record_size(record.size()));
    }
}

TEST(StoreRecord, t19_an_empty_value_is_encrypted_too) {
    Sealing sealing;
    std::string record = sealing.seal("name", 1, "");
    EXPECT_GE(record.size(), 32 + 32 + 64 + 16);
    record.back() ^= 1;
    EXPECT_FALSE(sealing.open("name", 1, record));
}

// 20: the length of a secret. Values are padded to a multiple of 64 bytes, with four of them for the length.
TEST(StoreRecord, t20_values_of_usual_lengths_have_records_of_one_length) {
    Sealing sealing;
    const std::size_t shortest = sealing.seal("name", 1, "").size();
    for (const std::size_t size : {1U, 16U, 32U, 40U, 60U}) {
        EXPECT_EQ(sealing.seal("name", 1, std::string(size, 'x')).size(), shortest);
    }
    EXPECT_EQ(sealing.seal("name", 1, std::string(61, 'x')).size(), shortest + kPadding);
}

TEST(StoreRecord, no_byte_of_a_record_may_change) {
    Sealing sealing;
    std::string record = sealing.seal("name", 1, "value");
    for (char& byte : record) {
        byte ^= 0x04;
        EXPECT_FALSE(sealing.open("name", 1, record));
        byte ^= 0x04;
    }
    EXPECT_TRUE(sealing.open("name", 1, record));
    EXPECT_FALSE(sealing.open("name", 2, record));
    EXPECT_FALSE(sealing.open("nam", 1, record));
    EXPECT_FALSE(sealing.open("name", 1, ""));
}

TEST(StoreRecord, a_wiped_key_opens_nothing) {
    Sealing sealing;
    const std::string record = sealing.seal("name", 1, "value");
    sealing.keys = KeyRing{crypto::SecretBytes{32}, sealing.header};
    EXPECT_FALSE(sealing.keys.is_usable());
    EXPECT_FALSE(sealing.open("name", 1, record));
}

// 13: a million puts: no key is used twice. The key follows from the salt.
TEST(StoreRecord, t13_no_two_records_share_a_key) {
    constexpr std::uint32_t kPuts = 1'000'000;
    Sealing sealing;
    std::vector<crypto::Mac> salts;
    salts.reserve(kPuts);
    for (std::uint32_t i = 0; i < kPuts; ++i) {
        salts.push_back(
            hedged_salt(sealing.random, sealing.keys.hedge_key(), "name", "the same value").value());
    }
    std::ranges::sort(salts);
    EXPECT_EQ(std::ranges::adjacent_find(salts), salts.end());
}

// 13: the same random bytes twice: the salt depends on name, version and value as well.
TEST(StoreRecord, t13_equal_random_bytes_still_give_different_keys) {
    Sealing sealing;
    sealing.random.repeats = true;
    std::unordered_set<std::string> salts;
    for (const std::string_view name : {"a", "b"}) {
        for (const std::uint32_t version : {1U, 2U}) {
            for (const std::string_view value : {"one", "two", ""}) {
                salts.insert(sealing.seal(name, version, value).substr(0, 32));
            }
        }
    }
    EXPECT_EQ(salts.size(), 12);
    EXPECT_EQ(sealing.seal("a", 1, "one"), sealing.seal("a", 1, "one")) << "the same message is no reuse";
}

}  // namespace
}  // namespace quantconf::secrets
