#include <memory>
#include <utility>

#include "format/parse.hpp"
#include "format/root_check.hpp"
#include "format/text_check.hpp"
#include "format/yaml_document.hpp"

namespace quantconf::format {
namespace {

/// Nothing but comments: an empty layer is valid, but perhaps not what its author wanted.
bool is_nothing(const value::Node& root) {
    return root.kind == value::NodeKind::Scalar && root.style == value::Style::Plain && root.size == 0 &&
           root.op == value::Operator::None;
}

}  // namespace

Parsed parse_yaml(std::shared_ptr<Source> source) {
    auto document = std::make_shared<value::Document>();
    document->source = source;
    Report report{source};
    const TextTraits traits = check_text(*source, report);
    if (!traits.is_acceptable) {
        return {.document = nullptr, .diagnostics = report.take(false)};
    }
    YamlDocument parser{*document, traits, report};
    if (!parser.parse()) {
        return {.document = nullptr, .diagnostics = report.take(false)};
    }
    document->root = parser.root();
    if (is_nothing(document->root)) {
        document->root = value::map_node({}, source.get(), 0, 0);
        report.add({.severity = Severity::Note,
                    .code = Code::EmptyLayer,
                    .message = "expected keys, found nothing but comments or blanks",
                    .origin = report.at(0, 0)});
    } else if (document->root.kind != value::NodeKind::Map) {
        if (!parser.is_deceptive()) {
            report_root(document->root, report);
        }
        document = nullptr;
    }
    const bool is_readable = document != nullptr;
    return {.document = std::move(document), .diagnostics = report.take(is_readable)};
}

}  // namespace quantconf::format
