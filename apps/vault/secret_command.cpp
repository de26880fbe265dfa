#include "apps/vault/secret_command.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/places.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

struct Verb {
    std::string_view name;
    int (*run)(const Session&, Vault&);
    std::size_t operands_min;
    std::size_t operands_max;
    std::optional<audit::Action> records = {};  ///< What is recorded before it does anything.
    bool retires = false;                       ///< First destroys the previous values whose time is over.
};

constexpr std::size_t kAny = 1'000;

constexpr std::array<Verb, 10> kVerbs{{
    {"set", secret_set, 1, 1, audit::Action::SecretSet, true},
    {"get", secret_get, 1, 1, audit::Action::SecretReveal},
    {"list", secret_list, 0, 0},
    {"rm", secret_rm, 1, 1, audit::Action::SecretRemove, true},
    {"rotate", secret_rotate, 1, 1, audit::Action::SecretRotate, true},
    {"rekey", secret_rekey, 0, 0, audit::Action::StoreRekey, true},
    {"reencrypt", secret_reencrypt, 0, 0, audit::Action::StoreReencrypt, true},
    {"import", secret_import, 0, kAny, audit::Action::SecretImport, true},
    {"verify", secret_verify, 0, 0},
    {"slot", secret_slot, 1, 2},
}};

/// What has to be recorded; nothing for a verb that only looks.
std::optional<audit::Action> action_of(const Verb& verb, const Arguments& arguments) {
    if (verb.name == "slot" && arguments.operands.front() != "list") {
        return arguments.operands.front() == "add" ? audit::Action::SlotAdd : audit::Action::SlotRemove;
    }
    return verb.records;
}

/// An option of another verb would be passed over in silence: `secret set NAME --promote` must not store.
std::optional<std::string_view> misplaced_option(const Arguments& arguments) {
    const std::string& topic = arguments.topic;
    if ((arguments.promote || arguments.abort || arguments.retire) && topic != "rotate") {
        return "--promote, --abort and --retire belong to `secret rotate`";
    }
    const bool adds_slot =
        topic == "slot" && !arguments.operands.empty() && arguments.operands.front() == "add";
    if ((arguments.new_key_file || arguments.new_passphrase) && topic != "rekey" && !adds_slot) {
        return "--new-key-file and --new-passphrase belong to `secret rekey` and `secret slot add`";
    }
    if (arguments.new_key_file && arguments.new_passphrase) {
        return "--new-key-file and --new-passphrase are two different keys: choose one";
    }
    if ((!arguments.other_key_files.empty() || arguments.other_passphrase) && topic != "reencrypt") {
        return "--other-key-file and --other-passphrase belong to `secret reencrypt`";
    }
    if ((!arguments.hosts.empty() || !arguments.expires.empty()) && topic != "set") {
        return "--host and --expires belong to `secret set`";
    }
    if (arguments.accept_damage && topic != "list" && topic != "get" && topic != "verify") {
        return "--accept-damage belongs to `secret list`, `secret get` and `secret verify`";
    }
    if ((arguments.fernet_file || arguments.fernet_key || arguments.dotenv_file || arguments.force) &&
        topic != "import") {
        return "--fernet, --key, --dotenv and --force belong to `secret import`";
    }
    if (arguments.format == "json" && topic == "get") {
        return "secret get prints the bytes of the value, which JSON cannot always hold";
    }
    return std::nullopt;
}

/// What is missing in front of the name, or too much behind it.
int wrong_count(const Session& session, bool is_missing) {
    const std::string& topic = session.arguments().topic;
    if (topic == "slot") {
        return session.fail(kWrongUsage, "secret slot understands list, add LABEL and rm ID",
                            "for example `quantconf secret slot add recovery --new-passphrase`");
    }
    const bool takes_value = topic == "set" || topic == "rotate";
    return session.fail(kWrongUsage,
                        is_missing ? fmt::format("secret {} needs the name of a secret", topic)
                                   : fmt::format("secret {} takes no further argument", topic),
                        takes_value
                            ? "a value is never an argument: it is read from standard input or asked for"
                            : "`quantconf secret --help` shows how");
}

/// What is overdue is destroyed before the change; what keeps it from that keeps the change from happening.
int fail_before_the_change(const Session& session, Error error) {
    if (error.operation == "retire") {
        error.operation = session.arguments().topic;  // Nobody has asked for anything else.
    }
    return session.fail(error);
}

}  // namespace

int run_secret(const Session& session) {
    const std::string& topic = session.arguments().topic;
    if (const auto misplaced = misplaced_option(session.arguments())) {
        return session.fail(kWrongUsage, *misplaced, "`quantconf secret --help` shows how");
    }
    const std::size_t count = session.arguments().operands.size();
    const auto* verb = std::ranges::find(kVerbs, topic, &Verb::name);
    const std::size_t least = verb == kVerbs.end() ? 0 : verb->operands_min;
    const std::size_t most = verb == kVerbs.end() ? 0 : verb->operands_max;
    if (count < least || count > most) {
        return wrong_count(session, count < least);
    }
    if (topic == "init") {
        return secret_init(session);
    }
    if (std::error_code ignored; !std::filesystem::exists(session.state_dir(), ignored)) {
        return session.fail(
            kWorldFailed, fmt::format("there is no store {}", escaped(session.store_file().string())),
            "`quantconf init` makes a folder with one, `quantconf secret init` the store alone; "
            "--config-dir and --state-dir say where else it is");
    }
    const auto vault = Vault::open(session);
    if (!vault) {
        return session.fail(vault.error());
    }
    if (const auto action = action_of(*verb, session.arguments())) {
        // Before anybody is asked for a value.
        if (const auto possible = (*vault)->trail().can_record(*action); !possible) {
            return session.fail(possible.error());
        }
    }
    // `rotate --retire` names one of them, and is to find it.
    if (verb->retires && !session.arguments().retire) {
        if (const auto retired = (*vault)->store().retire_expired(); !retired) {
            return fail_before_the_change(session, retired.error());
        }
    }
    return verb->run(session, **vault);
}

}  // namespace quantconf::app
