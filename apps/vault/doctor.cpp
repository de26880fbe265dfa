#include "apps/vault/doctor.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/git.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

std::string_view word_for(Health health) {
    switch (health) {
        case Health::Ok:
            return "ok";
        case Health::Warning:
            return "warn";
        case Health::Failure:
            return "fail";
    }
    return {};
}

void check_git(const Session& session, Checks& checks) {
    const auto& folder = session.arguments().config_dir;
    bool inside = false;
    for (const char* name : {"local.yaml", "local.yml", "local.json", ".env"}) {
        const auto path = folder / name;
        if (std::error_code ignored; !std::filesystem::exists(path, ignored)) {
            continue;
        }
        const auto tracked = is_tracked_by_git(path);
        inside = inside || tracked.has_value();
        if (tracked.value_or(false)) {
            checks.push_back({"git", Health::Failure,
                              fmt::format("{} is under version control", path.string()),
                              fmt::format("git rm --cached {}, and list it in .gitignore", path.string())});
            return;
        }
    }
    checks.push_back(
        {"git", Health::Ok, inside ? "machine-local files are not tracked" : "nothing to watch over", {}});
}

void check_selection(const Session& session, Checks& checks) {
    const auto chosen = layers::choose_environment(
        session.arguments().environment, session.schema().options().env_prefix, session.variables());
    if (!chosen) {
        checks.push_back(
            {"selection", Health::Failure, chosen.error().front().message, chosen.error().front().hint});
        return;
    }
    checks.push_back({"selection", chosen->by == "default" ? Health::Warning : Health::Ok,
                      fmt::format("{}, chosen by {}", name_of(chosen->environment), chosen->by),
                      chosen->by == "default" ? fmt::format("set {}_ENVIRONMENT where the program runs",
                                                            session.schema().options().env_prefix)
                                              : ""});
}

void check_environments(const Session& session, Checks& checks) {
    for (const Environment environment : kEnvironments) {
        const auto candidate = session.load({environment, "doctor"});
        if (!candidate) {
            checks.push_back(
                {std::string{name_of(environment)}, Health::Failure, "a file could not be read", {}});
            continue;
        }
        const auto& diagnostics = (*candidate)->diagnostics;
        const auto count = [&](Severity severity) {
            return std::ranges::count(diagnostics, severity, &Diagnostic::severity);
        };
        const auto warnings = count(Severity::Warning);
        const auto health = !(*candidate)->ok ? Health::Failure : warnings > 0 ? Health::Warning : Health::Ok;
        checks.push_back(
            {std::string{name_of(environment)}, health,
             fmt::format("{} errors, {} warnings", count(Severity::Error), warnings),
             health == Health::Ok ? "" : fmt::format("quantconf --env {} check", name_of(environment))});
    }
}

std::string to_json(const Checks& checks, bool ok) {
    JsonWriter json;
    json.begin_object().member("ok", ok).key("checks").begin_array();
    for (const Check& check : checks) {
        json.begin_object()
            .member("name", check.name)
            .member("status", word_for(check.status))
            .member("detail", check.detail)
            .member("hint", check.hint)
            .end_object();
    }
    json.end_array().end_object();
    return json.take();
}

void print_text(const Terminal& out, const Checks& checks) {
    for (const Check& check : checks) {
        const std::string word = fmt::format("{:<5}", word_for(check.status));
        out.print(fmt::format("{} {:<12} {}\n",
                              check.status == Health::Ok        ? out.green(word)
                              : check.status == Health::Warning ? out.yellow(word)
                                                                : out.red(word),
                              check.name, escaped(check.detail)));
        if (!check.hint.empty()) {
            out.print(fmt::format("      {} {}\n", out.cyan("hint:"), escaped(check.hint)));
        }
    }
}

}  // namespace

int run_doctor(const Session& session) {
    Checks checks;
    checks.push_back(
        {"schema",
         Health::Ok,
         fmt::format("{}, {} keys", session.schema().options().app, session.schema().variables().size()),
         {}});
    check_folder(session, checks);
    check_git(session, checks);
    check_state(session, checks);
    check_secrets(session, checks);
    check_selection(session, checks);
    check_environments(session, checks);
    const bool ok = std::ranges::none_of(checks, [](const Check& c) { return c.status == Health::Failure; });
    if (session.arguments().format == "json") {
        session.out().print(to_json(checks, ok));
    } else {
        print_text(session.out(), checks);
    }
    return ok ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
