#pragma once

namespace quantconf {

/// The version of this library and its tools, as in CMakeLists.txt (a test compares them). Semantic
/// versioning.
inline constexpr const char* kVersion = "0.1.0";

}  // namespace quantconf
