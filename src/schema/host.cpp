#include "schema/host.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace quantconf::schema {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_label_character(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool valid_label(std::string_view label) {
    constexpr std::size_t kLabelMax = 63;
    return !label.empty() && label.size() <= kLabelMax && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, is_label_character);
}

/// inet_pton wants a terminated text; no address is longer than the buffer.
bool valid_address(int family, std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.size() >= buffer.size() || text.contains('\0')) {
        return false;
    }
    std::ranges::copy(text, buffer.begin());
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(family, buffer.data(), address.data()) == 1;
}

/// "12" or "0x7f": what inet_aton would take for a part of an address.
bool looks_like_address_part(std::string_view label) {
    return std::ranges::all_of(label, is_digit) || label.starts_with("0x") || label.starts_with("0X");
}

bool valid_name(std::string_view text) {
    constexpr std::size_t kNameMax = 253;
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    if (text.size() > kNameMax) {
        return false;
    }
    for (;;) {
        const auto dot = text.find('.');
        const std::string_view label = text.substr(0, dot);
        if (!valid_label(label)) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return !looks_like_address_part(label);
        }
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

bool valid_host(std::string_view text) noexcept {
    if (text.starts_with('[') && text.ends_with(']')) {
        return valid_address(AF_INET6, text.substr(1, text.size() - 2));
    }
    return valid_name(text) || valid_address(AF_INET, text) || valid_address(AF_INET6, text);
}

}  // namespace quantconf::schema
