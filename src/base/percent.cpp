#include "base/percent.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace quantconf {

std::string percent_decoded(std::string_view text) {
    constexpr std::size_t kDigits = 2;
    constexpr int kHexadecimal = 16;
    std::string decoded;
    while (!text.empty()) {
        const char* begin = text.data() + 1;
        std::uint8_t byte = 0;
        if (text.starts_with('%') && text.size() > kDigits &&
            std::from_chars(begin, begin + kDigits, byte, kHexadecimal).ptr == begin + kDigits) {
            decoded += static_cast<char>(byte);
            text.remove_prefix(kDigits + 1);
        } else {
            decoded += text.front();
            text.remove_prefix(1);
        }
    }
    return decoded;
}

bool has_dot_segment(std::string_view path) {
    const std::string decoded = percent_decoded(path);
    std::string_view rest = decoded;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find_first_of("/\\"), rest.size());
        const std::string_view segment = rest.substr(0, end);
        const std::string_view name = segment.substr(0, segment.find(';'));
        if (name == "." || name == "..") {
            return true;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

}  // namespace quantconf
