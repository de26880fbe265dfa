#pragma once

#include "live/version.hpp"
#include "quantconf/live.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::live {

/// The leaves in which two versions differ as people see them. A secret whose value is another one is a
/// change, also where the reference is the same: "SECURE:polygon_key" with the version that it stands for,
/// "SECURE:polygon_key (v3)".
[[nodiscard]] ConfigChanges changes_between(const Version& from, const Version& to);

/// Whether every one of the changes lowers what the schema declares as risk, and does nothing else.
[[nodiscard]] bool is_pure_tightening(const Schema& schema, const Version& from, const Version& to);

}  // namespace quantconf::live
