#include <array>

#include <fmt/format.h>

#include "base/catalogue.hpp"
#include "base/diagnostic_report.hpp"
#include "base/utf8.hpp"

namespace quantconf {
namespace {

/// Percent-encodes what would end a command or a property of it.
std::string encoded(std::string_view text, std::string_view special) {
    std::string result;
    for (const char c : text) {
        if (special.contains(c)) {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        } else {
            result.push_back(c);
        }
    }
    return result;
}

std::string as_property(std::string_view text) {
    return encoded(escaped(text), "%\r\n:,");
}

std::string as_data(std::string_view text) {
    return encoded(text, "%\r\n");
}

/// Variables and options have no file to annotate: their name opens the message.
std::string place(const Origin& origin) {
    if (origin.source == nullptr || origin.source->kind() != Source::Kind::File) {
        return {};
    }
    const Position position = origin.position();
    return fmt::format("file={},line={},col={},", as_property(origin.source->name()), position.line,
                       position.column);
}

std::string message(const Diagnostic& diagnostic) {
    std::string text;
    if (diagnostic.origin.source != nullptr && diagnostic.origin.source->kind() != Source::Kind::File) {
        text += location_of(diagnostic.origin) + ": ";
    }
    if (!diagnostic.path.empty()) {
        text += escaped(diagnostic.path) + ": ";
    }
    text += escaped(diagnostic.message);
    if (!diagnostic.hint.empty()) {
        text += "\nhint: " + escaped(diagnostic.hint);
    }
    return as_data(text);
}

}  // namespace

std::string to_github(const Diagnostics& diagnostics) {
    static constexpr std::array<std::string_view, 3> kCommands = {"error", "warning", "notice"};
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        const std::string code = to_string(diagnostic.code);
        const CatalogueEntry* entry = find_in_catalogue(code);
        const std::string title = entry == nullptr ? code : fmt::format("{} {}", code, entry->name);
        text +=
            fmt::format("::{} {}title={}::{}\n", kCommands.at(static_cast<std::size_t>(diagnostic.severity)),
                        place(diagnostic.origin), as_property(title), message(diagnostic));
    }
    return text;
}

}  // namespace quantconf
