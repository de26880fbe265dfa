#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/catalogue.hpp"
#include "base/diagnostic_report.hpp"
#include "base/json_writer.hpp"

namespace quantconf {
namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~/"}.contains(c);
}

/// A relative URI reference, or file:///... for an absolute path.
std::string uri_of(std::string_view path) {
    std::string uri = path.starts_with('/') ? "file://" : "";
    while (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    for (const char c : path) {
        uri += is_unreserved(c) ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

bool is_in_file(const Origin& origin) {
    return origin.source != nullptr && origin.source->kind() == Source::Kind::File;
}

/// {"text": "..."}, SARIF's way to write a text.
void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
    json.key(name).begin_object().member("text", text).end_object();
}

/// Only places in files have regions. Never a snippet: the line may hold a secret.
void write_location(JsonWriter& json, const Origin& origin, std::string_view path, std::string_view message) {
    json.begin_object();
    if (is_in_file(origin)) {
        const Position position = origin.position();
        json.key("physicalLocation").begin_object();
        json.key("artifactLocation").begin_object();
        json.member("uri", uri_of(origin.source->name())).end_object();
        json.key("region").begin_object();
        json.member("startLine", position.line).member("startColumn", position.column).end_object();
        json.end_object();
    }
    const bool has_name = origin.source != nullptr && !is_in_file(origin);
    if (has_name || !path.empty()) {
        json.key("logicalLocations").begin_array().begin_object();
        if (has_name) {
            json.member("name", origin.source->name());
        }
        if (!path.empty()) {
            json.member("fullyQualifiedName", path);
        }
        json.end_object().end_array();
    }
    if (!message.empty()) {
        write_text(json, "message", message);
    }
    json.end_object();
}

void write_rule(JsonWriter& json, Code code) {
    const std::string id = to_string(code);
    json.begin_object().member("id", id);
    if (const CatalogueEntry* entry = find_in_catalogue(id); entry != nullptr) {
        write_text(json, "shortDescription", entry->name);
        write_text(json, "fullDescription", entry->meaning);
        write_text(json, "help", to_text(*entry));
    }
    json.end_object();
}

void write_result(JsonWriter& json, const Diagnostic& diagnostic, std::size_t rule_index) {
    json.begin_object().member("ruleId", to_string(diagnostic.code)).member("ruleIndex", rule_index);
    json.member("level", name_of(diagnostic.severity));
    std::string message = diagnostic.path.empty() ? "" : diagnostic.path + ": ";
    message += diagnostic.message;
    write_text(json, "message", diagnostic.hint.empty() ? message : message + "\nhint: " + diagnostic.hint);
    json.key("locations").begin_array();
    if (diagnostic.origin.source != nullptr || !diagnostic.path.empty()) {
        write_location(json, diagnostic.origin, diagnostic.path, {});
    }
    json.end_array();
    if (!diagnostic.related.empty()) {
        json.key("relatedLocations").begin_array();
        for (const Related& related : diagnostic.related) {
            write_location(json, related.origin, {}, related.message);
        }
        json.end_array();
    }
    json.end_object();
}

/// Every file that is mentioned, once.
void write_artifacts(JsonWriter& json, const Diagnostics& diagnostics) {
    std::set<std::string> uris;
    const auto add = [&uris](const Origin& origin) {
        if (is_in_file(origin)) {
            uris.insert(uri_of(origin.source->name()));
        }
    };
    for (const Diagnostic& diagnostic : diagnostics) {
        add(diagnostic.origin);
        std::ranges::for_each(diagnostic.related, add, &Related::origin);
    }
    json.key("artifacts").begin_array();
    for (const std::string& uri : uris) {
        json.begin_object().key("location").begin_object().member("uri", uri).end_object().end_object();
    }
    json.end_array();
}

}  // namespace

std::string to_sarif(const Diagnostics& diagnostics, const std::string& tool_version) {
    std::set<Code> distinct;
    std::ranges::transform(diagnostics, std::inserter(distinct, distinct.end()), &Diagnostic::code);
    const std::vector<Code> rules{distinct.begin(), distinct.end()};

    JsonWriter json;
    json.begin_object();
    json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
    json.key("runs").begin_array().begin_object();
    json.key("tool").begin_object().key("driver").begin_object();
    json.member("name", "quantconf").member("version", tool_version);
    json.key("rules").begin_array();
    for (const Code code : rules) {
        write_rule(json, code);
    }
    json.end_array().end_object().end_object();
    json.member("columnKind", "unicodeCodePoints");
    write_artifacts(json, diagnostics);
    json.key("results").begin_array();
    for (const Diagnostic& diagnostic : diagnostics) {
        const auto rule = std::ranges::lower_bound(rules, diagnostic.code);
        write_result(json, diagnostic, static_cast<std::size_t>(rule - rules.begin()));
    }
    json.end_array().end_object().end_array().end_object();
    return json.take();
}

}  // namespace quantconf
