#include "base/base64.hpp"

namespace quantconf {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string_view letters(Base64 alphabet) {
    return alphabet == Base64::Url ? kUrl : kStandard;
}

}  // namespace

std::string base64_encoded(std::string_view bytes, Base64 alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = bytes.size() - at < 3 ? bytes.size() - at : 3;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += i <= count ? letters(alphabet)[group >> (18 - 6 * i) & 63U] : '=';
        }
    }
    return text;
}

std::optional<std::size_t> decode_base64(std::string_view text, Base64 alphabet, std::span<char> out) {
    if (text.size() % 4 != 0 || out.size() < base64_bytes_max(text.size())) {
        return std::nullopt;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    text.remove_suffix(padding);
    std::size_t size = 0;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = letters(alphabet).find(c);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[size++] = static_cast<char>(bits >> count & 0xFFU);
            bits &= (1U << count) - 1U;
        }
    }
    // Bits that no byte needs must be zero, or one value would have several spellings.
    return bits == 0 && count == padding * 2 ? std::optional{size} : std::nullopt;
}

}  // namespace quantconf
