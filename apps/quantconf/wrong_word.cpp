#include "apps/quantconf/wrong_word.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace quantconf::app {
namespace {

/// What other programs call the verbs of `secret`.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOtherWords{{
    {"remove", "rm"},
    {"delete", "rm"},
    {"unset", "rm"},
    {"add", "set"},
    {"put", "set"},
    {"store", "set"},
    {"show", "get"},
    {"read", "get"},
    {"reveal", "get"},
    {"ls", "list"},
}};

}  // namespace

std::string no_such(std::string_view kind, std::string_view word, bool is_like_known) {
    return is_like_known ? fmt::format("there is no {} {}", kind, quoted(word))
                         : fmt::format("there is no such {}", kind);
}

std::string_view name_part(std::string_view word) {
    return word.substr(0, word.find_first_of("=: \t"));
}

std::string meant_instead(const std::string& word, const std::vector<std::string>& words) {
    const auto* other =
        std::ranges::find(kOtherWords, word, &std::pair<std::string_view, std::string_view>::first);
    const bool is_other =
        other != kOtherWords.end() && std::ranges::find(words, other->second) != words.end();
    return is_other ? fmt::format("did you mean {}?", other->second) : did_you_mean(nearest(word, words));
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
