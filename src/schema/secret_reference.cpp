#include "schema/secret_reference.hpp"

#include <algorithm>
#include <charconv>

namespace quantconf::schema {

namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Versions count from 1 and have one spelling: no sign, no leading zero.
std::optional<std::uint32_t> parse_version(std::string_view text) {
    std::uint32_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size() || text.starts_with('0')) {
        return std::nullopt;
    }
    return version;
}

}  // namespace

bool valid_secret_name(std::string_view name) noexcept {
    constexpr std::size_t kNameMax = 128;
    return !name.empty() && name.size() <= kNameMax && is_letter_or_digit(name.front()) &&
           std::ranges::all_of(
               name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

std::optional<SecretReference> parse_secret_reference(std::string_view text) noexcept {
    if (!text.starts_with(kSecretPrefix)) {
        return std::nullopt;
    }
    text.remove_prefix(kSecretPrefix.size());

    SecretReference reference;
    if (text.starts_with('?')) {
        reference.is_optional = true;
        text.remove_prefix(1);
    }
    const auto at = text.find('@');
    reference.name = text.substr(0, at);
    if (!valid_secret_name(reference.name)) {
        return std::nullopt;
    }
    if (at == std::string_view::npos) {
        return reference;
    }
    const std::string_view version = text.substr(at + 1);
    if (version == "previous") {
        reference.is_previous = true;
        return reference;
    }
    const auto number = parse_version(version);
    if (!number) {
        return std::nullopt;
    }
    reference.version = *number;
    return reference;
}

}  // namespace quantconf::schema
