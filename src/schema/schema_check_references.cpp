#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "schema/schema_build.hpp"

namespace quantconf::schema {
namespace {

bool is_prefix_name(std::string_view prefix) {
    std::string lower{prefix};
    for (char& c : lower) {
        if (c >= 'a' && c <= 'z') {
            return false;
        }
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return is_key_name(lower) && !lower.contains('-');
}

bool is_alias_path(std::string_view path) {
    while (true) {
        const auto dot = std::min(path.find('.'), path.size());
        if (!is_key_name(path.substr(0, dot))) {
            return false;
        }
        if (dot == path.size()) {
            return true;
        }
        path.remove_prefix(dot + 1);
    }
}

/// An old spelling must not be readable as anything else, on any level of its path.
void check_alias(const Schema& schema, const std::string& alias, const std::string& path,
                 Diagnostics& diagnostics) {
    if (!is_alias_path(alias)) {
        report_bad_schema(diagnostics, path, fmt::format("the alias \"{}\" is not a dotted path", alias));
        return;
    }
    if (schema.find(alias) != nullptr) {
        report_bad_schema(diagnostics, path, fmt::format("the alias {} is the path of another field", alias));
        return;
    }
    for (auto dot = alias.find('.'); dot != std::string::npos; dot = alias.find('.', dot + 1)) {
        const Field* parent = schema.find(std::string_view{alias}.substr(0, dot));
        if (parent != nullptr && parent->type != Type::Struct) {
            report_bad_schema(
                diagnostics, path,
                fmt::format("the alias {} lies inside {}, which is no section", alias, alias.substr(0, dot)));
        }
    }
}

void check_aliases(const Schema& schema, Diagnostics& diagnostics) {
    const auto& aliases = schema.aliases();
    for (const auto& [alias, path] : aliases) {
        check_alias(schema, alias, path, diagnostics);
        for (const auto& [other, other_path] : aliases) {
            const bool is_same = other == alias && &other < &alias;  // Reported once, not from both sides.
            if (is_same || alias.starts_with(other + '.')) {
                report_bad_schema(
                    diagnostics, path,
                    fmt::format("the alias {} collides with the alias {} of {}", alias, other, other_path));
            }
        }
    }
}

void check_rules(const Schema& schema, Diagnostics& diagnostics) {
    std::set<std::string_view> seen;
    for (const Rule& rule : schema.options().rules) {
        const auto bad = [&](std::string message) {
            report_bad_schema(diagnostics, {}, fmt::format("rule \"{}\": {}", rule.name, message));
        };
        if (!is_key_name(rule.name) || rule.name.contains('-')) {
            bad("its name is not in snake_case");
        }
        if (!seen.insert(rule.name).second) {
            bad("two rules have this name");
        }
        if (rule.check == nullptr) {
            bad("it checks nothing");
        }
        for (const std::string& path : rule.paths) {
            if (path.empty() || schema.find(path) == nullptr) {
                bad(fmt::format("it reads {}, which does not exist", path));
            }
        }
    }
}

}  // namespace

void check_references(const Schema& schema, Diagnostics& diagnostics) {
    if (!is_prefix_name(schema.options().env_prefix)) {
        report_bad_schema(
            diagnostics, {},
            fmt::format("env_prefix \"{}\" is not of the form [A-Z][A-Z0-9_]* with _ alone and not at "
                        "the end",
                        schema.options().env_prefix));
    }
    check_aliases(schema, diagnostics);
    check_rules(schema, diagnostics);
}

}  // namespace quantconf::schema
