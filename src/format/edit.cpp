#include "format/edit.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "format/edit_check.hpp"
#include "format/edit_layout.hpp"
#include "format/edit_planner.hpp"
#include "format/edit_wishes.hpp"
#include "format/parse.hpp"

namespace quantconf::format {
namespace {

Parsed parse(const std::shared_ptr<Source>& source, Syntax syntax) {
    return syntax == Syntax::Json ? parse_json(source) : parse_yaml(source);
}

std::string first_error(const Diagnostics& diagnostics) {
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            return diagnostic.message;
        }
    }
    return "it has no sections";
}

/// Parses the result and compares. Nothing if it is as wished, else what is wrong, without a word of the
/// text: it may hold anything.
std::optional<std::string> fault_of(const std::string& text, const Source& old, const value::Node& root,
                                    const Wish& wishes, Syntax syntax) {
    const Parsed parsed = parse(Source::make(Source::Kind::File, old.layer(), old.name(), text), syntax);
    if (parsed.document == nullptr || has_errors(parsed.diagnostics)) {
        return fmt::format("the edited file would be wrong: {}", first_error(parsed.diagnostics));
    }
    if (!is_as_wished(root, parsed.document->root, wishes)) {
        return "the edited file would not say what was asked for";
    }
    return std::nullopt;
}

/// The text with its changes, if that is right.
std::optional<std::string> apply(const Changes& changes, const Lines& lines, const Source& source,
                                 const value::Node& root, const Wish& wishes, Syntax syntax, Report& report) {
    std::string text = changes.apply(lines.text());
    std::optional<std::string> fault;
    if (lines.text().size() != source.text().size() && text.ends_with(lines.newline())) {
        // A file whose last line is open stays so, unless what is last now is a text that would become
        // another.
        std::string open = text.substr(0, text.size() - lines.newline().size());
        if (!fault_of(open, source, root, wishes, syntax)) {
            return open;
        }
    }
    if (!(fault = fault_of(text, source, root, wishes, syntax))) {
        return text;
    }
    report.add({.code = Code::EditRefused,
                .message = *std::move(fault),
                .hint = "change this place by hand",
                .origin = report.at(0, 0)});
    return std::nullopt;
}

}  // namespace

Checked<std::string> edit(const std::shared_ptr<Source>& source, std::span<const Edit> edits) {
    const Syntax syntax = source->name().ends_with(".json") ? Syntax::Json : Syntax::Yaml;
    Parsed parsed = parse(source, syntax);
    if (parsed.document == nullptr || has_errors(parsed.diagnostics)) {
        return std::unexpected{std::move(parsed.diagnostics)};
    }
    const value::Node& root = parsed.document->root;
    Report report{source};
    Wish wishes;
    if (!read_wishes(edits, syntax, wishes, report)) {
        return std::unexpected{report.take(true)};
    }
    // Every line is planned with a line ending, the last one too.
    std::string text{source->text()};
    if (const Lines written{source->text()}; written.is_open()) {
        text += written.newline();
    }
    const Lines lines{text};
    Layout layout = syntax == Syntax::Json ? json_layout(root, wishes) : yaml_layout(source, wishes);
    layout.end = layout.end == source->text().size() ? static_cast<std::uint32_t>(text.size()) : layout.end;
    Planner planner{layout, text, syntax, report};
    planner.plan(root, wishes);
    if (report.has_errors()) {
        return std::unexpected{report.take(true)};
    }
    if (planner.changes().empty()) {
        return std::string{source->text()};
    }
    if (auto result = apply(planner.changes(), lines, *source, root, wishes, syntax, report)) {
        return *std::move(result);
    }
    return std::unexpected{report.take(true)};
}

}  // namespace quantconf::format
