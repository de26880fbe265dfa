#include "schema/json_schema_patterns.hpp"

#include <vector>

#include <fmt/format.h>

#include "schema/json_schema_bounds.hpp"

namespace quantconf::schema {

namespace {

constexpr std::string_view kAnyBefore = "(?s:.*)(?:";
constexpr std::string_view kAnyAfter = ")(?s:.*)";

constexpr std::string_view kSecretReference =
    R"(SECURE:\??[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?:@(?:[1-9][0-9]*|previous))?$)";

/// Units from the largest to the smallest, each at most once and one at least.
std::string duration_pattern(const Field& field) {
    std::string pattern = allows_negative(field) ? "^-?(?=[0-9])" : "^(?=[0-9])";
    for (const std::string_view unit : {"d", "h", "m", "s", "ms", "us", "ns"}) {
        pattern += fmt::format(R"((?:[0-9]+(?:\.[0-9]+)?{})?)", unit);
    }
    return pattern + "$";
}

std::string url_pattern(const Field& field) {
    const std::vector<std::string> usual = {"http", "https"};
    std::string alternatives;
    for (const std::string& scheme : field.options.schemes.empty() ? usual : field.options.schemes) {
        alternatives += alternatives.empty() ? "" : "|";
        for (const char c : scheme) {
            alternatives += c == '+' || c == '.' ? std::string{'\\', c} : std::string{c};
        }
    }
    return fmt::format(R"(^(?:{})://[^\s/?#@]+(?:[/?#][A-Za-z0-9._~!$&'()*+,;=:@/?#%-]*)?$)", alternatives);
}

/// DNS name whose last label is not a number, or IPv4 address, or an IPv6 address with or without brackets.
std::string host_pattern() {
    constexpr std::string_view label = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    constexpr std::string_view octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    constexpr std::string_view ipv6 = "[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*";
    return fmt::format(R"(^(?:(?:{0}\.)*(?![0-9]+\.?$|0[xX]){0}\.?|(?:{1}\.){{3}}{1}|{2}|\[{2}\])$)", label,
                       octet, ipv6);
}

std::string secret_pattern(const Field& field) {
    if (field.options.allow_plain_text) {
        return fmt::format("^(?:(?!SECURE:)|SECURE::|{})", kSecretReference);
    }
    return fmt::format("^{}", kSecretReference);
}

/// The position of the ] that ends the character class at `begin`. A ] that comes first in it is a literal.
std::size_t end_of_class(std::string_view pattern, std::size_t begin) {
    const std::size_t first = begin + (pattern.substr(begin + 1).starts_with('^') ? 2 : 1);
    for (std::size_t i = first; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (pattern[i] == ']' && i > first) {
            return i;
        }
    }
    return pattern.size();
}

/// Whether an alternative a|b stands outside of all groups, so that it would swallow an anchor beside it.
bool has_open_alternative(std::string_view pattern) {
    int depth = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        switch (pattern[i]) {
            case '\\':
                ++i;
                break;
            case '[':
                i = end_of_class(pattern, i);
                break;
            case '(':
                ++depth;
                break;
            case ')':
                --depth;
                break;
            case '|':
                if (depth == 0) {
                    return true;
                }
                break;
            default:
                break;
        }
    }
    return false;
}

/// ^...$ around the whole pattern. An escaped \$ at the end is a dollar sign, not an anchor.
bool is_anchored(std::string_view pattern) {
    if (!pattern.starts_with('^') || !pattern.ends_with('$') || has_open_alternative(pattern)) {
        return false;
    }
    const std::size_t last = pattern.find_last_not_of('\\', pattern.size() - 2);
    const std::size_t backslashes = pattern.size() - 2 - last;
    return backslashes % 2 == 0;
}

}  // namespace

std::string syntax_pattern(const Field& field) {
    switch (field.type) {
        case Type::Duration:
            return duration_pattern(field);
        case Type::Size:
            return R"(^[0-9]+(?:\.[0-9]+)?(?:B|[kMGT]B|[KMGT]iB)$)";
        case Type::Url:
            return url_pattern(field);
        case Type::Host:
            return host_pattern();
        case Type::TimeZone:
            return "^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*$";
        case Type::Secret:
            return secret_pattern(field);
        default:
            return {};
    }
}

std::string to_search(std::string_view whole_match) {
    if (whole_match.starts_with(kAnyBefore) && whole_match.ends_with(kAnyAfter)) {
        whole_match.remove_prefix(kAnyBefore.size());
        whole_match.remove_suffix(kAnyAfter.size());
        return std::string{whole_match};
    }
    if (is_anchored(whole_match)) {
        return std::string{whole_match};
    }
    return has_open_alternative(whole_match) ? fmt::format("^(?:{})$", whole_match)
                                             : fmt::format("^{}$", whole_match);
}

std::string to_whole_match(std::string_view search) {
    if (is_anchored(search)) {
        return std::string{search.substr(1, search.size() - 2)};
    }
    return fmt::format("{}{}{}", kAnyBefore, search, kAnyAfter);
}

}  // namespace quantconf::schema
