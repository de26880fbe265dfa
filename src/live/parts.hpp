#pragma once

#include <cstdint>
#include <expected>

#include "live/engine.hpp"
#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::live {

/// What becomes of references to secrets.
enum class References : std::uint8_t {
    Resolved,  ///< For programs.
    Kept,      ///< For tools that edit and compare: nothing is unlocked for them.
};

/// What an engine needs, from what a program has chosen: environment, folders, variables, secrets. `decode`
/// and `show` are left to the caller.
[[nodiscard]] std::expected<EngineParts, Failure> make_parts(const Schema& schema, const OpenOptions& options,
                                                             References references = References::Resolved);

}  // namespace quantconf::live
