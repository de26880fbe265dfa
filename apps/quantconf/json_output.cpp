#include "apps/quantconf/json_output.hpp"

#include "apps/quantconf/change_line.hpp"
#include "base/diagnostic_report.hpp"
#include "format/write.hpp"

namespace quantconf::app {
namespace {

std::string_view word_for(layers::ChangeKind kind) {
    switch (kind) {
        case layers::ChangeKind::Added:
            return "added";
        case layers::ChangeKind::Removed:
            return "removed";
        case layers::ChangeKind::Changed:
            return "changed";
    }
    return {};
}

}  // namespace

void write_verdict(JsonWriter& json, const layers::Candidate& candidate) {
    json.begin_object().member("ok", candidate.ok).key("hash");
    if (candidate.hash.empty()) {
        json.null();
    } else {
        json.value(candidate.hash);
    }
    json.key("diagnostics").begin_array();
    for (const Diagnostic& diagnostic : candidate.diagnostics) {
        write_json(json, diagnostic);
    }
    json.end_array().end_object();
}

void write_change(JsonWriter& json, const Schema& schema, const layers::Change& change) {
    const auto write = [&json](const Value* value) {
        if (value == nullptr) {
            json.null();
        } else {
            format::write_json(json, *value);
        }
    };
    json.begin_object().member("path", change.path);
    json.member("kind", word_for(change.kind));
    json.key("from");
    write(change.from);
    json.key("to");
    write(change.to);
    const std::string_view risk = risk_of(schema, change);
    json.key("risk");
    risk.empty() ? json.null() : json.value(risk);
    json.end_object();
}

void write_origin(JsonWriter& json, const layers::SetBy& origin) {
    const bool is_file = origin.position.line > 0;
    json.begin_object().member("layer", origin.layer).key("file");
    if (is_file) {
        json.value(origin.location);
    } else {
        json.null();
    }
    json.member("line", origin.position.line).member("column", origin.position.column);
    if (!is_file && !origin.location.empty()) {
        json.member(origin.location.starts_with("--") ? "option" : "variable", origin.location);
    }
    json.key("value");
    if (origin.is_deletion) {
        json.null();
    } else {
        json.value(origin.written);
    }
    json.member("wins", origin.wins).end_object();
}

}  // namespace quantconf::app
