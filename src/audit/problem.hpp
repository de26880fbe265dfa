#pragma once

#include <cstdint>
#include <system_error>

namespace quantconf::audit {

/// Why nothing can be recorded, beside the reasons of state::Problem. The category is named "audit".
enum class Problem : std::uint8_t {
    ChainBroken = 1,  ///< The newest record is not what its writer wrote. Never repaired.
    NotUnfinished,    ///< There is no such intent, or it has its result.
};

[[nodiscard]] const std::error_category& problem_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Problem problem) noexcept;

}  // namespace quantconf::audit

template <>
struct std::is_error_code_enum<quantconf::audit::Problem> : std::true_type {};
