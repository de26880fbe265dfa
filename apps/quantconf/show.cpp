#include <string>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/secret_command.hpp"
#include "base/diagnostic_report.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"
#include "quantconf/secret.hpp"
#include "schema/secret_reference.hpp"
#include "value/node.hpp"

namespace quantconf::app {
namespace {

std::string where(std::string_view /*path*/, const Value& value) {
    return value.origin() == nullptr ? "default" : location_of(value.origin()->origin());
}

/// `get --reveal`: the plain text of one secret, recorded before it leaves the store.
int reveal_value(const Session& session, const Value& value, std::string_view path) {
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

int run_show(const Session& session) {
    const auto candidate = session.load_valid();
    if (!candidate) {
        return candidate.error();
    }
    const Value& root = (*candidate)->root;
    const std::string& format = session.arguments().format;
    if (format == "json") {
        session.out().print(format::to_json(root));
    } else if (format == "flat") {
        session.out().print(format::to_flat(root));
    } else if (session.arguments().origins) {
        session.out().print(format::to_yaml(root, where));
    } else {
        session.out().print(format::to_yaml(root));
    }
    return kFine;
}

int run_get(const Session& session) {
    const std::string& path = session.arguments().operands.front();
    if (session.schema().find(path) == nullptr) {
        return session.unknown_path(path);
    }
    const auto candidate = session.load_valid();
    if (!candidate) {
        return candidate.error();
    }
    const Value* value = (*candidate)->root.at(path);
    if (value == nullptr) {
        return session.fail(kAnswerIsNo, fmt::format("{} is not set", path),
                            fmt::format("`quantconf explain {}` says what could set it", path));
    }
    if (session.arguments().reveal) {
        return reveal_value(session, *value, path);
    }
    if (session.arguments().format == "json") {
        session.out().print(format::to_json(*value));
    } else if (value->kind() == Value::Kind::Map || value->kind() == Value::Kind::List) {
        session.out().print(format::to_yaml(*value));
    } else {
        const std::string text = format::to_display(*value);
        session.out().print((session.out().is_interactive() ? escaped(text) : text) + "\n");
    }
    return kFine;
}

}  // namespace quantconf::app
