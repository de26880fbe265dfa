#include "apps/vault/secret_output.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "base/json_writer.hpp"

namespace quantconf::app {
namespace {

void write_version(JsonWriter& json, std::string_view key, const Outcome<secrets::SecretInfo>& info,
                   secrets::VersionState state) {
    json.key(key);
    if (info) {
        const auto version = std::ranges::find(info->versions, state, &secrets::VersionInfo::state);
        if (version != info->versions.end()) {
            json.value(version->number);
            return;
        }
    }
    json.null();
}

}  // namespace

bool wants_json(const Session& session) {
    return session.arguments().format == "json";
}

void say(const Session& session, std::string_view text) {
    session.out().print(fmt::format("{}\n", text));
}

int report_change(const Session& session, const Vault& vault, std::string_view action, std::string_view name,
                  std::string_view text) {
    if (!wants_json(session)) {
        say(session, text);
        return kFine;
    }
    const auto info = vault.store().info(name);
    JsonWriter json;
    json.begin_object().member("action", action).member("name", name);
    write_version(json, "version", info, secrets::VersionState::Current);
    write_version(json, "pending", info, secrets::VersionState::Pending);
    write_version(json, "previous", info, secrets::VersionState::Previous);
    json.member("generation", vault.store().generation()).end_object();
    session.out().print(json.take());
    return kFine;
}

}  // namespace quantconf::app
