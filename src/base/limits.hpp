#pragma once

#include <cstddef>
#include <cstdint>

/// The limits of configurations that a user can meet; other folders have a limits.hpp of their own. Each is
/// tested on both sides and named in its message.
namespace quantconf::limits {

inline constexpr std::size_t kFileBytes = std::size_t{16} * 1024 * 1024;  ///< One layer; DESIGN says 16 MiB.
inline constexpr std::size_t kVariableBytes = std::size_t{1024} * 1024;   ///< One variable, one NAME_FILE.
inline constexpr std::size_t kDepth = 64;  ///< Deeper than any real file; keeps recursion shallow.
// Of one document as written: so many keys and values, and one more for each so many bytes of text. One takes
// at most 48 bytes, more than twice while its collection grows and once more when a higher layer is merged
// into it: so 300,000 are 48 MB, and one for 16 bytes is ten times the text.
inline constexpr std::size_t kNodes = 300'000;
inline constexpr std::size_t kBytesPerNode = 16;
inline constexpr std::size_t kAliasNodes = 100'000;     ///< That aliases may add to one document.
inline constexpr std::size_t kInterpolationDepth = 32;  ///< ${a} -> ${b} -> ...
inline constexpr std::size_t kReferences = 10'000;      ///< ${...} in all layers together.
inline constexpr std::size_t kVariables = 10'000;       ///< Of one layer, as far as they are ours.
inline constexpr std::size_t kAuditFieldBytes = 512;    ///< One text of an audit record; longer ones are cut.

}  // namespace quantconf::limits
