#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/types.hpp"
#include "quantconf/value.hpp"

namespace quantconf::quantbot {

/// One window as somebody configured it.
struct ConfiguredWindow {
    std::string path;  ///< Below the provider's entry: "requests_per_day", "extra_windows[0].requests".
    std::int64_t requests = 0;
    Duration per{};
    bool is_extra = false;  ///< Of extra_windows.
};

/// The windows of one entry of `rate_limits`, shortest first. Those that are not set are left out.
[[nodiscard]] std::vector<ConfiguredWindow> windows_of(const Value& entry);

/// The most requests that all windows together let through in any period of one length.
struct Allowance {
    std::int64_t requests = 0;
    const ConfiguredWindow* binding = nullptr;  ///< The window that is responsible for it.
};

enum class Counting : std::uint8_t {
    Rolling,       ///< In any period of the window's length.
    FixedPeriods,  ///< From one full minute to the next: what remains of two periods can meet at the change.
};

/// Nothing without windows: then there is no most.
[[nodiscard]] std::optional<Allowance> allowance(const std::vector<ConfiguredWindow>& windows,
                                                 Duration period, Counting counting);

/// "second", "day", "12 hours": what comes after "requests per".
[[nodiscard]] std::string period_text(Duration period);

}  // namespace quantconf::quantbot
