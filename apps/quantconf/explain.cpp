#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/describe_field.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "base/catalogue.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"
#include "schema/variable_names.hpp"

namespace quantconf::app {
namespace {

std::string location(const layers::SetBy& origin) {
    const std::string name = escaped(origin.location);
    return origin.position.line == 0
               ? name
               : fmt::format("{}:{}:{}", name, origin.position.line, origin.position.column);
}

/// The effective value on one line. `get` prints it whatever it is; explaining goes into tickets and logs.
std::string shown(const Value& value) {
    const std::string text = format::to_display(value);
    return layers::looks_like_secret_text(text) ? std::string{layers::kNotShown} : escaped(text);
}

bool is_hidden_text(const Value& value) {
    return value.kind() == Value::Kind::Text && layers::looks_like_secret_text(value.as_text());
}

void print_json(const Session& session, const layers::Candidate& candidate, const std::string& path,
                const std::vector<layers::SetBy>& origins) {
    const Value* value = candidate.root.at(path);
    JsonWriter json;
    json.begin_object().member("path", path).key("value");
    if (value == nullptr) {
        json.null();
    } else if (is_hidden_text(*value)) {
        json.value(layers::kNotShown);
    } else {
        format::write_json(json, *value);
    }
    json.key("origins").begin_array();
    for (const layers::SetBy& origin : origins) {
        write_origin(json, origin);
    }
    json.end_array();
    write_field(json, *session.schema().find(path));
    json.member("variable", schema::variable_name(session.schema().options().env_prefix, path));
    json.member("valid", candidate.ok);
    json.end_object();
    session.out().print(json.take());
}

void print_text(const Session& session, const layers::Candidate& candidate, const std::string& path,
                const std::vector<layers::SetBy>& origins) {
    const Terminal& out = session.out();
    const Value* value = candidate.root.at(path);
    const Field& field = *session.schema().find(path);
    if (value == nullptr || value->is_invalid()) {
        out.print(
            fmt::format("{} = {}\n", out.bold(path), out.red(value == nullptr ? "not set" : "invalid")));
    } else if (value->kind() == Value::Kind::Map) {
        out.print(fmt::format("{}  {}\n", out.bold(path), out.dim("a section")));
    } else {
        out.print(fmt::format("{} = {}\n", out.bold(path), shown(*value)));
    }
    std::size_t widest = 0;
    for (const layers::SetBy& origin : origins) {
        widest = std::max(widest, location(origin).size());
    }
    for (const layers::SetBy& origin : origins) {
        const std::string text = origin.is_deletion ? "(deleted here)" : escaped(origin.written);
        const std::string row =
            fmt::format("{:<12} {:<{}}  {}", origin.layer, location(origin), widest, text);
        out.print(origin.wins ? fmt::format("  {} {}\n", out.green("*"), row)
                              : fmt::format("    {}\n", out.dim(row)));
    }
    for (const auto& [label, text] : describe(field)) {
        out.print(fmt::format("  {:<13} {}\n", label, escaped(text)));
    }
    if (field.type != Type::Struct && field.type != Type::Map) {
        out.print(fmt::format("  {:<13} {}\n", "variable",
                              schema::variable_name(session.schema().options().env_prefix, path)));
    }
}

}  // namespace

int run_explain(const Session& session) {
    const std::string& path = session.arguments().operands.front();
    if (session.schema().find(path) == nullptr) {
        return session.unknown_path(path);
    }
    const auto candidate = session.load();
    if (!candidate) {
        return candidate.error();
    }
    const auto origins = layers::explain(**candidate, session.schema(), path);
    if (!origins) {
        return session.unknown_path(path);
    }
    if (session.arguments().format == "json") {
        print_json(session, **candidate, path, *origins);
        return kFine;
    }
    Diagnostics about_it;
    std::ranges::copy_if((*candidate)->diagnostics, std::back_inserter(about_it), [&](const Diagnostic& d) {
        return d.path == path || d.path.starts_with(path + ".") || d.path.starts_with(path + "[");
    });
    session.print_diagnostics(about_it);
    print_text(session, **candidate, path, *origins);
    if (!(*candidate)->ok) {
        session.err().print(
            fmt::format("{} the configuration as a whole is invalid; `quantconf check` says why\n",
                        session.err().yellow("note:")));
    }
    return kFine;
}

int run_explain_code(const Arguments& arguments) {
    const Terminal out{stdout};
    const std::string& code = arguments.operands.front();
    const CatalogueEntry* entry = find_in_catalogue(code);
    if (entry == nullptr) {
        std::vector<std::string> codes;
        for (const Code known : all_codes()) {
            codes.push_back(to_string(known));
        }
        const auto suggestions = nearest(code, codes);
        const Terminal err{stderr};
        err.print(fmt::format(
            "{} there is no diagnostic {}\n{} {}\n", err.red("error:"), quantconf::quoted(code),
            err.cyan("hint:"),
            suggestions.empty() ? "every code stands in docs/errors.md" : did_you_mean(suggestions)));
        return kAnswerIsNo;
    }
    if (arguments.format == "json") {
        JsonWriter json;
        json.begin_object()
            .member("code", to_string(entry->code))
            .member("name", entry->name)
            .member("meaning", entry->meaning)
            .member("example", entry->example)
            .member("remedy", entry->remedy)
            .end_object();
        out.print(json.take());
    } else {
        out.print(to_text(*entry) + "\n");
    }
    return kFine;
}

}  // namespace quantconf::app
