#include <string>
#include <string_view>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/secret_command.hpp"
#include "quantconf/secret.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::app {
namespace {

/// The plain text of one secret, recorded before it leaves the store.
int reveal_value(const Session& session, const Value& value, std::string_view path) {
    if (session.arguments().format == "json") {
        return session.fail(kWrongUsage,
                            "--reveal prints the bytes of the value, which JSON cannot always hold",
                            "leave --format out");
    }
    if (value.kind() != Value::Kind::Secret) {
        return session.fail(kAnswerIsNo, fmt::format("{} is no secret", path), "leave --reveal out");
    }
    if (value.secret_reference().empty()) {
        session.out().print(value.secret_text(grant_secret_access()));
        return kFine;
    }
    const auto chosen = session.environment();
    const auto vault = Vault::open(session);
    if (!vault || !chosen) {
        return vault ? chosen.error() : session.fail(vault.error());
    }
    std::string_view reference = value.secret_reference().substr(schema::kSecretPrefix.size());
    reference.remove_prefix(reference.starts_with('?') ? 1 : 0);
    const auto plain =
        reveal(**vault, reference, audit::Action::SecretReveal, {.environment = chosen->environment});
    if (!plain) {
        return session.fail(plain.error());
    }
    session.out().print(plain->view());
    if (session.out().is_interactive()) {
        session.out().print("\n");
    }
    return kFine;
}

}  // namespace

int run_reveal(const Session& session) {
    const Value* value = nullptr;
    const auto candidate = load_with_value(session, value);
    return candidate ? reveal_value(session, *value, session.arguments().operands.front())
                     : candidate.error();
}

}  // namespace quantconf::app
