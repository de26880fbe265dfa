#pragma once

#include <system_error>

namespace quantconf::live {

/// Why a live configuration refuses something, where no diagnostic says it better.
enum class Problem : int {
    KeepsChanging = 1,  ///< The files did not hold still long enough to be read.
    InsideCallback,     ///< A subscriber asked for a change of its own manager.
    NoSuchVersion,      ///< The history has no such version, or no longer.
    OtherEnvironment,   ///< That version belongs to another environment.
    NoHistory,          ///< Nothing is recorded, so there is nothing to go back to.
    NothingToSet,       ///< An update without a value.
    TextTooLong,        ///< A reason or an author above its limit.
    NotRecorded,        ///< state.db is unusable, so nothing may change.
    Disturbed,          ///< Somebody began to change the files while they were read; later.
    HistoryLost,        ///< state.db is not the one any more in which this process has published.
};

[[nodiscard]] const std::error_category& problem_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Problem problem) noexcept;

}  // namespace quantconf::live

template <>
struct std::is_error_code_enum<quantconf::live::Problem> : std::true_type {};
