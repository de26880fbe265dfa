#include "base/diagnostic_report.hpp"
#include "base/json_writer.hpp"

namespace quantconf {
namespace {

void member_if(JsonWriter& json, std::string_view name, const std::string& text) {
    if (!text.empty()) {
        json.member(name, text);
    }
}

void write_place(JsonWriter& json, const Origin& origin) {
    switch (origin.source->kind()) {
        case Source::Kind::File: {
            const Position position = origin.position();
            json.member("file", origin.source->name());
            json.member("line", position.line).member("column", position.column);
            break;
        }
        case Source::Kind::Variable:
            json.member("variable", origin.source->name());
            break;
        case Source::Kind::Option:
            json.member("option", origin.source->name());
            break;
    }
}

}  // namespace

void write_json(JsonWriter& json, const Diagnostic& diagnostic) {
    json.begin_object();
    json.member("severity", name_of(diagnostic.severity)).member("code", to_string(diagnostic.code));
    member_if(json, "path", diagnostic.path);
    json.member("message", diagnostic.message);
    member_if(json, "expected", diagnostic.expected);
    member_if(json, "found", diagnostic.found);
    member_if(json, "hint", diagnostic.hint);
    if (diagnostic.origin.source != nullptr) {
        member_if(json, "layer", diagnostic.origin.source->layer());
        write_place(json, diagnostic.origin);
    }
    if (!diagnostic.related.empty()) {
        json.key("related").begin_array();
        for (const Related& related : diagnostic.related) {
            json.begin_object();
            if (related.origin.source != nullptr) {
                write_place(json, related.origin);
            }
            json.member("message", related.message).end_object();
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace quantconf
