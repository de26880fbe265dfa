#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/schema.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// A result that grows beyond this is a mistake.
inline constexpr std::size_t kInterpolatedBytesMax = std::size_t{64} * 1024;

/// What ${...} may refer to, and where problems go.
struct Interpolation {
    const Schema& schema;
    const value::Node& merged;
    const std::vector<std::string>& variables;  ///< "NAME=value" for ${env:NAME}.
    Arena& arena;
    Diagnostics& diagnostics;
    /// Receives the places that failed: whatever else may be wrong with their text has the same reason.
    std::vector<Origin>& failed;
};

/// Replaces `${path}`, `${env:NAME}`, `${path:-default}` and `${env:NAME:-default}` in the winning scalars of
/// files, and
/// `$$` by `$`. A naked `$x` stays as it is, and in secret fields everything does.
///
/// The default counts where the path has no value or null, or the variable is not set or empty. A path gives
/// the winning text, interpolated itself, or the schema's default. What a higher layer hides is not resolved:
/// such scalars are left out of the result, which is for typing alone; `explain` reads the tree as it was
/// written.
[[nodiscard]] value::Node interpolate(const Interpolation& interpolation);

}  // namespace quantconf::layers
