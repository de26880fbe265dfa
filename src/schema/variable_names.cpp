#include "schema/variable_names.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/schema_build.hpp"

namespace quantconf::schema {
namespace {

std::string upper_segment(std::string_view segment) {
    std::string result = ascii_upper(segment);
    std::ranges::replace(result, '-', '_');
    return result;
}

/// Walks the fields with the name and the path of where it stands.
class TableMaker {
public:
    explicit TableMaker(std::vector<Variable>& table) : table_{table} {}

    void add(const Field& field, const std::string& name, const std::string& path) {
        if (field.type == Type::Struct) {
            for (const Field& member : field.children) {
                add(member, name + '_' + upper_segment(member.name), join_path(path, member.name));
            }
        } else if (field.type == Type::Map && !field.options.keys.empty()) {
            for (const std::string& key : field.options.keys) {
                add(field.element(), name + '_' + upper_segment(key), join_path(path, key));
            }
        } else if (field.type == Type::Map) {
            add_below_free_key(field.element(), name + "__<KEY>", join_path(path, "*"));
        } else {
            table_.push_back({name, path, &field});
        }
    }

private:
    /// A key that the user chooses may contain underscores, so what follows it needs the exact separator,
    /// too.
    void add_below_free_key(const Field& element, const std::string& name, const std::string& path) {
        if (element.type != Type::Struct) {
            add(element, name, path);
            return;
        }
        for (const Field& member : element.children) {
            add(member, name + "__" + upper_segment(member.name), join_path(path, member.name));
        }
    }

    std::vector<Variable>& table_;
};

void report_collision(Diagnostics& diagnostics, const std::string& name, const std::string& first,
                      const std::string& second) {
    Diagnostic diagnostic;
    diagnostic.code = Code::VariableNameCollision;
    diagnostic.path = second;
    diagnostic.message = fmt::format("the variable {} would mean both {} and {}", name, first, second);
    diagnostic.hint = "rename one of them, so that every variable has one meaning";
    diagnostics.push_back(std::move(diagnostic));
}

/// A key that a lower layer has set may also be written with one underscore, so everything that begins with
/// the name of a map with free keys belongs to that map.
void check_free_keys(const std::vector<Variable>& table, Diagnostics& diagnostics) {
    constexpr std::string_view kFreeKey = "__<KEY>";
    std::string last_map;
    for (const Variable& variable : table) {
        const auto key = variable.name.find(kFreeKey);
        const std::string map_path = variable.path.substr(0, variable.path.find(".*"));
        if (key == std::string::npos || map_path == last_map) {
            continue;
        }
        last_map = map_path;
        const std::string name = variable.name.substr(0, key) + '_';
        for (const Variable& other : table) {
            if (other.name.starts_with(name) && !other.path.starts_with(map_path + ".*")) {
                report_collision(diagnostics, other.name, map_path + ".<key>", other.path);
            }
        }
    }
}

/// A name, its exact spelling and its _FILE form must each lead to one place. Names are free of double and
/// closing underscores (check_fields), so two spellings can only meet where the plain names meet.
void check_collisions(const std::vector<Variable>& table, std::string_view prefix, Diagnostics& diagnostics) {
    std::unordered_map<std::string_view, const Variable*> by_name;
    for (const Variable& variable : table) {
        const auto [known, is_new] = by_name.emplace(variable.name, &variable);
        if (!is_new) {
            report_collision(diagnostics, variable.name, known->second->path, variable.path);
        }
    }
    for (const Variable& variable : table) {
        const std::string file_name = variable.name + "_FILE";
        if (const auto other = by_name.find(file_name); other != by_name.end()) {
            report_collision(diagnostics, file_name, fmt::format("the file that holds {}", variable.path),
                             other->second->path);
        }
    }
    const std::string strict_empty = fmt::format("{}_STRICT_EMPTY", prefix);
    if (const auto other = by_name.find(strict_empty); other != by_name.end()) {
        report_collision(diagnostics, strict_empty, "how empty variables are treated", other->second->path);
    }
}

}  // namespace

std::string variable_name(std::string_view prefix, std::string_view path, std::string_view separator) {
    std::string result{prefix};
    while (!path.empty()) {
        const auto dot = std::min(path.find('.'), path.size());
        result += separator;
        result += upper_segment(path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return result;
}

std::vector<Variable> make_variables(const Field& root, std::string_view prefix) {
    std::vector<Variable> table;
    TableMaker{table}.add(root, std::string{prefix}, {});
    return table;
}

void check_variables(const std::vector<Variable>& table, std::string_view prefix, Diagnostics& diagnostics) {
    check_collisions(table, prefix, diagnostics);
    check_free_keys(table, diagnostics);
}

}  // namespace quantconf::schema
