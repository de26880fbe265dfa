#include "apps/vault/live_engine.hpp"

#include <utility>
#include <variant>

#include <fmt/format.h>
#include <unistd.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/vault.hpp"
#include "audit/actor.hpp"
#include "base/diagnostic_report.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "state/problem.hpp"

namespace quantconf::app {

OpenOptions open_options(const Session& session, Environment environment) {
    const Arguments& arguments = session.arguments();
    return {.environment = std::string{name_of(environment)},
            .config_dir = arguments.config_dir,
            .auto_reload = false,
            .settings = arguments.settings,
            .variables = session.variables(),
            .state_dir = session.state_dir(),
            .key_file = arguments.key_file.value_or(std::filesystem::path{})};
}

std::string author() {
    return audit::shown(audit::this_process());
}

namespace {

/// For programs: the diagnostics are the result.
void print_json(const Session& session, const Diagnostics& errors, std::string_view error) {
    JsonWriter json;
    json.begin_object()
        .member("ok", false)
        .member("action", session.arguments().command)
        .member("dry_run", session.arguments().dry_run);
    json.key("version").null().key("diagnostics").begin_array();
    for (const Diagnostic& one : errors) {
        write_json(json, one);
    }
    json.end_array().key("error");
    error.empty() ? json.null() : json.value(error);
    json.end_object();
    session.out().print(json.take());
}

}  // namespace

void print_refusal(const Session& session, std::string_view why) {
    if (session.arguments().format == "json") {
        print_json(session, {}, why);
    }
}

int report(const Session& session, const Failure& failure) {
    const bool is_json = session.arguments().format == "json";
    if (const auto* diagnostics = std::get_if<Diagnostics>(&failure)) {
        Diagnostics errors = *diagnostics;
        std::erase_if(errors, [](const Diagnostic& one) { return one.severity != Severity::Error; });
        if (is_json) {
            print_json(session, errors, {});
        } else {
            session.print_diagnostics(errors);
        }
        return session.fail(kAnswerIsNo, "nothing was changed");
    }
    if (is_json) {
        print_json(session, {}, to_text(std::get<Error>(failure)));
    }
    const Error& error = std::get<Error>(failure);
    const int code = session.fail(error);
    using live::Problem;
    const bool is_an_answer = error.cause == Problem::NoSuchVersion ||
                              error.cause == Problem::OtherEnvironment ||
                              error.cause == Problem::TextTooLong ||
                              (error.cause == state::Problem::Missing && !has_store(session));
    return is_an_answer ? int{kAnswerIsNo} : code;
}

namespace {

/// Whoever names the store's key has the change recorded with it. Nothing else is unlocked for an edit: it
/// needs no secret.
Outcome<void> record_with_named_key(const Session& session, live::EngineParts& parts) {
    const Arguments& arguments = session.arguments();
    if (!(arguments.key_file || arguments.key_fd >= 0 || arguments.passphrase) || !expects_store(session)) {
        return {};
    }
    QC_TRY(const auto vault, Vault::open(session));
    const auto copy = [](std::string_view key) {
        return crypto::SecretBytes::copy_of(key, crypto::OnFork::Wipe);
    };
    parts.audit_key = [copy, key = std::make_shared<crypto::SecretBytes>(copy(vault->store().audit_key()))] {
        return std::optional{copy(key->view())};
    };
    return {};
}

}  // namespace

Session::Result<std::unique_ptr<live::Engine>> open_engine(const Session& session,
                                                           const EngineOptions& options) {
    const auto environment = session.environment();
    if (!environment) {
        return std::unexpected{environment.error()};
    }
    auto parts = live::make_parts(session.schema(), open_options(session, environment->environment),
                                  live::References::Kept);
    if (!parts) {
        return std::unexpected{report(session, parts.error())};
    }
    parts->role = options.dry_run ? live::RecorderRole::Reader : live::RecorderRole::Tool;
    parts->accept_missing = options.accept_missing;
    if (!options.dry_run) {
        if (auto done = record_with_named_key(session, *parts); !done) {
            return std::unexpected{session.fail(done.error())};
        }
    }
    const std::string sudo = variable(session, "SUDO_UID");
    const bool is_made_by_sudo = !options.dry_run && ::geteuid() == 0 && !sudo.empty() && sudo != "0" &&
                                 ::access(parts->state_dir.c_str(), F_OK) != 0;
    parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
    parts->show = [](const std::shared_ptr<const live::Version>& /*version*/) {};
    auto engine = live::Engine::open(*std::move(parts), options.from_last_good);
    if (!engine) {
        return std::unexpected{report(session, engine.error())};
    }
    if (is_made_by_sudo) {
        session.err().print(fmt::format(
            "note: {} is new and belongs to root; a program that runs as another user cannot use it: it "
            "goes on in a state folder of its own, if it has one\n",
            escaped(session.state_dir().string())));
    }
    if (const auto given_up = (*engine)->given_up_change()) {
        session.err().print(fmt::format("note: {}\n", to_text(*given_up)));
    }
    if (const auto finished = (*engine)->interrupted_change()) {
        session.err().print(fmt::format("note: an earlier change was interrupted, and has been {} now\n",
                                        *finished ? "finished" : "taken back"));
    }
    return *std::move(engine);
}

}  // namespace quantconf::app
