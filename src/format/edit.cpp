#include "format/edit.hpp"

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

/// Parses the result and compares. Says nothing of it but where our own check failed: it may hold anything.
bool check_result(const std::string& text, const Source& old, const value::Node& root, const Wish& wishes,
                  Syntax syntax, Report& report) {
    const auto source = Source::make(Source::Kind::File, old.layer(), old.name(), text);
    const Parsed parsed = parse(source, syntax);
    const bool is_valid = parsed.document != nullptr && !has_errors(parsed.diagnostics);
    if (is_valid && is_as_wished(root, parsed.document->root, wishes)) {
        return true;
    }
    report.add({.code = Code::EditRefused,
                .message = is_valid ? "the edited file would not say what was asked for"
                                    : fmt::format("the edited file would be wrong: {}",
                                                  first_error(parsed.diagnostics)),
                .hint = "change this place by hand",
                .origin = report.at(0, 0)});
    return false;
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
    const Layout layout = syntax == Syntax::Json ? json_layout(root, wishes) : yaml_layout(source, wishes);
    Planner planner{layout, source->text(), syntax, report};
    planner.plan(root, wishes);
    if (report.has_errors()) {
        return std::unexpected{report.take(true)};
    }
    std::string text = planner.changes().apply(source->text());
    if (!planner.changes().empty() && !check_result(text, *source, root, wishes, syntax, report)) {
        return std::unexpected{report.take(true)};
    }
    return text;
}

}  // namespace quantconf::format
