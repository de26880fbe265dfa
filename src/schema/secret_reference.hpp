#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quantconf::schema {

inline constexpr std::string_view kSecretPrefix = "SECURE:";
/// In front of a text that happens to begin with the prefix: SECURE::x means the text SECURE:x.
inline constexpr std::string_view kSecretEscape = "SECURE::";

/// `SECURE:[?]NAME[@N|@previous]`: which secret of the store is meant.
struct SecretReference {
    std::string_view name;
    bool is_optional = false;  ///< With the question mark: the program can do without.
    bool is_previous = false;
    std::uint32_t version = 0;  ///< 0: the current one.
};

/// `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`.
[[nodiscard]] bool valid_secret_name(std::string_view name) noexcept;

/// The whole text as a reference; nothing if it is not exactly one.
[[nodiscard]] std::optional<SecretReference> parse_secret_reference(std::string_view text) noexcept;

}  // namespace quantconf::schema
