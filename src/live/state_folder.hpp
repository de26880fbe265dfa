#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "quantconf/error.hpp"

namespace quantconf::live {

/// Whose state folder it is. It belongs to one user, who runs the program; everybody else is refused.

/// Who wants to use it.
enum class StateUser : std::uint8_t {
    Reader,   ///< Only looks.
    Program,  ///< Runs, and makes it where there is none.
    Tool,     ///< Changes something, for a program that may run as another user.
};

/// Before anything in it is looked at: an Error that names both users, and what to do, where it belongs to
/// another one; or where a tool that root runs would make it in a folder of another user, who could not use
/// it. Makes the folders above it (mode 0700) where it lies below $XDG_STATE_HOME, but no HOME.
[[nodiscard]] Outcome<void> prepare_state_folder(const std::filesystem::path& folder, StateUser user,
                                                 const std::vector<std::string>& variables);

/// An Error where root would make a folder for itself in one of another user.
[[nodiscard]] Outcome<void> check_new_folder_is_ours(const std::filesystem::path& folder);

}  // namespace quantconf::live
