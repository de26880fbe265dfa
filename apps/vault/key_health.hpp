#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/vault/doctor.hpp"
#include "apps/vault/state_view.hpp"
#include "base/json_writer.hpp"
#include "quantconf/sources/key_report.hpp"

namespace quantconf::app {

/// What is known of the key of one source.
struct KeyHealth {
    std::string source = {};  ///< "polygon".
    sources::KeyReport report = {};
};

/// The keys that `root` has, with what was last found out about those that this environment uses; Unknown for
/// a key that nobody has checked. Nobody is asked, and the store is not unlocked. `state` may be null. Adds a
/// check if anything is known: a bad key is a warning.
[[nodiscard]] std::vector<KeyHealth> look_at_keys(const Session& session, StateView* state, const Value& root,
                                                  Environment environment, Checks& checks);

/// "polygon": {"status", "checked_at", "error", "rate_limit_remaining", "rate_limit_reset", "quota_used",
/// "daily_quota"}
void write_key(JsonWriter& json, const KeyHealth& key);

}  // namespace quantconf::app
