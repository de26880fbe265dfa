// The one-shot functions of OpenSSL 3 load providers first, which costs a short-lived program more than the
// hash. The plain SHA256_* functions need no initialisation; they are deprecated in favour of EVP, not
// insecure.
#define OPENSSL_SUPPRESS_DEPRECATED  // NOLINT(readability-identifier-naming): OpenSSL's name.

#include "crypto/sha256.hpp"

#include <array>

#include <openssl/sha.h>

namespace quantconf::crypto {

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes.data(), bytes.size());
    SHA256_Final(digest.data(), &context);
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * digest.size());
    for (const unsigned char byte : digest) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 0xFU];
    }
    return hex;
}

}  // namespace quantconf::crypto
