#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/quantbot/rate_limit.hpp"

namespace quantconf::quantbot {

/// One window that a provider is known to enforce for one plan.
struct PlanLimit {
    Provider provider;
    Plan plan;
    std::int64_t requests;
    std::chrono::seconds per;
    /// Begins at a fixed time, such as midnight UTC, instead of with any request.
    bool is_calendar;
    std::string_view evidence;  ///< How well the figure is known, for the message.
};

/// A plan that can be bought. Whether anything is known about its limits is another question.
struct KnownPlan {
    Provider provider;
    Plan plan;
};

/// All figures, by provider. Facts about somebody else's service: they age, so a message always names the
/// evidence.
[[nodiscard]] std::span<const PlanLimit> plan_limits();

[[nodiscard]] std::span<const KnownPlan> known_plans();

/// The names of the plans that a provider has.
[[nodiscard]] std::vector<std::string> plans_of(std::string_view provider);

}  // namespace quantconf::quantbot
