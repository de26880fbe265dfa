#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace quantconf::crypto {

/// The bytes that a published test vector writes as hexadecimal digits.
inline std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (; digits.size() >= 2; digits.remove_prefix(2)) {
        unsigned char byte = 0;
        std::from_chars(digits.data(), digits.data() + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

/// "00 01 02 ..." as the RFCs like it: `count` bytes, each one greater than the one before.
inline std::string counting_from(unsigned char first, std::size_t count) {
    std::string bytes;
    while (bytes.size() < count) {
        bytes += static_cast<char>(first++);
    }
    return bytes;
}

}  // namespace quantconf::crypto
