#include "crypto/aead.hpp"

#include <memory>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/assert.hpp"

namespace quantconf::crypto {
namespace {

/// Looking the algorithm up costs more than sealing a key with it; it lives as long as the process.
const EVP_CIPHER* aes256gcm() {
    static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    QC_ASSERT(cipher != nullptr);
    return cipher;
}

/// One context a thread, used again and again; it keeps no key from one call to the next.
class Context {
public:
    Context() : context_{thread_context()} {}
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { EVP_CIPHER_CTX_reset(context_); }

    [[nodiscard]] EVP_CIPHER_CTX* get() const noexcept { return context_; }

private:
    static EVP_CIPHER_CTX* thread_context() {
        struct Free {
            void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
        };
        thread_local const std::unique_ptr<EVP_CIPHER_CTX, Free> context{EVP_CIPHER_CTX_new()};
        QC_ASSERT(context != nullptr);
        return context.get();
    }

    EVP_CIPHER_CTX* context_;
};

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes(std::span<char> text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

std::string aes256gcm_seal(std::string_view key, std::string_view nonce, std::string_view associated,
                           std::string_view plain) {
    QC_ASSERT(key.size() == kAeadKeyBytes);
    QC_ASSERT(nonce.size() == kAeadNonceBytes);
    QC_ASSERT(std::in_range<int>(associated.size()) &&
              std::in_range<int>(plain.size()));  // As OpenSSL counts.
    const Context context;
    std::string sealed(plain.size() + kAeadTagBytes, '\0');
    const std::span<char> out{sealed};
    int count = 0;
    const bool done =
        EVP_EncryptInit_ex2(context.get(), aes256gcm(), bytes(key), bytes(nonce), nullptr) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &count, bytes(associated),
                          static_cast<int>(associated.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), bytes(out), &count, bytes(plain), static_cast<int>(plain.size())) ==
            1 &&
        EVP_EncryptFinal_ex(context.get(), bytes(out.subspan(plain.size())), &count) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kAeadTagBytes),
                            bytes(out.subspan(plain.size()))) == 1;
    QC_ASSERT(done);
    return sealed;
}

bool aes256gcm_open(std::string_view key, std::string_view nonce, std::string_view associated,
                    std::string_view sealed, std::span<char> plain) {
    QC_ASSERT(key.size() == kAeadKeyBytes);
    QC_ASSERT(nonce.size() == kAeadNonceBytes);
    if (sealed.size() < kAeadTagBytes) {
        return false;
    }
    const std::string_view ciphertext = sealed.substr(0, sealed.size() - kAeadTagBytes);
    std::string tag{sealed.substr(ciphertext.size())};
    QC_ASSERT(plain.size() == ciphertext.size());
    QC_ASSERT(std::in_range<int>(associated.size()) && std::in_range<int>(plain.size()));
    const Context context;
    int count = 0;
    unsigned char rest = 0;  // GCM has no last block to write.
    const bool done =
        EVP_DecryptInit_ex2(context.get(), aes256gcm(), bytes(key), bytes(nonce), nullptr) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &count, bytes(associated),
                          static_cast<int>(associated.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes(plain), &count, bytes(ciphertext),
                          static_cast<int>(ciphertext.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kAeadTagBytes),
                            bytes(std::span<char>{tag})) == 1 &&
        EVP_DecryptFinal_ex(context.get(), &rest, &count) == 1;
    if (!done) {
        OPENSSL_cleanse(plain.data(),
                        plain.size());  // What was decrypted before the tag was known to be wrong.
    }
    return done;
}

}  // namespace quantconf::crypto
