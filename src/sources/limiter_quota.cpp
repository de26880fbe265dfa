#include <fmt/format.h>

#include "quantconf/error.hpp"
#include "sources/key_quota.hpp"
#include "sources/pause.hpp"

namespace quantconf::sources {
namespace {

Verdict unusable(const std::string& why) {
    return {.status = KeyStatus::Unknown,
            .detail = "no_ledger",
            .reason = fmt::format("not asked: requests cannot be counted: {}", why)};
}

}  // namespace

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
    if (const auto pause = pause_after(verdict)) {
        limiter->ledger().pause(pause->wait, pause->reason);
    }  // A good key lifts no pause: the provider has said how long, and may have said it for another
       // question.
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
