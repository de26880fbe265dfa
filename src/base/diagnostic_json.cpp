#include "base/diagnostic_report.hpp"
#include "base/json_writer.hpp"

namespace quantconf {
namespace {

/// Programs find every member always: "file" is null where the text came from a variable or an option, which
/// then has a member of its own.
void write_place(JsonWriter& json, const Origin& origin) {
    const bool is_file = origin.source != nullptr && origin.source->kind() == Source::Kind::File;
    const Position position = is_file ? origin.position() : Position{};
    json.key("file");
    if (is_file) {
        json.value(origin.source->name());
    } else {
        json.null();
    }
    json.member("line", position.line).member("column", position.column);
    if (origin.source != nullptr && !is_file) {
        json.member(origin.source->kind() == Source::Kind::Option ? "option" : "variable",
                    origin.source->name());
    }
}

}  // namespace

void write_json(JsonWriter& json, const Diagnostic& diagnostic) {
    json.begin_object()
        .member("severity", name_of(diagnostic.severity))
        .member("code", to_string(diagnostic.code))
        .member("path", diagnostic.path)
        .member("message", diagnostic.message)
        .member("expected", diagnostic.expected)
        .member("found", diagnostic.found)
        .member("hint", diagnostic.hint)
        .member("layer",
                diagnostic.origin.source == nullptr ? std::string{} : diagnostic.origin.source->layer());
    write_place(json, diagnostic.origin);
    json.key("related").begin_array();
    for (const Related& related : diagnostic.related) {
        json.begin_object();
        write_place(json, related.origin);
        json.member("message", related.message).end_object();
    }
    json.end_array().end_object();
}

}  // namespace quantconf
