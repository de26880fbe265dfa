#include "crypto/aes_cbc.hpp"

#include <memory>

#include <openssl/evp.h>

#include "base/assert.hpp"

namespace quantconf::crypto {
namespace {

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

}  // namespace

void aes128cbc_decrypt(std::string_view key, std::string_view start, std::string_view sealed,
                       std::span<char> plain) {
    QC_ASSERT(key.size() == kAesBlockBytes);
    QC_ASSERT(start.size() == kAesBlockBytes);
    QC_ASSERT(sealed.size() % kAesBlockBytes == 0);
    QC_ASSERT(plain.size() == sealed.size());
    const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context{EVP_CIPHER_CTX_new()};
    QC_ASSERT(context != nullptr);
    auto* out = reinterpret_cast<unsigned char*>(plain.data());
    int count = 0;
    unsigned char rest = 0;  // Without padding there is no last block to write.
    const bool done =
        EVP_DecryptInit_ex2(context.get(), EVP_aes_128_cbc(), bytes(key), bytes(start), nullptr) == 1 &&
        EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
        EVP_DecryptUpdate(context.get(), out, &count, bytes(sealed), static_cast<int>(sealed.size())) == 1 &&
        EVP_DecryptFinal_ex(context.get(), &rest, &count) == 1;
    QC_ASSERT(done);
}

}  // namespace quantconf::crypto
