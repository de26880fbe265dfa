#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace quantconf::app {

/// What is wrong with the text of one option; empty if nothing is. None of them repeats the text where it may
/// be a key that was pasted in the wrong place.

/// For a count that fits an int; `what` is what was expected.
[[nodiscard]] std::string not_a_number(std::string_view what, const std::string& text);

/// "30s"; nothing if it is no duration, or one that nobody would wait for.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_timeout(std::string_view text);
[[nodiscard]] std::string not_a_timeout(const std::string& text);

/// `--env "$NAME"` with NAME unset must not silently mean the default environment.
[[nodiscard]] std::string not_empty(const std::string& text);

/// For the name of a file or folder.
[[nodiscard]] std::string not_a_path(const std::string& text);

}  // namespace quantconf::app
