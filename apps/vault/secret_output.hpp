#pragma once

#include <string_view>

#include "apps/quantconf/session.hpp"
#include "apps/vault/vault.hpp"

/// What the verbs of `quantconf secret` print once they have changed something.
namespace quantconf::app {

[[nodiscard]] bool wants_json(const Session& session);

/// One line for people.
void say(const Session& session, std::string_view text);

/// What became of one secret: `text`, or the JSON object that all such verbs share, {"action","name",
/// "version","pending","previous","generation"}. The three are numbers of versions, null where there is none.
int report_change(const Session& session, const Vault& vault, std::string_view action, std::string_view name,
                  std::string_view text);

}  // namespace quantconf::app
