#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "schema/json_schema.hpp"
#include "schema/markdown_cells.hpp"
#include "schema/schema_build.hpp"

namespace quantconf::schema {

namespace {

/// Whether the table of the section around it can show it in one line.
bool is_leaf(const Field& field) {
    if (field.type == Type::List || field.type == Type::Map) {
        return field.element().type != Type::Struct;
    }
    return field.type != Type::Struct;
}

/// Writes the field reference section by section.
class Reference {
public:
    explicit Reference(const Schema& schema) : schema_{schema} {}

    std::string run() {
        const SchemaOptions& options = schema_.options();
        text_ += fmt::format("# {}\n\n", options.title.empty() ? options.app : options.title);
        if (!options.help.empty()) {
            text_ += options.help + "\n\n";
        }
        text_ += fmt::format(
            "Every key, what it may hold, and the environment variable that sets it. Names of variables "
            "begin with "
            "`{}_`; `__` may stand for every dot.\n",
            options.env_prefix);
        section("Top level", schema_.root(), schema_.defaults(), {});
        rules();
        old_spellings();
        return std::move(text_);
    }

private:
    void section(const std::string& title, const Field& field, const Value& defaults,
                 const std::string& path) {
        text_ += fmt::format("\n## {}\n\n", title);
        if (!field.options.help.empty()) {
            text_ += field.options.help + "\n\n";
        }
        table(field, defaults, path);
        for (const Field& member : field.children) {
            below(member, value_of(member, defaults), join_path(path, member.name));
        }
    }

    void table(const Field& field, const Value& defaults, const std::string& path) {
        if (std::ranges::none_of(field.children, is_leaf)) {
            return;
        }
        text_ += header(
            {"key", "type", "default", "allowed", "unit", "reload", "risk", "variable", "description"});
        for (const Field& member : field.children) {
            if (is_leaf(member)) {
                leaf(member, value_of(member, defaults), join_path(path, member.name));
            }
        }
    }

    void leaf(const Field& field, const Value& fallback, const std::string& path) {
        const Options& options = field.options;
        text_ += row({code(field.name), type_text(field), default_text(field, fallback), allowed_text(field),
                      cell(options.unit), options.reload == Reload::Restart ? "restart" : "live",
                      risk_text(options.risk), code(variable_of(path)), description_of(field)});
    }

    static std::string description_of(const Field& field) {
        std::string text = cell(field.options.help);
        if (!field.options.examples.empty()) {
            text += fmt::format("{}For example {}.", text.empty() ? "" : " ",
                                join_or(code_all(field.options.examples)));
        }
        return text;
    }

    /// Sections, and lists or maps of sections, have a table of their own.
    void below(const Field& field, const Value& fallback, const std::string& path) {
        if (is_leaf(field)) {
            return;
        }
        if (field.type == Type::Struct) {
            section(code(path), field, fallback.is_absent() ? field.default_value : fallback, path);
            return;
        }
        const bool is_list = field.type == Type::List;
        const Field& element = field.element();
        section(code(path + (is_list ? "[]" : ".<key>")), element, element.default_value,
                child_path(field, path, element));
        collection(field, fallback);
    }

    /// What holds for a list or map of sections as a whole: how many, which keys, what is in it from the
    /// start.
    void collection(const Field& field, const Value& fallback) {
        if (!field.options.help.empty()) {
            text_ += fmt::format("\n{}\n", field.options.help);
        }
        if (const std::string allowed = allowed_text(field); !allowed.empty()) {
            text_ += fmt::format("\n{}: {}\n", field.type == Type::List ? "Allowed" : "Keys", allowed);
        }
        if (field.type == Type::Map && !fallback.is_absent() && !fallback.members().empty()) {
            built_in_entries(field.element(), fallback);
        }
    }

    /// Entries that exist without any layer, by what they do not share with a new one.
    void built_in_entries(const Field& element, const Value& entries) {
        text_ += "\nEntries that exist from the start, and where they differ from the defaults above:\n\n";
        text_ += header({"key", "defaults of its own"});
        for (const auto& [key, entry] : entries.members()) {
            std::vector<std::string> differences;
            for (const Field& member : element.children) {
                const std::string own = default_text(member, value_of(member, entry));
                if (own != default_text(member, value_of(member, element.default_value))) {
                    differences.push_back(
                        fmt::format("{} {}", cell(member.name), own.empty() ? "not set" : own));
                }
            }
            text_ += row({code(key), fmt::format("{}", fmt::join(differences, ", "))});
        }
    }

    static Value value_of(const Field& member, const Value& section) {
        if (section.is_absent()) {
            return Value::absent();
        }
        const Value* found = section.find(member.name);
        return found == nullptr ? Value::absent() : *found;
    }

    std::string variable_of(std::string_view path) const {
        const auto& variables = schema_.variables();
        const auto found = std::ranges::find(variables, path, &Variable::path);
        return found == variables.end() ? std::string{} : found->name;
    }

    void rules() {
        if (schema_.options().rules.empty()) {
            return;
        }
        text_ += "\n## Rules\n\n" + header({"rule", "environments", "if violated", "text"});
        for (const Rule& rule : schema_.options().rules) {
            std::vector<std::string_view> names;
            for (const Environment environment : rule.environments) {
                names.push_back(name_of(environment));
            }
            text_ += row({code(rule.name), names.empty() ? "all" : fmt::format("{}", fmt::join(names, ", ")),
                          rule.severity == Severity::Error ? "error" : "warning", cell(rule.text)});
        }
    }

    void old_spellings() {
        if (schema_.aliases().empty()) {
            return;
        }
        text_ += "\n## Deprecated spellings\n\nThey still work, with a note.\n\n";
        text_ += header({"old", "write instead"});
        for (const auto& [old, path] : schema_.aliases()) {
            text_ += row({code(old), code(path)});
        }
    }

    const Schema& schema_;
    std::string text_;
};

}  // namespace

std::string to_markdown(const Schema& schema) {
    return Reference{schema}.run();
}

}  // namespace quantconf::schema
