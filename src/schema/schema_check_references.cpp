#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    using Spelling = std::pair<std::string, std::string>;
    const std::vector<Spelling>& aliases = schema.aliases();  // Sorted.
    const auto report_collision = [&](const Spelling& alias, const Spelling& other) {
        report_bad_schema(diagnostics, alias.second,
                          fmt::format("the alias {} collides with the alias {} of {}", alias.first,
                                      other.first, other.second));
    };
    for (std::size_t i = 0; i < aliases.size(); ++i) {
        const std::string& alias = aliases[i].first;
        check_alias(schema, alias, aliases[i].second, diagnostics);
        if (i > 0 && aliases[i - 1].first == alias) {  // Reported once, not from both sides.
            report_collision(aliases[i], aliases[i - 1]);
        }
        for (auto dot = alias.find('.'); dot != std::string::npos; dot = alias.find('.', dot + 1)) {
            const std::string_view above = std::string_view{alias}.substr(0, dot);
            const auto other = std::ranges::lower_bound(aliases, above, {}, &Spelling::first);
            if (other != aliases.end() && other->first == above) {
                report_collision(aliases[i], *other);
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
