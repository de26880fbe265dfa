#include "crypto/argon2id.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "crypto/test_hex.hpp"
#include "crypto/test_memory.hpp"

namespace quantconf::crypto {
namespace {

constexpr std::string_view kSalt = "somesaltsomesalt";

std::string key(std::string_view passphrase, const Argon2idCost& cost) {
    const auto made = argon2id(passphrase, kSalt, cost);
    return made ? std::string{made->view()} : made.error().cause.message();
}

std::errc refusal(const Argon2idCost& cost) {
    const auto made = argon2id("passphrase", kSalt, cost);
    return made ? std::errc{} : static_cast<std::errc>(made.error().cause.value());
}

// Calculated with the reference implementation of the authors of Argon2 (argon2id_hash_raw of libargon2
// 20171227, version 19, one lane), which libsodium shares no calling code with.
TEST(Argon2id, agrees_with_the_reference_implementation) {
    EXPECT_EQ(key("password", {.passes = 2, .memory_kib = 64}),
              from_hex("1a98fba8e6394425c9bdc333a9c750aaf811df070f5fb4a5788e1cf4db5793a1"));
    EXPECT_EQ(key("", {.passes = 3, .memory_kib = 256}),
              from_hex("e58438c9963547d10d0dfed31bfe5609dc482bf7994534ccab3c46607d652a49"));
    EXPECT_EQ(key("correct horse battery staple", {.passes = 4, .memory_kib = 2432}),
              from_hex("da63007402f139acdb93ec8ee345138770167a3b064610a0fd157f960c9b22e6"));
    EXPECT_EQ(key("password", kArgon2idCostMin),
              from_hex("05b6ca8f8038b683887ad4916533858b49cb52040126c134f4c6e9d8711b8c09"));
}

// Case 9 of the threats: "Tampered KDF params (m=64 GiB, t=2^31): refused before allocation".
TEST(Argon2id, t09_a_cost_beyond_the_caps_is_refused_before_memory_is_asked_for) {
    const std::size_t before = peak_memory_kib();
    for (const Argon2idCost cost :
         {Argon2idCost{.passes = 3, .memory_kib = 64U * 1024 * 1024},
          Argon2idCost{.passes = 1U << 31U, .memory_kib = 8}, Argon2idCost{.passes = 17, .memory_kib = 8},
          Argon2idCost{.passes = 1, .memory_kib = 1024 * 1024 + 1},
          Argon2idCost{.passes = 0, .memory_kib = 8}, Argon2idCost{.passes = 1, .memory_kib = 7}}) {
        EXPECT_FALSE(is_allowed(cost));
        EXPECT_EQ(refusal(cost), std::errc::result_out_of_range);
    }
    EXPECT_LT(peak_memory_kib() - before, 1024U);
    EXPECT_TRUE(is_allowed(kArgon2idCostMin));
    EXPECT_TRUE(is_allowed(kArgon2idCostMax));
    EXPECT_EQ(refusal({.passes = kArgon2idCostMax.passes, .memory_kib = 8}), std::errc{});
}

TEST(Argon2id, memory_that_cannot_be_had_is_an_error) {
    if (kIsSanitized) {
        GTEST_SKIP() << "a sanitizer needs the address space";
    }
    EXPECT_TRUE(in_child([] {
        return set_limit(RLIMIT_AS, std::size_t{256} * 1024 * 1024) &&
               refusal({.passes = 1, .memory_kib = 1024 * 1024}) == std::errc::not_enough_memory;
    }));
}

TEST(Argon2id, each_part_makes_another_key) {
    const Argon2idCost cost{.passes = 1, .memory_kib = 8};
    const std::string one = key("one", cost);
    EXPECT_EQ(one.size(), kArgon2idKeyBytes);
    EXPECT_EQ(one, key("one", cost));
    EXPECT_NE(one, key("two", cost));
    EXPECT_NE(one, key("one", {.passes = 2, .memory_kib = 8}));
    EXPECT_NE(one, key("one", {.passes = 1, .memory_kib = 16}));
    EXPECT_NE(one, argon2id("one", "anothersaltof16b", cost)->view());
}

}  // namespace
}  // namespace quantconf::crypto
