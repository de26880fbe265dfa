#include "apps/quantconf/diff.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "apps/quantconf/change_line.hpp"
#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

std::vector<std::string> environment_names() {
    std::vector<std::string> names;
    for (const Environment environment : kEnvironments) {
        names.emplace_back(name_of(environment));
    }
    return names;
}

}  // namespace

bool names_a_version(std::string_view text) {
    return text == "live" ||
           (text.size() > 1 && text.front() == 'v' &&
            std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; }));
}

Session::Result<CandidatePointer> side_of_files(const Session& session, const std::string& text) {
    Session::Result<CandidatePointer> candidate = std::unexpected{int{kWrongUsage}};
    if (const auto environment = parse_environment(text)) {
        candidate = session.load_files(*environment, session.arguments().config_dir);
    } else if (std::error_code ignored; std::filesystem::is_directory(text, ignored)) {
        const auto chosen = session.environment();
        if (!chosen) {
            return std::unexpected{chosen.error()};
        }
        candidate = session.load_files(chosen->environment, text);
    } else {
        const auto suggestions = nearest(text, environment_names());
        return std::unexpected{session.fail(
            kWrongUsage, fmt::format("{} is neither an environment nor a folder", quantconf::quoted(text)),
            suggestions.empty()
                ? "environments are development, staging, production and testing; write a folder as ./name"
                : did_you_mean(suggestions))};
    }
    if (candidate && !(*candidate)->ok) {
        session.print_diagnostics((*candidate)->diagnostics);
        return std::unexpected{session.fail(
            kAnswerIsNo, fmt::format("{} is invalid, so there is nothing to compare", escaped(text)))};
    }
    return candidate;
}

int run_diff(const Session& session) {
    const auto from = side_of_files(session, session.arguments().operands[0]);
    if (!from) {
        return from.error();
    }
    const auto to = side_of_files(session, session.arguments().operands[1]);
    if (!to) {
        return to.error();
    }
    return print_differences(session, (*from)->root, (*to)->root);
}

int print_differences(const Session& session, const Value& from, const Value& to) {
    const auto changes = layers::diff(from, to);
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object().key("changes").begin_array();
        for (const layers::Change& change : changes) {
            write_change(json, session.schema(), change);
        }
        json.end_array().end_object();
        session.out().print(json.take());
    } else {
        for (const layers::Change& change : changes) {
            session.out().print(change_line(session, change) + "\n");
        }
    }
    return changes.empty() ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
