#include "schema/json_schema_reading.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/diagnostic_report.hpp"
#include "base/text.hpp"

namespace quantconf::schema {

namespace {

std::string describe(const value::Node& node) {
    switch (node.kind) {
        case value::NodeKind::List:
            return "a list";
        case value::NodeKind::Map:
            return "a mapping";
        case value::NodeKind::Scalar:
            break;
    }
    constexpr std::size_t kNumberMax = 60;  // A million digits help nobody.
    const std::string_view text = node.scalar();
    return node.is_null()                              ? "null"
           : is_text(node) || text.size() > kNumberMax ? quoted(text)
                                                       : std::string{text};
}

}  // namespace

void Reading::wrong(const Origin& origin, std::string_view path, std::string message, std::string hint) {
    Diagnostic diagnostic;
    diagnostic.code = Code::BadSchema;
    diagnostic.path = path;
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    diagnostic.origin = origin;
    make_room(diagnostics_);
    diagnostics_.push_back(std::move(diagnostic));
}

void Reading::unexpected(const value::Node& node, std::string_view path, std::string_view what,
                         std::string_view expected) {
    const std::string found = describe(node);
    wrong(node.origin(), path, fmt::format("{}: expected {}, found {}", what, expected, found));
    diagnostics_.back().expected = expected;
    diagnostics_.back().found = found;
}

void Reading::unknown(const Origin& origin, std::string_view path, std::string_view kind_of_word,
                      std::string_view word, const std::vector<std::string>& known) {
    const auto suggestions = nearest(word, known);
    wrong(origin, path, fmt::format("{} {} is not supported", kind_of_word, quoted(word)),
          suggestions.empty()
              ? "docs/schema.md lists what is; nothing is skipped, because a skipped rule is a "
                "limit that is not kept"
              : did_you_mean(suggestions));
    diagnostics_.back().code = Code::UnknownSchemaKeyword;
}

std::optional<std::string> Reading::text(const value::Node& node, std::string_view path,
                                         std::string_view what) {
    if (!is_text(node)) {
        unexpected(node, path, what, "a text");
        return std::nullopt;
    }
    return std::string{node.scalar()};
}

std::vector<std::string> Reading::texts(const value::Node& node, std::string_view path,
                                        std::string_view what) {
    std::vector<std::string> result;
    if (!is_list(node, path, what)) {
        return result;
    }
    if (node.list().size() > kTextsMax) {
        wrong(node.origin(), path, fmt::format("{}: expected at most {} texts, found more", what, kTextsMax));
        return result;
    }
    for (const value::Node& item : node.list()) {
        if (auto word = text(item, path, what)) {
            result.push_back(*std::move(word));
        }
    }
    return result;
}

bool Reading::flag(const value::Node& node, std::string_view path, std::string_view what) {
    const bool is_plain = node.kind == value::NodeKind::Scalar && !node.is_quoted();
    if (!is_plain || (node.scalar() != "true" && node.scalar() != "false")) {
        unexpected(node, path, what, "true or false");
        return false;
    }
    return node.scalar() == "true";
}

std::optional<std::uint32_t> Reading::count(const value::Node& node, std::string_view path,
                                            std::string_view what) {
    std::uint32_t number = 0;
    if (node.kind == value::NodeKind::Scalar && !node.is_quoted()) {
        const std::string_view digits = node.scalar();
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error == std::errc{} && end == digits.data() + digits.size()) {
            return number;
        }
    }
    unexpected(node, path, what, "a whole number of at least 0");
    return std::nullopt;
}

std::vector<Environment> Reading::environments(const value::Node& node, std::string_view path,
                                               std::string_view what) {
    std::vector<Environment> result;
    if (!is_list(node, path, what)) {
        return result;
    }
    for (const value::Node& item : node.list()) {
        if (const auto name = text(item, path, what)) {
            if (const auto known = environment(item.origin(), *name, path)) {
                result.push_back(*known);
            }
        }
    }
    return result;
}

std::optional<Environment> Reading::environment(const Origin& origin, std::string_view name,
                                                std::string_view path) {
    std::vector<std::string> known;
    for (const Environment candidate : kEnvironments) {
        if (name_of(candidate) == name) {
            return candidate;
        }
        known.emplace_back(name_of(candidate));
    }
    wrong(origin, path, fmt::format("expected {}, found {}", join_or(known), quoted(name)),
          did_you_mean(nearest(name, known)));
    return std::nullopt;
}

bool Reading::is_mapping(const value::Node& node, std::string_view path, std::string_view what) {
    if (node.kind != value::NodeKind::Map) {
        unexpected(node, path, what, "a mapping");
        return false;
    }
    return true;
}

bool Reading::is_list(const value::Node& node, std::string_view path, std::string_view what) {
    if (node.kind != value::NodeKind::List) {
        unexpected(node, path, what, "a list");
        return false;
    }
    return true;
}

bool is_text(const value::Node& node) {
    if (node.kind != value::NodeKind::Scalar || node.is_null()) {
        return false;
    }
    if (node.is_quoted()) {
        return true;
    }
    constexpr std::array<std::string_view, 6> kBooleans = {"true", "True", "TRUE", "false", "False", "FALSE"};
    const std::string_view text = node.scalar();
    for (const std::string_view boolean : kBooleans) {
        if (text == boolean) {
            return false;
        }
    }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc::invalid_argument || end != text.data() + text.size();
}

}  // namespace quantconf::schema
