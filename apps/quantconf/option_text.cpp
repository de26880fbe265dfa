#include "apps/quantconf/option_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apps/quantconf/wrong_word.hpp"
#include "value/units.hpp"

namespace quantconf::app {
namespace {

constexpr std::size_t kNumberDigitsMax = 9;  ///< Fits an int.

}  // namespace

std::string not_a_number(std::string_view what, const std::string& text) {
    const bool is_number = !text.empty() && text.size() <= kNumberDigitsMax &&
                           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return is_number ? std::string{} : fmt::format("expected {}", what);
}

std::optional<std::chrono::milliseconds> parse_timeout(std::string_view text) {
    const auto duration = value::parse_duration(text);
    if (!duration || *duration < std::chrono::milliseconds{1} || *duration > std::chrono::hours{1}) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

std::string not_a_timeout(const std::string& text) {
    return parse_timeout(text) ? std::string{}
                               : std::string{"expected a duration from 1ms to 1h, such as 30s"};
}

std::string not_empty(const std::string& text) {
    return text.empty() ? std::string{"expected a value, found an empty text"} : std::string{};
}

std::string not_a_path(const std::string& text) {
    return looks_like_key(text) ? "expected the name of a file, found what looks like a key itself"
                                : not_empty(text);
}

}  // namespace quantconf::app
