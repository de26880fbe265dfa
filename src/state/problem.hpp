#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "quantconf/error.hpp"

namespace quantconf::state {

/// Why state.db cannot be used. The `cause` of an Error; its category is named "state".
enum class Problem : std::uint8_t {
    Missing = 1,   ///< There is none, and none was to be made.
    Exposed,       ///< File or folder can be read or written by others, or belongs to somebody else.
    NotRegular,    ///< A symbolic link on the way, a second name for the file, a folder, a FIFO, a device.
    Damaged,       ///< Not a database, or one whose pages contradict each other. Quarantine it.
    Foreign,       ///< A database of another program.
    NewerVersion,  ///< Written by a newer quantconf.
    Replaced,      ///< Deleted, renamed or replaced while it was open. Open it again.
    Forked,        ///< Opened before fork(); this process needs its own.
    Busy,          ///< Somebody else held the lock for longer than the timeout.
    Full,          ///< No space on the disk.
    ReadOnly,      ///< The disk or the file cannot be written.
    InputOutput,   ///< The disk failed.
    Unexpected,    ///< SQLite says something that we have no word for; the hint has its words.
    Unreadable,    ///< The permissions do not even let us read it.
};

[[nodiscard]] const std::error_category& problem_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Problem problem) noexcept;

/// "cannot open DIR/state.db: ...", as a result.
[[nodiscard]] std::unexpected<Error> failure(std::string_view operation, std::string_view subject,
                                             Problem problem, std::string hint);

}  // namespace quantconf::state

template <>
struct std::is_error_code_enum<quantconf::state::Problem> : std::true_type {};
