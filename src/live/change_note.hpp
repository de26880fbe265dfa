#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "live/engine.hpp"

namespace quantconf::live {

/// What a change of files is for, as its journal keeps it: kind, number, author and reason, a line each.
[[nodiscard]] std::string note_of(const ChangeRequest& request);
/// Nothing if it is none of ours.
[[nodiscard]] std::optional<ChangeRequest> parse_note(std::string_view note);

}  // namespace quantconf::live
