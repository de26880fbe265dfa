#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>

#include "quota/ledger.hpp"

namespace quantconf::quota {

/// Why a request may not go out.
struct Refused {
    /// When it could be asked again, from now; nothing if never.
    std::optional<Duration> wait = {};
    std::string because = {};
    bool was_cancelled = false;
};

/// Waits for a ledger's consent. Inside a class first come, first served; an urgent class goes first, but of
/// ten admissions one belongs to the longest waiting of the others.
///
/// Any thread. Limits may be replaced while others wait: they are planned again.
class Limiter {
public:
    Limiter(Ledger ledger, Limits limits);
    Limiter(Limiter&&) noexcept;
    Limiter& operator=(Limiter&&) = delete;
    ~Limiter();

    /// At once, or never.
    [[nodiscard]] Outcome<std::expected<Receipt, Refused>> try_acquire(Class purpose, std::int64_t cost = 1);
    /// Refused at once if `patience` cannot suffice.
    [[nodiscard]] Outcome<std::expected<Receipt, Refused>> acquire(Class purpose, Duration patience,
                                                                   std::stop_token stop = {},
                                                                   std::int64_t cost = 1);
    void set_limits(Limits limits);
    [[nodiscard]] Limits limits() const;
    [[nodiscard]] Ledger& ledger() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::quota
