#include "sources/key_quota.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

constexpr Duration kQuotaWindow = 12h;
constexpr Duration kQuotaWait = 1h;

std::string in_words(Duration wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 3'600;
    if (seconds < 2 * kMinute) {
        return fmt::format("{} s", seconds);
    }
    return seconds < 2 * kHour ? fmt::format("{} min", seconds / kMinute)
                               : fmt::format("{} h", seconds / kHour);
}

}  // namespace

Verdict verdict_of(const quota::Refused& refused, const std::optional<quota::Usage>& usage,
                   std::int64_t cost) {
    const bool is_used_up =
        usage && std::ranges::any_of(usage->windows, [&](const quota::WindowUsage& window) {
            return window.window.per >= kQuotaWindow && window.remaining < cost;
        });
    const bool is_quota = is_used_up || !refused.wait || *refused.wait >= kQuotaWait;
    return {.status = is_quota ? KeyStatus::QuotaExhausted : KeyStatus::RateLimited,
            .detail = "own_count",
            .reason = refused.wait ? fmt::format("not asked: {}; possible again in {}", refused.because,
                                                 in_words(*refused.wait))
                                   : fmt::format("not asked: {}", refused.because),
            .wait = refused.wait};
}

std::optional<DailyUse> daily_use_of(const quota::Usage& usage) {
    const auto day = std::ranges::find_if(
        usage.windows, [](const quota::WindowUsage& window) { return window.window.per == 24h; });
    return day == usage.windows.end()
               ? std::nullopt
               : std::optional{DailyUse{.used = day->used, .limit = day->window.requests}};
}

}  // namespace quantconf::sources
