#include "apps/quantconf/wrong_word.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace quantconf::app {

std::string no_such(std::string_view kind, std::string_view word, bool is_like_known) {
    return is_like_known ? fmt::format("there is no {} {}", kind, quoted(word))
                         : fmt::format("there is no such {}", kind);
}

std::string_view name_part(std::string_view word) {
    return word.substr(0, word.find_first_of("=: \t"));
}

bool looks_like_key(std::string_view text) {
    constexpr std::size_t kKeyCharacters = 44;
    static constexpr std::string_view kMarks = "+/-_";
    return text.size() == kKeyCharacters && text.ends_with('=') &&
           std::ranges::all_of(text.substr(0, kKeyCharacters - 1), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      kMarks.contains(c);
           });
}

}  // namespace quantconf::app
