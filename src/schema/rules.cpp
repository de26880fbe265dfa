#include <algorithm>

#include "schema/typing.hpp"

namespace quantconf::schema {
namespace {

bool holds_invalid(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Invalid:
            return true;
        case Value::Kind::List:
            return std::ranges::any_of(value.items(), holds_invalid);
        case Value::Kind::Map:
            return std::ranges::any_of(value.members(), holds_invalid, &Member::value);
        default:
            return false;
    }
}

/// "a.b[2]" -> "a.b" -> "a" -> "".
std::string_view parent_path(std::string_view path) {
    const auto end = path.find_last_of(".[");
    return end == std::string_view::npos ? std::string_view{} : path.substr(0, end);
}

/// Whether the value at `path` can be trusted: nothing below it and no section around it is wrong.
bool is_sound(const Value& root, std::string_view path) {
    if (const Value* value = root.at(path); value != nullptr && holds_invalid(*value)) {
        return false;
    }
    while (!path.empty()) {
        path = parent_path(path);
        if (const Value* around = root.at(path); around != nullptr && around->is_invalid()) {
            return false;
        }
    }
    return true;
}

/// Where the value was written; for a default the nearest section around it that was.
Origin origin_of(const Value& root, std::string_view path) {
    while (true) {
        const Value* value = root.at(path);
        if (value != nullptr && value->origin() != nullptr) {
            return value->origin()->origin();
        }
        if (path.empty()) {
            return {};
        }
        path = parent_path(path);
    }
}

/// Whether somebody wrote the value that a finding is about.
bool is_written(const Value& root, std::string_view path) {
    const Value* value = root.at(path);
    return path.empty() || (value != nullptr && value->origin() != nullptr);
}

bool applies(const Rule& rule, const Typing& typing, const Value& root) {
    const auto& environments = rule.environments;
    if (!environments.empty() && std::ranges::find(environments, typing.environment) == environments.end()) {
        return false;
    }
    return std::ranges::all_of(rule.paths, [&root](const std::string& path) { return is_sound(root, path); });
}

Diagnostic to_diagnostic(const Rule& rule, Finding finding, const Value& root) {
    Diagnostic diagnostic;
    diagnostic.severity = rule.severity;
    diagnostic.code = rule.severity == Severity::Error ? Code::RuleViolated : Code::RuleWarning;
    diagnostic.origin = origin_of(root, finding.path);
    diagnostic.path = std::move(finding.path);
    diagnostic.message = std::move(finding.message);
    diagnostic.expected = std::move(finding.expected);
    diagnostic.found = std::move(finding.found);
    diagnostic.hint = std::move(finding.hint);
    return diagnostic;
}

}  // namespace

void run_rules(Typing& typing, const Value& root) {
    const RuleView view{.root = root, .environment = typing.environment};
    for (const Rule& rule : typing.schema.options().rules) {
        if (!applies(rule, typing, root)) {
            continue;
        }
        for (Finding& finding : rule.check(view)) {
            if (!typing.report_missing && !is_written(root, finding.path)) {
                continue;  // It may stand in the layer that could not be parsed.
            }
            typing.diagnostics.push_back(to_diagnostic(rule, std::move(finding), root));
        }
    }
}

}  // namespace quantconf::schema
