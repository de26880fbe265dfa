#pragma once

#include <string>

#include "quantconf/value.hpp"

namespace quantconf::value {

/// One spelling for one configuration: JSON on one line, members sorted by bytes, absent values left out,
/// secrets as their reference and never as plain text. Two configurations are the same if and only if these
/// are equal. Specified in docs/formats.md; its SHA-256 is the `hash` of a configuration.
[[nodiscard]] std::string canonical(const Value& root);

}  // namespace quantconf::value
