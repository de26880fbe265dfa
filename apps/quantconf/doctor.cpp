#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/git.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

enum class Health : std::uint8_t { Ok, Warning, Failure };

struct Check {
    std::string name;
    Health status = Health::Ok;
    std::string detail;
    std::string hint;
};

using Checks = std::vector<Check>;

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

/// Who can change these files can change limits and hosts.
Check permissions_of(const std::filesystem::path& path, std::string name) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return {std::move(name),
                Health::Failure,
                fmt::format("{}: {}", path.string(), std::generic_category().message(errno)),
                {}};
    }
    if ((info.st_mode & S_IWOTH) != 0) {
        return {std::move(name), Health::Failure, fmt::format("everybody may write {}", path.string()),
                fmt::format("chmod o-w {}", path.string())};
    }
    if ((info.st_mode & S_IWGRP) != 0) {
        return {std::move(name), Health::Warning, fmt::format("the group may write {}", path.string()),
                fmt::format("chmod g-w {}, unless that is meant", path.string())};
    }
    return {
        std::move(name), Health::Ok, fmt::format("{} mode {:04o}", path.string(), info.st_mode & 07777U), {}};
}

void check_folder(const Session& session, Checks& checks) {
    const auto& folder = session.arguments().config_dir;
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        checks.push_back({"folder", Health::Failure, fmt::format("{} is no folder", folder.string()),
                          "`quantconf init` writes one, --config-dir names another"});
        return;
    }
    checks.push_back(permissions_of(folder, "folder"));
    std::size_t layers = 0;
    for (const char* name : {"base", "development", "staging", "production", "testing", "local"}) {
        for (const char* extension : {".yaml", ".yml", ".json"}) {
            const auto path = folder / (std::string{name} + extension);
            if (!std::filesystem::exists(path, ignored)) {
                continue;
            }
            ++layers;
            if (Check check = permissions_of(path, "permissions"); check.status != Health::Ok) {
                checks.push_back(std::move(check));
            }
        }
    }
    checks.push_back({"layers", layers == 0 ? Health::Failure : Health::Ok, fmt::format("{} files", layers),
                      layers == 0 ? "`quantconf init` writes them" : ""});
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
