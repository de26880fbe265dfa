#include "schema/scalar_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/diagnostic_report.hpp"
#include "base/text.hpp"
#include "schema/url.hpp"

namespace quantconf::schema {

namespace {

bool holds_credentials(const Scalar& scalar) {
    const bool is_address = scalar.field.type == Type::Url || scalar.field.type == Type::Host;
    return may_hold_credentials(scalar.text()) || (is_address && scalar.text().contains('@'));
}

/// Numbers, words and paths read better without quotes.
bool is_simple(std::string_view text) {
    constexpr std::size_t kSimpleMax = 60;
    static constexpr std::string_view kMarks = "+-._:/%~,";
    return !text.empty() && text.size() <= kSimpleMax && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kMarks.contains(c);
    });
}

/// The bytes in the source, without the quotes around them.
std::string_view written_text(const value::Node& node) {
    if (node.source == nullptr) {
        return {};
    }
    const std::string_view source = node.source->text();
    const std::size_t begin = std::min<std::size_t>(node.begin, source.size());
    const std::size_t end = std::clamp<std::size_t>(node.end, begin, source.size());
    std::string_view text = source.substr(begin, end - begin);
    if (node.is_quoted() && text.size() >= 2) {
        text = text.substr(1, text.size() - 2);
    }
    return text;
}

}  // namespace

bool may_quote(const Scalar& scalar) {
    return scalar.field.type != Type::Secret && !scalar.node.is_interpolated && !holds_credentials(scalar);
}

void conceal(const Scalar& scalar) {
    const value::Node& node = scalar.node;
    if (node.source != nullptr && node.begin < node.end) {
        scalar.typing.secrets.push_back({.source = node.source, .begin = node.begin, .end = node.end});
    }
}

std::string found_text(const Scalar& scalar) {
    if (scalar.field.type == Type::Secret) {
        conceal(scalar);
        return "a text that is not shown";
    }
    if (holds_credentials(scalar)) {
        conceal(scalar);
        return "a text with a user name or password in it";
    }
    const std::string_view text = scalar.node.is_interpolated ? written_text(scalar.node) : scalar.text();
    if (text.empty()) {
        return "an empty text";
    }
    return is_simple(text) && !scalar.node.is_quoted() ? std::string{text} : quoted(text);
}

Diagnostic& report(const Scalar& scalar, Severity severity, Code code, std::string message,
                   std::string hint) {
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.code = code;
    diagnostic.path = scalar.path;
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    diagnostic.origin = scalar.node.origin();
    make_room(scalar.typing.diagnostics);
    return scalar.typing.diagnostics.emplace_back(std::move(diagnostic));
}

Value refuse(const Scalar& scalar, Refusal refusal) {
    if (refusal.found.empty()) {
        refusal.found = found_text(scalar);
    }
    Diagnostic& diagnostic = report(scalar, Severity::Error, refusal.code,
                                    fmt::format("expected {}, found {}", refusal.expected, refusal.found),
                                    std::move(refusal.hint));
    diagnostic.expected = std::move(refusal.expected);
    diagnostic.found = std::move(refusal.found);
    return Value::invalid(&scalar.node);
}

std::string suggestion(const Scalar& scalar, std::span<const std::string> candidates) {
    constexpr std::size_t kWordMax = 64;           // Longer than any name that we know.
    constexpr std::size_t kSuggestionsMax = 1000;  // A report shows a hundred diagnostics.
    if (scalar.text().size() > kWordMax || scalar.typing.diagnostics.size() > kSuggestionsMax) {
        return {};
    }
    return did_you_mean(nearest(scalar.text(), candidates));
}

}  // namespace quantconf::schema
