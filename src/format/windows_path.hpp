#pragma once

#include <string_view>

namespace quantconf::format {

/// Whether a double-quoted text, quotes included, is a Windows path in which an escape has eaten a letter:
/// "C:\temp" contains a tab. `\\` and \" are what somebody writes who knows about escapes.
[[nodiscard]] bool looks_like_broken_path(std::string_view written);

}  // namespace quantconf::format
