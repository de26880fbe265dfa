#pragma once

#include <string>
#include <string_view>

#include "apps/quantconf/session.hpp"

/// What both `diff`s are made of: that of files, and that of versions.
namespace quantconf::app {

/// "v12" or "live": for that the history is needed.
[[nodiscard]] bool names_a_version(std::string_view text);

/// An environment of this folder, or another folder in the chosen environment. Only what files say is
/// compared.
[[nodiscard]] Session::Result<CandidatePointer> side_of_files(const Session& session,
                                                              const std::string& text);

/// Prints what differs, in the format that was asked for; the exit code.
int print_differences(const Session& session, const Value& from, const Value& to);

}  // namespace quantconf::app
