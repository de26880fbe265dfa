#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quantconf/code.hpp"

namespace quantconf::format {

/// Longest key in bytes; libyaml's own limit for a key without `?`, and far beyond any real one.
inline constexpr std::size_t kKeyBytes = 1024;

/// Why a text cannot be a key.
struct KeyFault {
    Code code;
    std::string message;
    std::string hint;
};

/// Keys are looked up, printed and typed by people, so two keys that look alike must be alike: no control,
/// invisible or combining characters, normalised, one script. Dots separate the parts of a path and cannot
/// stand in a key.
[[nodiscard]] std::optional<KeyFault> check_key(std::string_view key);

}  // namespace quantconf::format
