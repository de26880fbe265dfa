#include "crypto/hmac.hpp"

#include <string>

#include <gtest/gtest.h>

#include "crypto/test_hex.hpp"

namespace quantconf::crypto {
namespace {

std::string mac(std::string_view key, std::string_view message) {
    return std::string{view_of(hmac_sha256(key, {message}))};
}

// Case 18 of the threats: "Wycheproof AES-GCM/HKDF/HMAC vectors: 100 %". These are of RFC 4231, sections 4.2
// to 4.8.
TEST(Hmac, t18_agrees_with_rfc_4231) {
    EXPECT_EQ(mac(std::string(20, '\x0b'), "Hi There"),
              from_hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    EXPECT_EQ(mac("Jefe", "what do ya want for nothing?"),
              from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    EXPECT_EQ(mac(std::string(20, '\xaa'), std::string(50, '\xdd')),
              from_hex("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"));
    EXPECT_EQ(mac(counting_from(1, 25), std::string(50, '\xcd')),
              from_hex("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"));
    EXPECT_EQ(mac(std::string(20, '\x0c'), "Test With Truncation").substr(0, 16),
              from_hex("a3b6167473100ee06e0c796c2955552b"));
}

TEST(Hmac, t18_hashes_a_key_that_is_longer_than_a_block) {
    const std::string key(131, '\xaa');
    EXPECT_EQ(mac(key, "Test Using Larger Than Block-Size Key - Hash Key First"),
              from_hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    EXPECT_EQ(mac(key,
                  "This is a test using a larger than block-size key and a larger than block-size data. The "
                  "key needs to be hashed before being used by the HMAC algorithm."),
              from_hex("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
}

TEST(Hmac, parts_are_one_message) {
    EXPECT_EQ(hmac_sha256("key", {"what do", "", " ya want"}), hmac_sha256("key", {"what do ya want"}));
    EXPECT_NE(hmac_sha256("key", {"a"}), hmac_sha256("key", {"b"}));
}

TEST(HmacDeathTest, an_empty_key_stops_the_process) {
    EXPECT_DEATH(static_cast<void>(hmac_sha256("", {"message"})), "key.empty");
}

TEST(EqualInConstantTime, means_every_byte_and_the_length) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "xbc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace quantconf::crypto
