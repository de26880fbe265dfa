#pragma once

#include <expected>

#include "live/engine.hpp"
#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::live {

/// What an engine needs, from what a program has chosen: environment, folders, variables, secrets. `decode`
/// and `show` are left to the caller.
[[nodiscard]] std::expected<EngineParts, Failure> make_parts(const Schema& schema,
                                                             const OpenOptions& options);

}  // namespace quantconf::live
