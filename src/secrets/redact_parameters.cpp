#include "secrets/redact_parameters.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/secret_lines.hpp"
#include "base/text.hpp"

namespace quantconf::secrets {
namespace {

/// Names that are too short or too common to look secret in a configuration, but are in a request.
constexpr std::array<std::string_view, 10> kRequestNames = {
    "key", "appid", "sig", "signature", "auth", "pass", "code", "otp", "cookie", "set-cookie"};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/// In a request "code" buys a token; in the body of an answer it says what is wrong.
bool is_secret_name(std::string_view name, char delimiter) {
    const std::string lower = ascii_lower(name);
    return looks_secret(name) || (std::ranges::find(kRequestNames, lower) != kRequestNames.end() &&
                                  (lower != "code" || delimiter == '='));
}

/// Where the string ends whose opening quote stands before `at`; at the quote itself.
std::size_t end_of_string(std::string_view text, std::size_t at, char quote) {
    while (at < text.size() && text[at] != quote) {
        at += text[at] == '\\' ? 2U : 1U;
    }
    return std::min(at, text.size());
}

/// The value that begins at `at`, behind the name and `delimiter`.
TextRange value_at(std::string_view text, std::size_t at, char delimiter, bool name_is_quoted) {
    while (at < text.size() && is_blank(text[at])) {
        ++at;
    }
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
        return {at + 1, end_of_string(text, at + 1, text[at])};
    }
    // A header's value is the rest of its line; a JSON value and a parameter end earlier.
    const std::string_view ends = delimiter == ':' && !name_is_quoted ? "\r\n\"" : "&;#,}] \t\r\n\"'";
    return {at, std::min(text.find_first_of(ends, at), text.size())};
}

/// "//user:password@": the range of the password, or an empty one.
TextRange password_of_url(std::string_view text, std::size_t slashes) {
    const std::size_t begin = slashes + 2;
    const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"'<>", begin), text.size());
    const std::string_view authority = text.substr(begin, end - begin);
    const std::size_t at = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (at == std::string_view::npos) {
        return {};
    }
    // Without a colon the user itself may be a token.
    return {colon < at ? begin + colon + 1 : begin, begin + at};
}

}  // namespace

std::vector<TextRange> secret_parameters(std::string_view text) {
    std::vector<TextRange> ranges;
    std::size_t at = 0;
    const auto hide = [&](TextRange range) {
        if (range.end > range.begin) {
            ranges.push_back(range);
            at = range.end;
        }
    };
    while (at < text.size()) {
        if (text.substr(at).starts_with("//")) {
            const TextRange password = password_of_url(text, at);
            at += 2;
            hide(password);
            continue;
        }
        if (!is_name_character(text[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        while (at < text.size() && is_name_character(text[at])) {
            ++at;
        }
        const std::string_view name = text.substr(begin, at - begin);
        std::size_t next = at;
        // In a JSON text inside a JSON text, quotes are escaped.
        const bool is_quoted = next < text.size() && (text[next] == '"' || text[next] == '\'');
        next += is_quoted ? 1U : 0U;
        while (next < text.size() && is_blank(text[next])) {
            ++next;
        }
        const bool has_delimiter = next < text.size() && (text[next] == '=' || text[next] == ':');
        if (has_delimiter && !text.substr(next + 1).starts_with("//") && is_secret_name(name, text[next])) {
            hide(value_at(text, next + 1, text[next], is_quoted));
        }
    }
    return ranges;
}

}  // namespace quantconf::secrets
