#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/read_value.hpp"
#include "apps/vault/secret_command.hpp"
#include "apps/vault/secret_output.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"
#include "quantconf/secret.hpp"
#include "schema/host.hpp"
#include "schema/secret_reference.hpp"
#include "secrets/problem.hpp"

namespace quantconf::app {
namespace {

using secrets::Problem;

/// "production,staging" of --env.
Checked<std::vector<Environment>> environments_of(const std::string& text) {
    std::vector<Environment> environments;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const auto environment = parse_environment(text.substr(at, end - at));
        if (!environment) {
            return std::unexpected{Diagnostics{}};
        }
        environments.push_back(*environment);
        at = end + 1;
    }
    return environments;
}

void note(const Session& session, std::string_view text) {
    session.err().print(fmt::format("{} {}\n", session.err().cyan("note:"), text));
}

/// What `secret set` was told about the secret besides its value. What it was not told stays as it is: a new
/// date must not let a secret of production into development.
Session::Result<std::optional<secrets::SecretOptions>> options_of(const Session& session, const Vault& vault,
                                                                  const std::string& name) {
    const Arguments& arguments = session.arguments();
    secrets::SecretOptions options;
    if (const auto info = vault.store().info(name)) {
        options = {.environments = info->environments, .hosts = info->hosts, .expires = info->expires};
    }
    const bool is_for_all_hosts = arguments.hosts == std::vector<std::string>{"all"};
    for (const std::string& host : arguments.hosts) {
        if (!schema::valid_host(host)) {
            return std::unexpected{session.fail(kWrongUsage,
                                                fmt::format("--host names no host: {}", quoted(host)),
                                                "write a name or an address alone: --host api.example.org")};
        }
    }
    if (arguments.hosts.size() > secrets::limits::kHosts) {
        return std::unexpected{session.fail(
            kWrongUsage, fmt::format("a secret is bound to at most {} hosts", secrets::limits::kHosts))};
    }
    if (!arguments.hosts.empty()) {
        options.hosts = is_for_all_hosts ? std::vector<std::string>{} : arguments.hosts;
    }
    if (arguments.environment == "all") {
        options.environments.clear();
    } else if (arguments.environment) {
        auto environments = environments_of(*arguments.environment);
        if (!environments) {
            return std::unexpected{session.fail(
                kWrongUsage, fmt::format("--env names no environments: {}", quoted(*arguments.environment)),
                "write one or several: --env production,staging; all lifts the binding")};
        }
        options.environments = *std::move(environments);
    }
    if (arguments.expires == "never") {
        options.expires.reset();
    } else if (!arguments.expires.empty()) {
        const auto day = parse_rfc3339(arguments.expires + "T00:00:00Z");
        const auto moment = day ? day : parse_rfc3339(arguments.expires);
        if (!moment) {
            return std::unexpected{
                session.fail(kWrongUsage, fmt::format("--expires is no date: {}", quoted(arguments.expires)),
                             "write 2027-01-31, 2027-01-31T12:00:00Z or never")};
        }
        if (*moment <= SystemClock{}.now()) {
            note(session, fmt::format("{} has passed: every use of this secret will be warned about",
                                      arguments.expires));
        }
        options.expires = *moment;
    }
    const bool says_anything =
        arguments.environment || !arguments.hosts.empty() || !arguments.expires.empty();
    return says_anything ? std::optional{std::move(options)} : std::nullopt;
}

/// The name must be right before anybody types a value.
std::optional<int> bad_name(const Session& session, const std::string& name) {
    if (schema::valid_secret_name(name)) {
        return std::nullopt;
    }
    // Not the text: perhaps the value was pasted here.
    return session.fail(
        kWrongUsage, "that is not the name of a secret",
        "a name has up to 128 letters, digits, dots, underscores and hyphens, and begins with a "
        "letter or digit; the value is read from standard input");
}

std::string current_version(Vault& vault, const std::string& name) {
    const auto info = vault.store().info(name);
    return info && info->current ? fmt::format("version {}", *info->current) : std::string{"no version"};
}

/// The value of a terminal, a pipe or a file; an empty one is a mistake.
Session::Result<crypto::SecretBytes> value_for(const Session& session, const std::string& verb,
                                               const std::string& name) {
    auto value = read_value(
        fmt::format("value of {}, for the store {}", name, escaped(session.store_file().string())));
    if (!value) {
        return std::unexpected{session.fail(value.error())};
    }
    if (value->empty()) {
        return std::unexpected{session.fail(
            kAnswerIsNo, "nothing was stored: standard input was empty",
            fmt::format("`quantconf secret {} {} < FILE`, or type it at a terminal", verb, name))};
    }
    constexpr std::string_view kBlanks = " \t\r\n";
    if (kBlanks.contains(value->view().front()) || kBlanks.contains(value->view().back())) {
        note(session, "the value begins or ends with a blank or the end of a line, which is stored with it");
    }
    return *std::move(value);
}

/// What people write where `secret get` wants the name of a secret.
int not_a_reference(const Session& session, std::string_view text) {
    constexpr std::string_view kForms = "write NAME, NAME@3, NAME@previous or NAME@pending";
    const std::string_view hint = text.starts_with(schema::kSecretPrefix) ? "leave SECURE: out"
                                  : text.ends_with("@current") ? "NAME alone means the current value"
                                                               : kForms;
    return session.fail(kWrongUsage, "that is not the name of a secret", hint);
}

secrets::VersionState state_of(secrets::Label label) {
    switch (label) {
        case secrets::Label::Current:
            return secrets::VersionState::Current;
        case secrets::Label::Previous:
            return secrets::VersionState::Previous;
        case secrets::Label::Pending:
            break;
    }
    return secrets::VersionState::Pending;
}

/// The number of the version that was meant.
audit::Version version_of(const Vault& vault, const std::string& name, secrets::VersionSelector which) {
    if (const auto* number = std::get_if<std::uint32_t>(&which)) {
        return audit::Version::number(*number);
    }
    if (const auto info = vault.store().info(name)) {
        const auto version = std::ranges::find(info->versions, state_of(std::get<secrets::Label>(which)),
                                               &secrets::VersionInfo::state);
        if (version != info->versions.end()) {
            return audit::Version::number(version->number);
        }
    }
    return {};
}

/// A value to be tried first. A name that nobody has set is a slip of the pen: refused before anybody types.
int add_pending(const Session& session, Vault& vault, const std::string& name) {
    if (const auto info = vault.store().info(name); !info) {
        Error error = info.error();
        error.operation = "rotate";
        error.hint += fmt::format("{} a new secret is stored by `quantconf secret set {}`",
                                  error.hint.ends_with('?') ? "" : ";", name);
        return session.fail(error);
    }
    const auto value = value_for(session, "rotate", name);
    if (!value) {
        return value.error();
    }
    const auto number = vault.store().rotate(name, value->view());
    if (!number) {
        return session.fail(number.error());
    }
    return report_change(
        session, vault, "rotate", name,
        fmt::format("version {} of {} is pending; try it, then `quantconf secret rotate {} --promote` or "
                    "--abort",
                    *number, name, name));
}

}  // namespace

