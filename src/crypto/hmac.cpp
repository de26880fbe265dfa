// The plain SHA functions are deprecated in favour of EVP, not insecure; sha256.cpp says why we use them.
#define OPENSSL_SUPPRESS_DEPRECATED  // NOLINT(readability-identifier-naming): OpenSSL's name.

#include "crypto/hmac.hpp"

#include <algorithm>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "base/assert.hpp"

namespace quantconf::crypto {
namespace {

constexpr std::size_t kBlock = 64;  // Of SHA-256.

/// The plain SHA functions need no fetch and no initialisation, and HMAC is two of them (RFC 2104, section
/// 2).
class Sha256 {
public:
    Sha256() { SHA256_Init(&context_); }
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256() { OPENSSL_cleanse(&context_, sizeof context_); }

    void add(std::string_view bytes) { SHA256_Update(&context_, bytes.data(), bytes.size()); }
    /// Straight to where it is wanted: a key must not leave a copy on the stack.
    void finish(Mac& mac) { SHA256_Final(reinterpret_cast<unsigned char*>(mac.data()), &context_); }

private:
    SHA256_CTX context_{};
};

}  // namespace

Mac hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
    QC_ASSERT(!key.empty());  // As that of SecretBytes that a fork has wiped is.
    Mac mac;
    std::array<char, kBlock> block{};
    if (key.size() > kBlock) {
        Sha256 hash;
        hash.add(key);
        hash.finish(mac);
        std::ranges::copy(mac, block.begin());
    } else {
        std::ranges::copy(key, block.begin());
    }
    const auto masked_with = [&block](char mask) {
        std::ranges::transform(block, block.begin(), [mask](char c) { return static_cast<char>(c ^ mask); });
        return std::string_view{block.data(), block.size()};
    };
    Sha256 inner;
    inner.add(masked_with(0x36));
    for (const std::string_view part : parts) {
        inner.add(part);
    }
    inner.finish(mac);
    Sha256 outer;
    outer.add(masked_with(0x36 ^ 0x5c));  // Takes the first mask off and puts the second one on.
    outer.add(view_of(mac));
    outer.finish(mac);
    OPENSSL_cleanse(block.data(), block.size());
    return mac;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace quantconf::crypto
