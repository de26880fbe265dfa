#include "base/text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace quantconf {
namespace {

constexpr std::size_t kSuggestionsMax = 3;
constexpr std::size_t kListedMax = 100;  // An enum of a schema file can have a million names.
constexpr std::size_t kQuotedCodePointsMax = 60;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::size_t difference(std::size_t a, std::size_t b) {
    return a < b ? b - a : a - b;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the usual table: a transposition looks back two of them.
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before_last, last);
        std::swap(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
    if (word.empty()) {
        return {};
    }
    const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
    std::vector<std::pair<std::size_t, std::string_view>> found;
    for (const std::string& candidate : candidates) {
        if (difference(word.size(), candidate.size()) > limit) {
            continue;
        }
        const std::size_t distance = edit_distance(word, candidate);
        if (distance <= limit) {
            found.emplace_back(distance, candidate);
        }
    }
    std::ranges::stable_sort(found, {}, &std::pair<std::size_t, std::string_view>::first);
    std::vector<std::string> best;
    for (const auto& [distance, candidate] : found) {
        if (best.size() < kSuggestionsMax && std::ranges::find(best, candidate) == best.end()) {
            best.emplace_back(candidate);
        }
    }
    return best;
}

std::string join_or(std::span<const std::string> words) {
    const bool is_cut = words.size() > kListedMax;
    const std::size_t listed = is_cut ? kListedMax : words.size();
    std::string text;
    for (std::size_t i = 0; i < listed; ++i) {
        if (i > 0) {
            text += i + 1 == words.size() ? " or " : ", ";
        }
        text += words[i];
    }
    return is_cut ? fmt::format("{} or one of {} more", text, words.size() - listed) : text;
}

std::string did_you_mean(std::span<const std::string> suggestions) {
    return suggestions.empty() ? std::string{} : fmt::format("did you mean {}?", join_or(suggestions));
}

std::string ascii_lower(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

std::string ascii_upper(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(), upper);
    return result;
}

std::string Quoted::operator()(std::string_view text) const {
    std::size_t end = 0;
    for (std::size_t count = 0; count < kQuotedCodePointsMax && end < text.size(); ++count) {
        end += character_at(text, end).length;
    }
    std::string body;
    for (std::size_t at = 0; at < end;) {
        const Character character = character_at(text, at);
        if (text[at] == '"' || text[at] == '\\') {
            body += '\\';
        }
        body += escaped(text.substr(at, character.length));
        at += character.length;
    }
    return fmt::format("\"{}\"{}", body, end < text.size() ? "…" : "");
}

}  // namespace quantconf
