#include "sources/condition.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "schema/pattern.hpp"

namespace quantconf::sources {
namespace {

constexpr int kSuccessFrom = 200;
constexpr int kRedirectFrom = 300;
constexpr int kErrorFrom = 400;
constexpr int kProxyLogin = 407;  // RFC 9110, section 15.5.8.
constexpr int kServerErrorFrom = 500;
constexpr int kStatusEnd = 600;

/// "apiKey*" matches whatever begins so. Both lower case.
bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.ends_with('*')) {
        return text.starts_with(pattern.substr(0, pattern.size() - 1));
    }
    return text == pattern;
}

bool fits_any(const std::vector<std::string>& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [&](const std::string& one) { return fits(one, text); });
}

bool has_any_name(const std::vector<std::string>& patterns, const Facts& facts) {
    return std::ranges::any_of(facts.names,
                               [&](const std::string& name) { return fits_any(patterns, name); });
}

bool contains_any(std::string_view text, const std::vector<std::string>& parts) {
    return std::ranges::any_of(parts, [&](const std::string& part) { return text.contains(part); });
}

bool has_field(const std::string& path, const std::vector<std::string>& equals, const Facts& facts) {
    return std::ranges::any_of(facts.facts, [&](const Facts::Fact& fact) {
        return fact.path == path && (equals.empty() || fits_any(equals, ascii_lower(fact.text)));
    });
}

bool is_of_kind(BodyKind kind, const Facts& facts) {
    if (kind == BodyKind::EmptyObject || kind == BodyKind::EmptyArray) {
        const BodyKind whole = kind == BodyKind::EmptyObject ? BodyKind::Object : BodyKind::Array;
        return facts.kind == whole && !facts.has_children;
    }
    return facts.kind == kind;
}

bool has_header(const Condition& condition, const net::Response& answer) {
    return std::ranges::any_of(answer.headers, [&](const net::Header& header) {
        return header.name == *condition.header &&
               (condition.header_has.empty() ||
                contains_any(ascii_lower(header.value), condition.header_has));
    });
}

bool body_holds(const Condition& condition, const Seen& seen) {
    if (!condition.kinds.empty() &&
        std::ranges::none_of(condition.kinds, [&](BodyKind kind) { return is_of_kind(kind, seen.facts); })) {
        return false;
    }
    return (!condition.field || has_field(*condition.field, condition.equals, seen.facts)) &&
           (condition.has.empty() || has_any_name(condition.has, seen.facts)) &&
           !has_any_name(condition.lacks, seen.facts);
}

bool matches(std::span<const std::string> patterns, std::string_view words) {
    return schema::matches_pattern(any_of_pattern(patterns), words);
}

bool texts_hold(const Condition& condition, const Seen& seen) {
    if (!condition.raw.empty() && !contains_any(seen.raw, condition.raw)) {
        return false;
    }
    if (!condition.texts.empty() && !matches(condition.texts, seen.words)) {
        return false;
    }
    if (!condition.unless_texts.empty() && matches(condition.unless_texts, seen.words)) {
        return false;
    }
    return std::ranges::all_of(condition.all_texts, [&](const std::string& pattern) {
        return matches({&pattern, 1}, seen.words);
    });
}

bool request_holds(const Condition& condition, const Asked& asked) {
    return (!condition.url_has || ascii_lower(asked.path).contains(*condition.url_has)) &&
           (!condition.is_token_request || *condition.is_token_request == asked.is_token_request) &&
           (!condition.younger_than || (asked.key_age && *asked.key_age < *condition.younger_than));
}

/// A status that the body states as a number or as its text, if it is an error.
std::optional<int> error_status(std::string_view text) {
    int status = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), status);
    const bool is_number = problem == std::errc{} && end == text.data() + text.size();
    return is_number && status >= kErrorFrom && status < kStatusEnd ? std::optional{status} : std::nullopt;
}

/// Redirects, failed servers and the login of a proxy are not the provider speaking: there, what the body
/// says of a status is not believed.
bool is_from_the_provider(int http_status) {
    const bool is_success = http_status >= kSuccessFrom && http_status < kRedirectFrom;
    const bool is_refusal = http_status >= kErrorFrom && http_status < kServerErrorFrom;
    return is_success || (is_refusal && http_status != kProxyLogin);
}

int status_of(const Source& source, const Facts& facts, int http_status) {
    if (!is_from_the_provider(http_status)) {
        return http_status;
    }
    for (const Facts::Fact& fact : facts.facts) {
        if (std::ranges::find(source.body_status, fact.path) != source.body_status.end()) {
            if (const auto status = error_status(fact.text)) {
                return *status;
            }
        }
    }
    return http_status;
}

bool is_apostrophe(std::string_view rest) {
    return rest.starts_with('\'') || rest.starts_with("\xE2\x80\x99") || rest.starts_with("\xE2\x80\x98");
}

}  // namespace

std::string normalised(std::string_view text) {
    std::string result;
    bool is_gap = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            if (is_gap && !result.empty()) {
                result += ' ';
            }
            is_gap = false;
            result += is_upper ? static_cast<char>(c | 0x20) : c;
        } else if (is_apostrophe(text.substr(at))) {
            at += c == '\'' ? 0U : 2U;
        } else {
            is_gap = true;
        }
    }
    return result;
}

std::string any_of_pattern(std::span<const std::string> patterns) {
    std::string result = "(?s:.*)(?:";
    for (const std::string& pattern : patterns) {
        result += result.ends_with("(?:") ? "" : "|";
        result += pattern;
    }
    return result + ")(?s:.*)";
}

Seen see(const Source& source, const Asked& asked, const net::Response& answer) {
    Seen seen{.answer = answer, .asked = asked, .facts = look_at(answer.body)};
    seen.status = status_of(source, seen.facts, answer.status);
    seen.raw = ascii_lower(std::string_view{answer.body}.substr(0, kRawBytesMax));
    for (const Facts::Fact& fact : seen.facts.facts) {
        if (fact.is_words) {
            seen.words += seen.words.empty() ? "" : "\n";
            seen.words += normalised(fact.text);
        }
    }
    return seen;
}

bool holds(const Condition& condition, const Seen& seen) {
    return (condition.statuses.empty() ||
            std::ranges::find(condition.statuses, seen.status) != condition.statuses.end()) &&
           (!condition.header || has_header(condition, seen.answer)) &&
           request_holds(condition, seen.asked) && body_holds(condition, seen) && texts_hold(condition, seen);
}

}  // namespace quantconf::sources