Outcome<crypto::SecretBytes> reveal(Vault& vault, std::string_view reference, audit::Action action,
                                    const secrets::Use& use) {
    constexpr std::string_view kPending = "@pending";
    secrets::VersionSelector which = secrets::Label::Pending;
    std::string name{reference};
    if (reference.ends_with(kPending)) {
        name.resize(name.size() - kPending.size());
    } else {
        const std::string text = fmt::format("SECURE:{}", reference);
        const auto parsed = schema::parse_secret_reference(text);
        if (!parsed) {
            return std::unexpected{Error{"read the secret", "(not a name)", Problem::BadName,
                                         "write NAME, NAME@3, NAME@previous or NAME@pending"}};
        }
        name = parsed->name;
        which = secrets::selector_of(text);
    }
    // Looked up first, so that the record says what happened: a refusal is no reveal. Until it is recorded,
    // nobody sees the text.
    auto plain = vault.store().get(name, which, use);
    if (!plain) {
        const std::error_code cause = plain.error().cause;
        if (cause == Problem::NotFound || cause == Problem::Retired) {  // The store has recorded the others.
            (void)vault.trail().refused({.action = "secret.get",
                                         .target = name,
                                         .generation = vault.store().generation(),
                                         .cause = cause});
        }
        return plain;
    }
    if (auto done = vault.trail().record({.action = action,
                                          .target = audit::Target::secret(name),
                                          .from = version_of(vault, name, which),
                                          .detail = audit::Detail{}.generation(vault.store().generation())});
        !done) {
        return std::unexpected{done.error()};
    }
    return plain;
}

