#include "apps/vault/templates.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "apps/quantconf/embedded.hpp"
#include "format/write.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::app {
namespace {

constexpr std::string_view kGitignore =
    "# What belongs to one machine, or is secret, stays out of version control.\n"
    "local.yaml\n"
    ".env\n"
    ".quantconf/\n";

std::string schema_line() {
    return fmt::format("# yaml-language-server: $schema=./{}\n", kEditorSchemaFile);
}

void append_comment(std::string& text, std::string_view comment, std::size_t indent) {
    while (!comment.empty()) {
        const auto end = comment.find('\n');
        text += fmt::format("{:{}}# {}\n", "", indent, comment.substr(0, end));
        comment = end == std::string_view::npos ? std::string_view{} : comment.substr(end + 1);
    }
}

/// A struct's members as YAML with help comments. What is required or has no default is written as a comment.
void append_members(std::string& text, const Field& section, const Value& defaults, std::size_t indent) {
    for (const Field& field : section.children) {
        append_comment(text, field.options.help, indent);
        const Value* value = defaults.kind() == Value::Kind::Map ? defaults.find(field.name) : nullptr;
        if (field.type == Type::Struct && !field.nullable) {
            text += fmt::format("{:{}}{}:\n", "", indent, field.name);
            append_members(text, field, value == nullptr ? field.default_value : *value, indent + 2);
        } else if (field.options.required) {
            text += fmt::format("{:{}}# {}:  (required; type: {})\n", "", indent, field.name,
                                name_of(field.type));
        } else if (value == nullptr || value->is_absent()) {
            text += fmt::format("{:{}}# {}:\n", "", indent, field.name);
        } else {
            const Member member{field.name, *value};
            const std::string lines = format::to_yaml(Value::map({&member, 1}));
            for (std::string_view rest = lines; !rest.empty();) {
                const auto end = rest.find('\n');
                text += fmt::format("{:{}}{}\n", "", indent, rest.substr(0, end));
                rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
            }
        }
    }
}

std::string generated_base(const Schema& schema) {
    std::string text = schema_line();
    append_comment(text, schema.options().title, 0);
    append_comment(text, schema.options().help, 0);
    text += '\n';
    append_members(text, schema.root(), schema.defaults(), 0);
    return text;
}

std::string generated_environment(std::string_view name) {
    return fmt::format("{}# What differs from base.yaml in {}.\n", schema_line(), name);
}

}  // namespace

std::vector<InitialFile> initial_files(const Schema& schema, bool is_the_bot) {
    std::vector<InitialFile> files;
    if (is_the_bot) {
        for (const EmbeddedFile& example : embedded_examples()) {
            const bool is_layer = example.name.ends_with(".yaml") || example.name.ends_with(".yaml.example");
            const bool names_schema = example.text.starts_with("# yaml-language-server:");
            files.push_back(
                {std::string{example.name},
                 (is_layer && !names_schema ? schema_line() : std::string{}) + std::string{example.text}});
        }
    } else {
        files.push_back({"base.yaml", generated_base(schema)});
        for (const Environment environment : kEnvironments) {
            files.push_back(
                {fmt::format("{}.yaml", name_of(environment)), generated_environment(name_of(environment))});
        }
    }
    files.push_back({".gitignore", std::string{kGitignore}});
    files.push_back({std::string{kEditorSchemaFile}, schema::to_json_schema(schema)});
    return files;
}

}  // namespace quantconf::app
