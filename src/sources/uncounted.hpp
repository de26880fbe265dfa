#pragma once

#include "quantconf/error.hpp"
#include "quantconf/sources/verdict.hpp"

namespace quantconf::sources {

/// Detail of what was not sent because it could not be counted.
inline constexpr std::string_view kUncounted = "ledger";

/// What follows from a ledger that cannot be opened, read or written: nothing is sent. With the way out.
[[nodiscard]] Verdict uncounted(Error why);

}  // namespace quantconf::sources