int secret_set(const Session& session, Vault& vault) {
    const std::string& name = session.arguments().operands.front();
    if (const auto code = bad_name(session, name)) {
        return *code;
    }
    const auto options = options_of(session, vault, name);
    if (!options) {
        return options.error();
    }
    const auto value = value_for(session, "set", name);
    if (!value) {
        return value.error();
    }
    if (const auto done = vault.store().set(name, value->view(), *options); !done) {
        return session.fail(done.error());
    }
    return report_change(
        session, vault, "set", name,
        fmt::format("stored {}, {}; refer to it as SECURE:{}", name, current_version(vault, name), name));
}

int secret_get(const Session& session, Vault& vault) {
    const std::string& reference = session.arguments().operands.front();
    if (reference.starts_with('?')) {  // Part of a reference in a configuration, not of a name.
        return not_a_reference(session, reference);
    }
    const auto plain = reveal(vault, reference, audit::Action::SecretReveal);
    if (!plain && plain.error().cause == Problem::BadName) {
        return not_a_reference(session, reference);
    }
    if (!plain) {
        Error error = plain.error();
        if (error.cause == Problem::NotFound && session.schema().find(reference) != nullptr) {
            error.hint =
                fmt::format("that is a key of the configuration: `quantconf get --reveal {}`", reference);
        }
        return session.fail(error);
    }
    session.out().print(plain->view());
    if (session.out().is_interactive()) {
        session.out().print("\n");
    }
    return kFine;
}

int secret_rm(const Session& session, Vault& vault) {
    const std::string& name = session.arguments().operands.front();
    if (const auto code = bad_name(session, name)) {
        return *code;
    }
    if (const auto done = vault.store().rm(name); !done) {
        return session.fail(done.error());
    }
    return report_change(session, vault, "rm", name,
                         fmt::format("removed {}; backups of the store still have it", name));
}

int secret_rotate(const Session& session, Vault& vault) {
    const Arguments& arguments = session.arguments();
    const std::string& name = arguments.operands.front();
    if (const auto code = bad_name(session, name)) {
        return *code;
    }
    if (arguments.promote + arguments.abort + arguments.retire > 1) {
        return session.fail(kWrongUsage, "--promote, --abort and --retire are three different things",
                            "leave all but one of them out");
    }
    secrets::Store& store = vault.store();
    if (arguments.promote) {
        const auto done = store.promote(name);
        return done ? report_change(session, vault, "promote", name,
                                    fmt::format("{} is now {}; SECURE:{}@previous works for 15 minutes, "
                                                "then the next change destroys it",
                                                name, current_version(vault, name), name))
                    : session.fail(done.error());
    }
    if (arguments.abort) {
        const auto done = store.abort(name);
        return done ? report_change(session, vault, "abort", name,
                                    fmt::format("the pending value of {} is destroyed", name))
                    : session.fail(done.error());
    }
    if (arguments.retire) {
        const auto done = store.retire(name);
        return done ? report_change(session, vault, "retire", name,
                                    fmt::format("the previous value of {} is destroyed; backups of the store "
                                                "still have it",
                                                name))
                    : session.fail(done.error());
    }
    return add_pending(session, vault, name);
}

}  // namespace quantconf::app
