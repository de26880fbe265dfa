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
#include "schema/variable_names.hpp"

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
    void paragraph(const std::string& text) {
        if (!text.empty()) {
            text_ += text + "\n\n";
        }
    }

    void heading(const std::string& title) { text_ += fmt::format("\n## {}\n\n", title); }

    void section(const std::string& title, const Field& field, const Value& defaults,
                 const std::string& path) {
        heading(title);
        paragraph(field.options.help);
        table(field, defaults, path);
        sections_below(field, defaults, path);
    }

    /// A list or map of sections: what holds for all of it, and then for each of them.
    void collection(const Field& field, const Value& fallback, const std::string& path) {
        const Field& element = field.element();
        const std::string element_path = child_path(field, path, element);
        heading(code(shown(element_path)));
        paragraph(field.options.help);
        if (const std::string allowed = allowed_text(field); !allowed.empty()) {
            paragraph(fmt::format("{}: {}", field.type == Type::List ? "Allowed" : "Keys", allowed));
        }
        paragraph(element.options.help);
        table(element, element.default_value, element_path);
        if (field.type == Type::Map) {
            built_in_sections(element, fallback);
        }
        sections_below(element, element.default_value, element_path);
    }

    void sections_below(const Field& field, const Value& defaults, const std::string& path) {
        for (const Field& member : field.children) {
            const Value fallback = value_of(member, defaults);
            const std::string member_path = join_path(path, member.name);
            if (member.type == Type::Struct) {
                section(code(shown(member_path)), member,
                        fallback.is_absent() ? member.default_value : fallback, member_path);
            } else if (!is_leaf(member)) {
                collection(member, fallback, member_path);
            }
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
        for (const Field& member : field.children) {
            if (is_leaf(member) && has_entries(member, value_of(member, defaults))) {
                built_in_values(member, value_of(member, defaults));
            }
        }
    }

    void leaf(const Field& field, const Value& fallback, const std::string& path) {
        const Options& options = field.options;
        text_ +=
            row({code(field.name), type_text(field),
                 has_entries(field, fallback) ? "see below" : default_text(field, fallback),
                 allowed_text(field), cell(options.unit),
                 options.reload == Reload::Restart ? "restart" : "live", risk_text(options.risk),
                 code(variable_of(field.type == Type::Map ? path + ".*" : path)), description_of(field)});
    }

    static std::string description_of(const Field& field) {
        std::string text = cell(field.options.help);
        if (!field.options.examples.empty()) {
            text += fmt::format("{}For example {}.", text.empty() ? "" : " ",
                                join_or(code_all(field.options.examples)));
        }
        return text;
    }

    /// A map that is not empty from the start does not fit into a cell.
    static bool has_entries(const Field& field, const Value& fallback) {
        return field.type == Type::Map && !field.options.required && !fallback.is_absent() &&
               !fallback.members().empty();
    }

    void built_in_values(const Field& field, const Value& entries) {
        text_ += fmt::format("\nEntries that {} has from the start:\n\n", code(field.name));
        text_ += header({"key", "default"});
        for (const auto& [key, entry] : entries.members()) {
            text_ += row({code(key), default_text(field.element(), entry)});
        }
    }

    /// Sections of a map that exist without any layer, by what they do not share with a new one.
    void built_in_sections(const Field& element, const Value& entries) {
        if (entries.is_absent() || entries.members().empty()) {
            return;
        }
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

    /// Keys of a map share one name with a gap. What is inside of a list has none.
    std::string variable_of(const std::string& path) const {
        for (const Variable& variable : schema_.variables()) {
            if (variable.path == path) {
                return variable.name;
            }
            if (matches(variable.path, path)) {
                return variable_name(schema_.options().env_prefix, shown(path));
            }
        }
        return {};
    }

    /// Whether `path` is `pattern`, where a segment * of the pattern stands for any one.
    static bool matches(std::string_view path, std::string_view pattern) {
        while (!path.empty() && !pattern.empty()) {
            const auto path_dot = std::min(path.find('.'), path.size());
            const auto pattern_dot = std::min(pattern.find('.'), pattern.size());
            const std::string_view wanted = pattern.substr(0, pattern_dot);
            if (wanted != "*" && wanted != path.substr(0, path_dot)) {
                return false;
            }
            path.remove_prefix(std::min(path_dot + 1, path.size()));
            pattern.remove_prefix(std::min(pattern_dot + 1, pattern.size()));
        }
        return path.empty() && pattern.empty();
    }

    /// "limits.*.plan" -> "limits.<key>.plan".
    static std::string shown(std::string_view path) {
        std::string result;
        for (const char c : path) {
            result += c == '*' ? "<key>" : std::string{c};
        }
        return result;
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
