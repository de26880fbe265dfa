#include "crypto/hkdf.hpp"

#include <algorithm>

#include <openssl/crypto.h>

#include "base/assert.hpp"
#include "crypto/hmac.hpp"

namespace quantconf::crypto {

void hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::span<char> out) {
    QC_ASSERT(out.size() <= kHkdfBytesMax);
    QC_ASSERT(!secret.empty());      // As that of SecretBytes that a fork has wiped is.
    static constexpr Mac kNoSalt{};  // RFC 5869, section 2.2.
    Mac extracted = hmac_sha256(salt.empty() ? view_of(kNoSalt) : salt, {secret});
    Mac block{};
    std::string_view previous;  // T(0) is empty.
    for (unsigned char counter = 1; !out.empty(); ++counter) {
        const char number = static_cast<char>(counter);
        Mac next = hmac_sha256(view_of(extracted), {previous, info, {&number, 1}});
        block = next;
        OPENSSL_cleanse(next.data(), next.size());
        previous = view_of(block);
        const std::size_t count = std::min(out.size(), block.size());
        std::copy_n(block.begin(), count, out.begin());
        out = out.subspan(count);
    }
    OPENSSL_cleanse(extracted.data(), extracted.size());
    OPENSSL_cleanse(block.data(), block.size());
}

}  // namespace quantconf::crypto
