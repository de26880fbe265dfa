#include "sources/key_quota.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "quantconf/error.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

constexpr Duration kQuotaWindow = 12h;
constexpr Duration kQuotaWait = 1h;
constexpr Duration kPauseWithoutWord = 1s;  // Of a provider that said no and not for how long.

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

Verdict unusable(const std::string& why) {
    return {.status = KeyStatus::Unknown,
            .detail = "no_ledger",
            .reason = fmt::format("not asked: requests cannot be counted: {}", why)};
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

std::expected<quota::Receipt, Verdict> LimiterQuota::charge(const Source& source, std::int64_t cost) {
    const std::shared_ptr<quota::Limiter> limiter = limiter_of_(source.provider);
    if (limiter == nullptr) {
        return std::unexpected{unusable("there is no ledger")};
    }
    auto asked = limiter->try_acquire(quota::Class::Probe, cost);
    if (!asked) {
        return std::unexpected{unusable(to_text(asked.error()))};
    }
    if (*asked) {
        return **asked;
    }
    const auto usage = limiter->ledger().usage(limiter->limits());
    return std::unexpected{verdict_of(asked->error(), usage ? std::optional{*usage} : std::nullopt, cost)};
}

void LimiterQuota::refund(const Source& source, const quota::Receipt& receipt) {
    if (const auto limiter = limiter_of_(source.provider)) {
        limiter->ledger().refund(receipt);
    }
}

void LimiterQuota::heard(const Source& source, const Verdict& verdict) {
    const auto limiter = limiter_of_(source.provider);
    if (limiter == nullptr) {
        return;
    }
    if (verdict.remaining && verdict.reset && source.limit_headers.per > Duration{}) {
        limiter->ledger().observe_remaining(source.limit_headers.per, *verdict.remaining, *verdict.reset,
                                            limiter->limits());
    }
    if (verdict.status == KeyStatus::RateLimited || verdict.status == KeyStatus::QuotaExhausted) {
        limiter->ledger().pause(verdict.wait.value_or(kPauseWithoutWord), verdict.reason);
    } else if (verdict.status == KeyStatus::Valid) {
        limiter->ledger().resume();
    }
}

std::optional<DailyUse> LimiterQuota::today(const Source& source) {
    const auto limiter = limiter_of_(source.provider);
    if (limiter == nullptr) {
        return std::nullopt;
    }
    const auto usage = limiter->ledger().usage(limiter->limits());
    return usage ? daily_use_of(*usage) : std::nullopt;
}

}  // namespace quantconf::sources
