#pragma once

#include "quantconf/error.hpp"
#include "quantconf/sources/client.hpp"

namespace quantconf::sources {

/// An error that names the member that is out of its bounds and says what is possible: before anything is
/// made or opened. Files are not looked at: who opens them says what is wrong with them.
[[nodiscard]] Outcome<void> check_options(const ClientOptions& options);

}  // namespace quantconf::sources
