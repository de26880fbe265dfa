#include "sources/reason.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace quantconf::sources {
namespace {

// What is behind it is never shown; a secret that begins before it is still found as a whole.
constexpr std::size_t kLookedAt = std::size_t{16} * 1024;
constexpr std::size_t kRunMin = 10;    // Of letters and digits together: "error401" and "4o" are no keys.
constexpr std::size_t kTokenMin = 14;  // Shorter mixtures are names of models and the like.
constexpr std::size_t kWordMax =
    22;  // "unsupportedCountryRegion"-like words without a digit go on for longer.

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_token_byte(char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '+' || c == '=' ||
           c == '~';
}

/// The longest run of letters and digits that has both.
std::size_t longest_mixed_run(std::string_view token) {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < token.size();) {
        std::size_t end = at;
        bool has_letter = false;
        bool has_digit = false;
        while (end < token.size() && (is_letter(token[end]) || is_digit(token[end]))) {
            has_letter = has_letter || is_letter(token[end]);
            has_digit = has_digit || is_digit(token[end]);
            ++end;
        }
        if (has_letter && has_digit) {
            longest = std::max(longest, end - at);
        }
        at = end + 1;
    }
    return longest;
}

bool is_starred_inside(std::string_view token) {
    const auto is_plain = [](char c) { return is_letter(c) || is_digit(c); };
    const auto* const first = std::ranges::find_if(token, is_plain);
    const auto last = std::find_if(token.rbegin(), token.rend(), is_plain);
    return first != token.end() && std::find(first, last.base(), '*') != last.base();
}

/// "ABCDEFGHIJKLMNOPQ": capitals without an underscore, or letters in both cases, longer than any word.
bool is_senseless(std::string_view token) {
    const bool is_plain = std::ranges::all_of(token, is_letter);
    const bool is_capital =
        is_plain && std::ranges::all_of(token, [](char c) { return c >= 'A' && c <= 'Z'; });
    return (is_capital && token.size() > 15) || (is_plain && token.size() > kWordMax);
}

bool looks_like_a_key(std::string_view token) {
    if (is_starred_inside(token) || is_senseless(token)) {
        return true;
    }
    if (token.size() >= 2 * kTokenMin && std::ranges::all_of(token, is_digit)) {
        return true;
    }
    return token.size() >= kTokenMin && longest_mixed_run(token) >= kRunMin;
}

/// Whether the text before a token says that a key follows.
bool announces_key(std::string_view before) {
    constexpr auto kAnnouncements = std::to_array<std::string_view>(
        {"key as", "key provided", "token provided", "key is:", "apikey as", "key:",   "token:",
         "key =",  "apikey=",      "token=",         "key=",    "secret:",   "key \"", "key '",
         "key `",  "token \"",     "token '",        "key (",   "token (",   "key <"});
    const std::string tail =
        ascii_lower(before.substr(before.size() - std::min<std::size_t>(before.size(), 40)));
    std::string_view end = tail;
    // "Incorrect API key provided: sk-...", "API key as `...`".
    const auto trim = [&](std::string_view what) {
        while (!end.empty() && what.contains(end.back())) {
            end.remove_suffix(1);
        }
    };
    if (std::ranges::any_of(kAnnouncements, [&](std::string_view one) { return end.ends_with(one); })) {
        return true;
    }
    trim(" :\"'`<([=");
    return std::ranges::any_of(
               std::to_array<std::string_view>({"key as", "key provided", "token provided", "keys as"}),
               [&](std::string_view one) { return end.ends_with(one); }) ||
           (before.ends_with(": ") && (end.ends_with("key") || end.ends_with("token")));
}

bool is_shown(const Character& character) {
    return character.is_valid && is_visible(character.code_point) && character.code_point != 0xFFFE &&
           character.code_point != 0xFFFF;
}

/// One line of visible characters; every run of anything else is one space.
std::string one_line(std::string_view text) {
    std::string result;
    bool is_gap = false;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        const std::string_view bytes = text.substr(at, character.length);
        at += std::max<std::size_t>(character.length, 1);
        if (!is_shown(character) || bytes == " ") {
            is_gap = true;
            continue;
        }
        if (is_gap && !result.empty()) {
            result += ' ';
        }
        is_gap = false;
        result += bytes;
    }
    return result;
}

std::string cut(std::string text, std::size_t most = kReasonMax) {
    std::size_t at = 0;
    std::size_t last = 0;
    for (std::size_t count = 0; at < text.size(); ++count) {
        if (count == most) {
            text.resize(last);
            return text + "…";
        }
        last = at;
        at += std::max<std::size_t>(character_at(text, at).length, 1);
    }
    return text;
}

/// Sentences before codes, and what is called a message before the rest.
int rank_of(const Facts::Fact& fact) {
    if (!fact.text.contains(' ')) {
        const bool is_address = fact.text.contains(':');  // RFC 9457: the type of a problem, "about:blank".
        return fact.type == Facts::Type::Text && !is_address ? 1 : 0;
    }
    const bool is_message = fact.path.contains("message") || fact.path.contains("description");
    return is_message ? 3 : 2;
}

}  // namespace

std::string without_likely_keys(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_token_byte(text[at])) {
            result += text[at];
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && is_token_byte(text[end])) {
            ++end;
        }
        // An announced key ends with the word, whatever it is made of.
        const bool is_announced = announces_key(text.substr(0, at));
        while (is_announced && end < text.size() &&
               !std::string_view{" \t\r\n\"'`<>,;)"}.contains(text[end])) {
            ++end;
        }
        const std::string_view token = text.substr(at, end - at);
        if (is_announced || looks_like_a_key(token)) {
            result += secrets::kRedacted;
        } else {
            result += token;
        }
        at = end;
    }
    return result;
}

std::string shown_reason(std::string_view text, const secrets::Redactor& redactor) {
    const std::string known = redactor.redacted(text.substr(0, kLookedAt));
    // Once more on the line: what was removed may have stood inside a key.
    const std::string line = redactor.redacted(one_line(known));
    return cut(without_likely_keys(line));
}

std::string with_note(std::string reason, std::string_view note) {
    constexpr std::string_view kBetween = "; ";
    if (reason.empty()) {
        return std::string{note};
    }
    QC_ASSERT(note.size() + kBetween.size() < kReasonMax);
    std::string result = cut(std::move(reason), kReasonMax - note.size() - kBetween.size());
    return result.append(kBetween).append(note);
}

std::string_view best_words(const Facts& facts) {
    const Facts::Fact* best = nullptr;
    for (const Facts::Fact& fact : facts.facts) {
        if (fact.is_words && !fact.text.empty() && (best == nullptr || rank_of(fact) > rank_of(*best))) {
            best = &fact;
        }
    }
    return best == nullptr || rank_of(*best) == 0 ? std::string_view{} : std::string_view{best->text};
}

}  // namespace quantconf::sources
