#include "crypto/secret_bytes.hpp"

#include <algorithm>
#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/secret_memory.hpp"
#include "crypto/test_memory.hpp"

namespace quantconf::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(!std::equality_comparable<SecretBytes>);
static_assert(!fmt::is_formattable<SecretBytes>::value);
static_assert(!std::is_convertible_v<SecretBytes, std::string> &&
              !std::is_convertible_v<SecretBytes, std::string_view>);

constexpr std::size_t kMiB = std::size_t{1024} * 1024;

bool is_all_zeros(const SecretBytes& bytes) {
    return std::ranges::all_of(bytes.view(), [](char c) { return c == '\0'; });
}

TEST(SecretBytes, keep_what_was_put_in) {
    EXPECT_EQ(SecretBytes::copy_of("hunter2").view(), "hunter2");
    EXPECT_TRUE(SecretBytes::copy_of("").empty());
    EXPECT_TRUE(SecretBytes{}.view().empty());
    EXPECT_FALSE(SecretBytes{}.lost());
    EXPECT_EQ(SecretBytes::copy_of(std::string_view{"a\0b", 3}).size(), 3U);
}

TEST(SecretBytes, move_and_leave_nothing_behind) {
    SecretBytes from = SecretBytes::copy_of("one");
    SecretBytes to = std::move(from);
    EXPECT_EQ(to.view(), "one");
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is what is tested.

    const std::size_t used = secret_memory_status().used;
    to = SecretBytes::copy_of("four");
    EXPECT_EQ(to.view(), "four");
    EXPECT_EQ(secret_memory_status().used, used + 1);  // "one" is gone at once.
}

TEST(SecretBytes, of_every_size_begin_as_zeros_even_where_others_were) {
    for (int round = 0; round < 2; ++round) {
        for (const std::size_t size : std::initializer_list<std::size_t>{1, 24, 25, 32, 33, 1000, 4096,
                                                                         16'376, 16'377, 65'536, kMiB}) {
            for (const OnFork on_fork : {OnFork::Keep, OnFork::Wipe}) {
                SecretBytes bytes{size, on_fork};
                ASSERT_EQ(bytes.size(), size);
                ASSERT_TRUE(is_all_zeros(bytes)) << size;
                std::ranges::fill(bytes.bytes(), 'x');
            }
        }
    }
}

// Case 42 of the threats: "Secret left in freed heap: scan /proc/self/mem after release: not found".
TEST(SecretBytes, t42_nothing_is_left_in_memory_once_they_are_given_back) {
    if (kIsSanitized) {
        GTEST_SKIP() << "a sanitizer's shadow has no end";
    }
    const Canary canary;
    {
        const SecretBytes bytes = canary.secret();
        ASSERT_EQ(count_in_memory(canary), 1U);
    }
    EXPECT_EQ(count_in_memory(canary), 0U);
    {
        SecretBytes large{kMiB};
        canary.write_to(large.bytes().last(Canary::kBytes));
        ASSERT_EQ(count_in_memory(canary), 1U);
    }
    EXPECT_EQ(count_in_memory(canary), 0U);
}

TEST(SecretBytes, t42_working_with_a_key_leaves_no_copy_of_it) {
    if (kIsSanitized) {
        GTEST_SKIP() << "a sanitizer's shadow has no end";
    }
    const Canary key;
    const Canary value;
    std::optional<Canary> derived_key;
    {
        const SecretBytes key_bytes = key.secret(OnFork::Wipe);
        SecretBytes plain = value.secret();
        const std::string nonce(kAeadNonceBytes, '\0');
        const std::string sealed = aes256gcm_seal(key_bytes.view(), nonce, "", plain.view());
        ASSERT_TRUE(aes256gcm_open(key_bytes.view(), nonce, "", sealed, plain.bytes()));
        static_cast<void>(hmac_sha256(key_bytes.view(), {plain.view()}));
        SecretBytes derived{64, OnFork::Wipe};
        hkdf_sha256(key_bytes.view(), "salt", "info", derived.bytes());
        derived_key.emplace(derived.view().substr(32));
        ASSERT_EQ(count_in_memory(*derived_key), 1U);
        ASSERT_EQ(count_in_memory(key), 1U);
        ASSERT_EQ(count_in_memory(value), 1U);
    }
    EXPECT_EQ(count_in_memory(key), 0U);
    EXPECT_EQ(count_in_memory(value), 0U);
    EXPECT_EQ(count_in_memory(*derived_key), 0U);
}

// Case 43 of the threats: "fork() without exec: child scans memory: zero (MADV_WIPEONFORK)".
TEST(SecretBytes, t43_a_forked_child_has_no_keys_and_can_tell) {
    const Canary key;
    const SecretBytes small = key.secret(OnFork::Wipe);
    SecretBytes large{kMiB, OnFork::Wipe};
    key.write_to(large.bytes());
    EXPECT_TRUE(in_child([&] {
        return small.lost() && small.view().empty() && large.lost() && large.bytes().empty() &&
               (kIsSanitized || count_in_memory(key) == 0);
    }));
    EXPECT_FALSE(small.lost());
    EXPECT_EQ(small.view(), large.view().substr(0, Canary::kBytes));
}

TEST(SecretBytes, t43_a_forked_child_keeps_the_values_that_it_serves) {
    const Canary value;
    const SecretBytes bytes = value.secret(OnFork::Keep);
    EXPECT_TRUE(in_child([&] {
        return !bytes.lost() && value.find_in(bytes.view()) == 0 &&
               (kIsSanitized || count_in_memory(value) == 1);
    }));
}

TEST(SecretBytes, a_child_can_give_back_lost_keys_and_make_new_ones) {
    SecretBytes key = SecretBytes::copy_of("a key of the parent", OnFork::Wipe);
    EXPECT_TRUE(in_child([&key] {
        key = SecretBytes::copy_of("a key of the child", OnFork::Wipe);
        const bool is_whole = !key.lost() && key.view() == "a key of the child";
        return is_whole && in_child([&key] { return key.lost(); });
    }));
    EXPECT_EQ(key.view(), "a key of the parent");
}

TEST(SecretBytesDeathTest, a_lost_key_stops_who_uses_it_without_asking) {
    const SecretBytes key = SecretBytes::copy_of(std::string(kAeadKeyBytes, 'k'), OnFork::Wipe);
    const std::string nonce(kAeadNonceBytes, '\0');
    // The statement of EXPECT_DEATH runs in a forked child, where the key is lost.
    testing::FLAGS_gtest_death_test_style = "fast";
    EXPECT_DEATH(static_cast<void>(aes256gcm_seal(key.view(), nonce, "", "plain")), "kAeadKeyBytes");
    EXPECT_DEATH(static_cast<void>(hmac_sha256(key.view(), {"message"})), "key.empty");
}

TEST(SecretBytesDeathTest, a_write_beyond_the_end_is_noticed) {
    EXPECT_DEATH(
        {
            SecretBytes bytes{24};
            *(bytes.bytes().data() + 24) = 'x';
        },
        "kMark");
    EXPECT_DEATH(
        {
            SecretBytes bytes{kMiB};
            *(bytes.bytes().data() + kMiB + 4096) = 'x';  // The guard behind the pages.
        },
        "");
    EXPECT_DEATH(
        {
            SecretBytes bytes{kMiB};
            *(bytes.bytes().data() - 1) = 'x';
        },
        "");
}

}  // namespace
}  // namespace quantconf::crypto
