#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/live_status.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

std::string_view word_for(Verdict verdict) {
    switch (verdict) {
        case Verdict::Ok:
            return "ok";
        case Verdict::Degraded:
            return "degraded";
        case Verdict::Failing:
            break;
    }
    return "failing";
}

std::string_view word_for(Health health) {
    switch (health) {
        case Health::Ok:
            return "ok";
        case Health::Warning:
            return "warn";
        case Health::Failure:
            break;
    }
    return "fail";
}

void print_json(const Session& session, const LiveStatus& status) {
    JsonWriter json;
    const auto text_or_null = [&json](std::string_view key, const std::optional<std::string>& text) {
        text ? json.member(key, *text) : json.key(key).null();
    };
    const auto hash = status.version ? std::optional{status.version->hash} : std::nullopt;
    json.begin_object()
        .member("status", word_for(status.verdict))
        .member("environment", name_of(status.environment));
    write_number(json, "version", status.version ? status.version->number : 0);
    text_or_null("hash", hash);
    text_or_null("config_hash", hash);
    text_or_null("last_loaded",
                 status.last_loaded ? std::optional{to_rfc3339(*status.last_loaded)} : std::nullopt);
    json.member("last_reload_ok", status.last_reload_ok)
        .member("file_watcher_active", status.file_watcher_active)
        .member("database_configured", status.database_configured)
        .member("monitoring_enabled", status.monitoring_enabled);
    json.key("api_keys").begin_object();
    for (const KeyHealth& key : status.keys) {
        write_key(json, key);
    }
    json.end_object();
    json.key("processes").begin_array();
    for (const history::ProcessRow& row : status.processes) {
        write_process(json, row);
    }
    json.end_array().key("not_responding").begin_array();
    for (const SilentProcess& silent : status.silent) {
        json.begin_object()
            .member("pid", silent.row.identity.pid)
            .member("host", silent.row.identity.host)
            .member("why", name_of(silent.why))
            .member("since", to_rfc3339(silent.row.updated));
        write_number(json, "version", silent.row.status.version);
        write_number(json, "recorded", silent.missed ? silent.missed->number : silent.row.status.version);
        json.end_object();
    }
    json.end_array().key("checks").begin_array();
    for (const Check& check : status.checks) {
        json.begin_object()
            .member("name", check.name)
            .member("status", word_for(check.status))
            .member("detail", check.detail)
            .member("hint", check.hint)
            .end_object();
    }
    json.end_array().end_object();
    session.out().print(json.take());
}

void print_text(const Session& session, const LiveStatus& status) {
    const Terminal& out = session.out();
    const std::string_view word = word_for(status.verdict);
    out.print(fmt::format("{} {}\n", name_of(status.environment),
                          status.verdict == Verdict::Ok ? out.green(word) : out.red(word)));
    for (const Check& check : status.checks) {
        const std::string shown = fmt::format("{:<5}", word_for(check.status));
        out.print(fmt::format("{} {:<12} {}\n",
                              check.status == Health::Ok        ? out.green(shown)
                              : check.status == Health::Warning ? out.yellow(shown)
                                                                : out.red(shown),
                              check.name, escaped(check.detail)));
        if (!check.hint.empty()) {
            out.print(fmt::format("      {} {}\n", out.cyan("hint:"), escaped(check.hint)));
        }
    }
}

}  // namespace

int run_health(const Session& session) {
    const auto status = look_at_live_status(session);
    if (!status) {
        return status.error();
    }
    if (session.arguments().format == "json") {
        print_json(session, *status);
    } else {
        print_text(session, *status);
    }
    if (!status->can_read_files) {
        return kWorldFailed;
    }
    return status->verdict == Verdict::Ok ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
