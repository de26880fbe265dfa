#pragma once

#include <cstddef>
#include <string>

#include "quantconf/value.hpp"

namespace quantconf::value {

/// One spelling for one configuration: JSON on one line, members sorted by bytes, absent values left out,
/// secrets as their reference and never as plain text. Two configurations are the same if and only if these
/// are equal. Specified in docs/formats.md; its SHA-256 is the `hash` of a configuration.
/// `size_hint` is about how long it will be, if somebody knows.
[[nodiscard]] std::string canonical(const Value& root, std::size_t size_hint = 0);

}  // namespace quantconf::value
