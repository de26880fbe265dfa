#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "quantconf/error.hpp"

namespace quantconf::history {

/// Why a version or a change of files was refused, beside the reasons of state::Problem and audit::Problem.
/// The `cause` of an Error; its category is named "history". Numbers never change their meaning.
enum class Problem : std::uint8_t {
    Conflict = 1,       ///< A file does not have the bytes from which the change was made.
    Locked,             ///< Another process is changing files and did not finish in time.
    Unfinished,         ///< An earlier change was interrupted: recover() first.
    JournalDamaged,     ///< The journal's bytes do not fit their own checksum, or end too early.
    UnknownFormat,      ///< A journal of a later version, or not ours.
    NotRegular,         ///< A folder, FIFO, socket, device or dangling link in place of a file.
    TooLarge,           ///< More than the limit named in the hint.
    ReadOnly,           ///< The folder of a file takes no writes.
    DurabilityUnknown,  ///< Done, but a power cut may still bring the journal back.
    NoSuchProcess,      ///< No row of this number in the process table, or one that was removed.
    SavedMeanwhile,     ///< Done; a text that somebody saved meanwhile is kept beside its file.
};

[[nodiscard]] const std::error_category& problem_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Problem problem) noexcept;

/// "cannot change FILE: ...", as a result.
[[nodiscard]] std::unexpected<Error> refuse(std::string_view operation, std::string_view subject,
                                            Problem problem, std::string hint);
/// The same where the operating system said no.
[[nodiscard]] std::unexpected<Error> refuse_errno(std::string_view operation, std::string_view subject,
                                                  int number, std::string hint = {});

}  // namespace quantconf::history

template <>
struct std::is_error_code_enum<quantconf::history::Problem> : std::true_type {};
