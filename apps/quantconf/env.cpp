#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/describe_field.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

bool is_set(const Session& session, std::string_view name) {
    return std::ranges::any_of(session.variables(), [name](std::string_view variable) {
        return variable.size() > name.size() && variable.starts_with(name) && variable[name.size()] == '=';
    });
}

int list(const Session& session) {
    const auto& variables = session.schema().variables();
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object().key("variables").begin_array();
        for (const Variable& variable : variables) {
            json.begin_object()
                .member("name", variable.name)
                .member("path", variable.path)
                .member("type", name_of(variable.field->type))
                .member("set", is_set(session, variable.name))
                .end_object();
        }
        json.end_array().end_object();
        session.out().print(json.take());
        return kFine;
    }
    std::size_t name_width = 0;
    std::size_t path_width = 0;
    for (const Variable& variable : variables) {
        name_width = std::max(name_width, variable.name.size());
        path_width = std::max(path_width, variable.path.size());
    }
    for (const Variable& variable : variables) {
        const std::string row = fmt::format("{:<{}}  {:<{}}  {}", variable.name, name_width, variable.path,
                                            path_width, name_of(variable.field->type));
        session.out().print((is_set(session, variable.name) ? session.out().green(row) : row) + "\n");
    }
    return kFine;
}

/// The table's name for what the user typed: the name itself, its __ form, or its _FILE form.
std::string table_form(std::string name, std::string_view prefix) {
    if (name.ends_with("_FILE")) {
        name.resize(name.size() - 5);
    }
    if (name.starts_with(prefix)) {
        for (std::size_t at = name.find("__", prefix.size()); at != std::string::npos;
             at = name.find("__", at)) {
            name.replace(at, 2, "_");
        }
    }
    return name;
}

int explain_variable(const Session& session) {
    const std::string& name = session.arguments().operands.front();
    const auto& variables = session.schema().variables();
    const auto matches = [&](std::string_view candidate) {
        return std::ranges::find(variables, candidate, &Variable::name);
    };
    auto found = matches(name);
    if (found == variables.end()) {
        found = matches(table_form(name, session.schema().options().env_prefix));
    }
    if (found == variables.end()) {
        std::vector<std::string> names;
        for (const Variable& variable : variables) {
            names.push_back(variable.name);
        }
        const auto suggestions = nearest(name, names);
        return session.fail(
            kAnswerIsNo, fmt::format("no variable is called {}", quantconf::quoted(name_part(name))),
            suggestions.empty() ? "`quantconf env list` shows every name" : did_you_mean(suggestions));
    }
    const bool set = is_set(session, name) || is_set(session, found->name);
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object().member("name", found->name).member("path", found->path);
        write_field(json, *found->field);
        json.member("set", set).end_object();
        session.out().print(json.take());
        return kFine;
    }
    const Terminal& out = session.out();
    out.print(fmt::format("{} sets {}\n", out.bold(found->name), out.bold(found->path)));
    for (const auto& [label, text] : describe(*found->field)) {
        out.print(fmt::format("  {:<13} {}\n", label, escaped(text)));
    }
    out.print(fmt::format("  {:<13} {}_FILE=PATH reads the value from a file\n", "also", found->name));
    out.print(fmt::format("  {:<13} {}\n", "now", set ? "set" : "not set"));
    return kFine;
}

}  // namespace

int run_env(const Session& session) {
    return session.arguments().topic == "explain" ? explain_variable(session) : list(session);
}

}  // namespace quantconf::app
