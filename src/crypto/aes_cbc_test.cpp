#include "crypto/aes_cbc.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::crypto {
namespace {

std::string from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        bytes += static_cast<char>(std::stoi(std::string{hex.substr(at, 2)}, nullptr, 16));
    }
    return bytes;
}

// NIST SP 800-38A, F.2.2, CBC-AES128.Decrypt.
TEST(AesCbc, decrypts_the_published_vector) {
    const std::string sealed = from_hex(
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
        "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7");
    std::string plain(sealed.size(), '\0');
    aes128cbc_decrypt(from_hex("2b7e151628aed2a6abf7158809cf4f3c"),
                      from_hex("000102030405060708090a0b0c0d0e0f"), sealed, plain);
    EXPECT_EQ(plain, from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                              "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"));
}

}  // namespace
}  // namespace quantconf::crypto
