// What a provider's headers say about waiting. The first line is the header, the second the answer's Date.

#include <chrono>
#include <optional>
#include <string_view>

#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "quota/retry_after.hpp"

namespace quantconf::fuzz {
namespace {

void require_in_range(std::optional<Duration> wait) {
    require(!wait || (*wait >= Duration{} && *wait <= quota::kWaitMax),
            "a wait is between 0 and the longest");
}

}  // namespace

Verdict run_target(std::string_view input) {
    constexpr Time kNow = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
    const auto line_end = input.find('\n');
    const std::string_view text = input.substr(0, line_end);
    const std::string_view date =
        line_end == std::string_view::npos ? std::string_view{} : input.substr(line_end + 1);

    const auto delta = quota::parse_delta_seconds(text);
    require_in_range(delta);
    require_in_range(quota::parse_go_duration(text));
    require_in_range(quota::parse_epoch_seconds(text, kNow, date));
    const auto after = quota::parse_retry_after(text, kNow, date);
    require_in_range(after);
    require(!delta || after == delta, "seconds are seconds in Retry-After");
    require(!delta || !quota::parse_go_duration(text) || delta == Duration{},
            "only zero is both a number of seconds and a duration of Go");
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
