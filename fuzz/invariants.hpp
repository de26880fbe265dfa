#pragma once

#include <string>
#include <string_view>

#include "quantconf/diagnostic.hpp"

/// What must hold for every input, whatever it is. A broken promise stops the process, which is what the
/// fuzzer looks for.
namespace quantconf::fuzz {

/// Prints `promise` and aborts unless `kept`.
void require(bool kept, std::string_view promise);

/// Code and message are there, every place lies inside its source, and each form of output can be made.
/// The result is all that was rendered, for a search after what may not be in it.
[[nodiscard]] std::string check_and_render(const Diagnostics& diagnostics);

/// Nothing that stands in for a secret may be in `rendered`.
void require_absent(std::string_view secret, std::string_view rendered);

}  // namespace quantconf::fuzz
