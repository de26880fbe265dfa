#include "secrets/key_text.hpp"

#include <cstdint>

#include "base/assert.hpp"
#include "secrets/key_source.hpp"

namespace quantconf::secrets {
namespace {

/// All ones if first <= value <= last, else zero. No branches and no tables: what a cache line tells others
/// must not depend on the key.
std::uint32_t within(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
    return (((value - first) | (last - value)) >> 31U) - 1U;
}

char letter_of(std::uint32_t six_bits) {
    return static_cast<char>((within(six_bits, 0, 25) & (six_bits + 'A')) |
                             (within(six_bits, 26, 51) & (six_bits - 26 + 'a')) |
                             (within(six_bits, 52, 61) & (six_bits - 52 + '0')) |
                             (within(six_bits, 62, 62) & '+') | (within(six_bits, 63, 63) & '/'));
}

/// 0..63, or something larger for what is no letter of base64.
std::uint32_t bits_of(char letter) {
    const auto c = static_cast<std::uint32_t>(static_cast<unsigned char>(letter));
    const std::uint32_t upper = within(c, 'A', 'Z');
    const std::uint32_t lower = within(c, 'a', 'z');
    const std::uint32_t digit = within(c, '0', '9');
    const std::uint32_t plus = within(c, '+', '+');
    const std::uint32_t slash = within(c, '/', '/');
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (digit & (c - '0' + 52)) | (plus & 62U) |
           (slash & 63U) | (~(upper | lower | digit | plus | slash) & 64U);
}

std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
    return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U;
}

}  // namespace

crypto::SecretBytes key_to_text(std::string_view key) {
    QC_ASSERT(key.size() == kKeyBytes);
    crypto::SecretBytes text{kKeyTextBytes + 1};
    std::size_t at = 0;
    for (std::size_t from = 0; from < key.size(); from += 3) {
        const std::uint32_t three =
            byte_at(key, from) << 16U | byte_at(key, from + 1) << 8U | byte_at(key, from + 2);
        for (std::uint32_t shift = 24; shift > 0; shift -= 6) {
            text.bytes()[at++] = letter_of(three >> (shift - 6) & 63U);
        }
    }
    text.bytes()[kKeyTextBytes - 1] = '=';
    text.bytes()[kKeyTextBytes] = '\n';
    return text;
}

std::optional<crypto::SecretBytes> key_from_text(std::string_view text) {
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    if (text.size() != kKeyTextBytes || text.back() != '=') {
        return std::nullopt;
    }
    crypto::SecretBytes key{kKeyBytes};
    std::uint32_t wrong = 0;
    for (std::size_t from = 0, at = 0; from < kKeyTextBytes; from += 4) {
        const bool is_last = from + 4 == kKeyTextBytes;
        std::uint32_t three = 0;
        for (std::size_t index = from; index < from + 4; ++index) {
            const std::uint32_t bits = is_last && index + 1 == kKeyTextBytes ? 0U : bits_of(text[index]);
            wrong |= bits & 64U;
            three = three << 6U | (bits & 63U);
        }
        for (std::uint32_t shift = 24; shift > 0 && at < kKeyBytes; shift -= 8) {
            key.bytes()[at++] = static_cast<char>(three >> (shift - 8) & 255U);
        }
        wrong |= is_last ? three & 255U : 0U;  // Bits behind the end: another spelling of the same key.
    }
    if (wrong != 0) {
        return std::nullopt;
    }
    return key;
}

}  // namespace quantconf::secrets
