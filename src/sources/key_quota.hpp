#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>

#include "quota/limiter.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// What has been used of a day's requests, by our own count.
struct DailyUse {
    std::int64_t used = 0;
    std::int64_t limit = 0;
};

/// Who pays for the checks of keys: the ledgers that pay for everything else, too. Any thread.
class KeyQuota {
public:
    KeyQuota() = default;
    KeyQuota(const KeyQuota&) = delete;
    KeyQuota& operator=(const KeyQuota&) = delete;
    virtual ~KeyQuota() = default;

    /// At once, or the verdict by our own count: RateLimited or QuotaExhausted; Unknown where the ledger
    /// cannot be used. Then nothing may be sent.
    [[nodiscard]] virtual std::expected<quota::Receipt, Verdict> charge(const Source& source,
                                                                        std::int64_t cost) = 0;
    /// Nothing of it was sent.
    virtual void refund(const Source& source, const quota::Receipt& receipt) = 0;
    /// What the provider said about limits.
    virtual void heard(const Source& source, const Verdict& verdict) = 0;
    [[nodiscard]] virtual std::optional<DailyUse> today(const Source& source) = 0;
};

/// The limiters of a client.
class LimiterQuota final : public KeyQuota {
public:
    using LimiterOf = std::function<std::shared_ptr<quota::Limiter>(quantbot::Provider)>;

    /// Why a source has no limiter.
    using WhyNot = std::function<Verdict(quantbot::Provider)>;

    /// Without a limiter a source is not asked.
    explicit LimiterQuota(LimiterOf limiter_of, WhyNot why_not = {})
        : limiter_of_{std::move(limiter_of)}, why_not_{std::move(why_not)} {}

    [[nodiscard]] std::expected<quota::Receipt, Verdict> charge(const Source& source,
                                                                std::int64_t cost) override;
    void refund(const Source& source, const quota::Receipt& receipt) override;
    void heard(const Source& source, const Verdict& verdict) override;
    [[nodiscard]] std::optional<DailyUse> today(const Source& source) override;

private:
    LimiterOf limiter_of_;
    WhyNot why_not_;
};

/// What our own refusal says: QuotaExhausted if a window of half a day or more is used up, or the next
/// request is an hour away.
[[nodiscard]] Verdict verdict_of(const quota::Refused& refused, const std::optional<quota::Usage>& usage,
                                 std::int64_t cost);
/// Of the window of a day, if there is one.
[[nodiscard]] std::optional<DailyUse> daily_use_of(const quota::Usage& usage);

}  // namespace quantconf::sources
