#pragma once

namespace quantconf {

/// Says which condition of ours does not hold, where, and stops the process. No input can get here.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace quantconf

/// One condition that only a bug of ours can break. Stays on in release builds.
#define QC_ASSERT(condition) \
    (static_cast<bool>(condition) ? void() : ::quantconf::assertion_failed(#condition, __FILE__, __LINE__))
