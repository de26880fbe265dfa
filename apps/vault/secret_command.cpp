#include "apps/vault/secret_command.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"

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
    {"rekey", secret_rekey, 0, 0, audit::Action::StoreRekey},
    {"reencrypt", secret_reencrypt, 0, 0, audit::Action::StoreReencrypt},
    {"import", secret_import, 0, kAny, audit::Action::SecretImport},
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
    if ((arguments.promote || arguments.abort) && topic != "rotate") {
        return "--promote and --abort belong to `secret rotate`";
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
    return std::nullopt;
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
        return session.fail(kWrongUsage,
                            count < least ? fmt::format("secret {} needs a name", topic)
                                          : fmt::format("secret {} takes no further argument", topic),
                            "a value is never an argument: it is read from standard input or asked for");
    }
    if (topic == "init") {
        return secret_init(session);
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
    if (verb->retires) {
        if (const auto retired = (*vault)->store().retire_expired(); !retired) {
            return session.fail(retired.error());
        }
    }
    return verb->run(session, **vault);
}

}  // namespace quantconf::app
