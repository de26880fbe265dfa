#include "crypto/hkdf.hpp"

#include <string>

#include <gtest/gtest.h>

#include "crypto/hmac.hpp"
#include "crypto/test_hex.hpp"

namespace quantconf::crypto {
namespace {

std::string derived(std::string_view secret, std::string_view salt, std::string_view info,
                    std::size_t count) {
    std::string key(count, '\0');
    hkdf_sha256(secret, salt, info, key);
    return key;
}

// Case 18 of the threats: "Wycheproof AES-GCM/HKDF/HMAC vectors: 100 %". These are of RFC 5869, A.1 to A.3.
TEST(Hkdf, t18_agrees_with_rfc_5869) {
    EXPECT_EQ(
        derived(std::string(22, '\x0b'), counting_from(0, 13), counting_from(0xf0, 10), 42),
        from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    EXPECT_EQ(
        derived(counting_from(0, 80), counting_from(0x60, 80), counting_from(0xb0, 80), 82),
        from_hex(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e59"
            "0e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    EXPECT_EQ(
        derived(std::string(22, '\x0b'), "", "", 42),
        from_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
}

TEST(Hkdf, a_longer_key_begins_like_a_shorter_one) {
    const std::string longest = derived("secret", "salt", "info", kHkdfBytesMax);
    EXPECT_EQ(longest.substr(0, 33), derived("secret", "salt", "info", 33));
    EXPECT_EQ(derived("secret", "salt", "info", 0), "");
}

// Case 13 of the threats: "same RNG bytes injected twice: unique; hedged salt keeps them apart even with
// equal RNG output". A record's salt is the MAC of random bytes and of what is sealed; its key follows from
// the salt.
TEST(Hkdf, t13_equal_random_bytes_still_give_each_record_a_key_of_its_own) {
    const std::string repeated(32, 'r');
    const auto record_key = [&](std::string_view name, std::string_view value) {
        return derived("term key", view_of(hmac_sha256("hedge key", {repeated, name, value})), "record", 32);
    };
    EXPECT_NE(record_key("polygon_key", "one"), record_key("polygon_key", "two"));
    EXPECT_NE(record_key("polygon_key", "one"), record_key("finnhub_key", "one"));
    EXPECT_EQ(record_key("polygon_key", "one"), record_key("polygon_key", "one"));
}

TEST(HkdfDeathTest, more_than_the_rfc_allows_stops_the_process) {
    EXPECT_DEATH(derived("secret", "salt", "info", kHkdfBytesMax + 1), "kHkdfBytesMax");
}

TEST(HkdfDeathTest, an_empty_secret_stops_the_process) {
    EXPECT_DEATH(derived("", "salt", "info", 32), "secret.empty");
}

}  // namespace
}  // namespace quantconf::crypto
