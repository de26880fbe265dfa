// What the provider says: pauses, and its own counts.

#include <algorithm>
#include <string_view>

#include "base/utf8.hpp"
#include "quota/bounds.hpp"
#include "quota/clocks.hpp"
#include "quota/decide.hpp"
#include "quota/handover.hpp"
#include "quota/ledger_impl.hpp"
#include "quota/lock_record.hpp"
#include "quota/pacing.hpp"

namespace quantconf::quota {
namespace {

/// How long somebody may be said to wait: after a kill nobody takes it back.
constexpr Duration kTurnMax = std::chrono::milliseconds{500};

/// Of the same window, or else a free one, or else the one that ends first.
Cap& cap_for(Live& live, std::int64_t per, std::int64_t now) noexcept {
    Cap* best = live.caps.data();
    for (Cap& cap : live.caps) {
        if (cap.until.get() > now && cap.per.get() == per) {
            return cap;
        }
        if (cap.until.get() < best->until.get()) {
            best = &cap;
        }
    }
    return *best;
}

const Cap* active_cap(const Live& live, std::int64_t per, std::int64_t now) noexcept {
    const auto* cap = std::ranges::find_if(
        live.caps, [&](const Cap& each) { return each.until.get() > now && each.per.get() == per; });
    return cap == live.caps.end() ? nullptr : cap;
}

/// The provider's headers: whatever they say, no window is longer than itself, and nothing is less than
/// nothing.
bool says_more_than_we_think(Record& record, const Limits& limits, Duration per, std::int64_t remaining,
                             const Moment& moment) {
    return std::ranges::any_of(limits.windows, [&](const Window& window) {
        return window.per == per && remaining >= window.requests - window_used(record, window, moment);
    });
}

/// So much of a reason as fits before an ellipsis: whole words, or whole characters of one long word.
std::string_view beginning_of(std::string_view reason, std::size_t bytes) noexcept {
    std::size_t end = bytes;
    while (end > 0 && !begins_code_point(reason[end])) {
        --end;
    }
    const std::size_t space = reason.substr(0, end + 1).rfind(' ');
    return reason.substr(0, space == std::string_view::npos || space < end / 2 ? end : space);
}

void copy_reason(Live& live, std::string_view reason) noexcept {
    constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
    auto& kept = live.pause_reason;
    kept.fill('\0');
    if (reason.size() <= kept.size()) {
        std::ranges::copy(reason, kept.begin());
        return;
    }
    const auto end =
        std::ranges::copy(beginning_of(reason, kept.size() - kEllipsis.size()), kept.begin()).out;
    std::ranges::copy(kEllipsis, end);
}

/// Whether this is the window whose requests are spread.
bool is_paced(const Window& window, const Pacing& pacing) noexcept {
    return pacing.requests == window.requests && pacing.per == window.per;
}

WindowUsage usage_of(Record& record, const Window& window, const Pacing& pacing, const Moment& moment) {
    const Live& live = record.live;
    WindowUsage usage{.window = window, .used = window_used(record, window, moment)};
    usage.remaining = std::max<std::int64_t>(0, window.requests - usage.used);
    const std::int64_t free_at = window_room_at(record, window, window.requests, 1, moment);
    const std::int64_t in_turn_at =
        is_paced(window, pacing) ? pacing_room_at(live, pacing, moment.now, 1) : moment.now;
    usage.reset = Duration{std::max<std::int64_t>(0, std::max(free_at, in_turn_at) - moment.now)};
    if (const Cap* cap = active_cap(live, window.per.count(), moment.now);
        cap != nullptr && cap->total.get() - live.total.get() < usage.remaining) {
        usage.remaining = std::max<std::int64_t>(0, cap->total.get() - live.total.get());
        usage.reset = Duration{cap->until.get() - moment.now};
        usage.from_provider = true;
    }
    if (window.per >= limits::kDurableFrom && live.used_up_until.get() > moment.now) {
        usage.remaining = 0;
        usage.is_history_lost = true;
        usage.reset = std::max(usage.reset, Duration{live.used_up_until.get() - moment.now});
    }
    return usage;
}

}  // namespace

bool Ledger::is_in_place() const noexcept {
    return impl_->memory->is_in_place();
}

Outcome<void> Ledger::take_over(Ledger& lost) {
    return pass_on(*lost.impl_->memory, *impl_->memory, *impl_->timeline);
}

void Ledger::observe_remaining(Duration per, std::int64_t remaining, Duration reset, const Limits& limits) {
    if (!limits::check(limits, 1) || per <= Duration::zero() || reset <= Duration::zero()) {
        return;
    }
    Record& record = impl_->memory->record();
    Live& live = record.live;
    const Hold hold{*impl_->memory};
    if (hold.error() != 0) {
        return;
    }
    const Moment moment = look_at_clocks(record, *impl_->timeline, limits);
    remaining = std::clamp<std::int64_t>(remaining, 0, limits::kRequests);
    if (says_more_than_we_think(record, limits, per, remaining, moment)) {
        return;
    }
    const std::int64_t until = moment.now + std::min({reset, per, limits::kPerMax}).count();
    const std::int64_t total = live.total.get() + remaining;
    Cap& cap = cap_for(live, per.count(), moment.now);
    if (cap.until.get() > moment.now && cap.per.get() == per.count()) {
        cap.total.set(std::min(cap.total.get(), total));
        return;
    }
    live.caps_until.set(std::max(live.caps_until.get(), until));
    cap.until.set(0);
    cap.per.set(per.count());
    cap.total.set(total);
    cap.until.set(until);
}

void Ledger::pause(Duration wait, const std::string& reason) {
    Live& live = impl_->memory->record().live;
    const Hold hold{*impl_->memory};
    if (hold.error() != 0) {
        return;
    }
    const std::int64_t now = ledger_now(live, *impl_->timeline);
    const std::int64_t until = now + std::clamp(wait, Duration::zero(), limits::kPerMax).count();
    const bool is_paused = live.paused_until.get() > now;
    if (!is_paused) {  // Those that were under way together complain together: that is one complaint.
        slow_down(live, now, until);
    }
    if (!is_paused || until > live.paused_until.get()) {
        copy_reason(live, reason);
        live.paused_until.set(until);
    }
}

void Ledger::resume() {
    Live& live = impl_->memory->record().live;
    const Hold hold{*impl_->memory};
    if (hold.error() != 0) {
        return;
    }
    const std::int64_t now = ledger_now(live, *impl_->timeline);
    if (live.paused_until.get() > now) {
        live.paused_until.set(now);
        live.slowed_at.set(std::min(live.slowed_at.get(), now));
    }
}

void Ledger::wait_for_turn(Duration for_this_long) {
    Live& live = impl_->memory->record().live;
    const Hold hold{*impl_->memory};
    if (hold.error() == 0) {
        const std::int64_t now = ledger_now(live, *impl_->timeline);
        live.others_wait_until.set(
            std::max(live.others_wait_until.get(), now + std::min(for_this_long, kTurnMax).count()));
    }
}

Outcome<Usage> Ledger::usage(const Limits& limits) const {
    if (Outcome<void> possible = limits::check(limits, 1); !possible) {
        return std::unexpected{std::move(possible).error()};
    }
    Record& record = impl_->memory->record();
    const Hold hold{*impl_->memory};
    if (hold.error() != 0) {
        return std::unexpected{lock_error(*impl_->memory, hold.error())};
    }
    const Moment moment = look_at_clocks(record, *impl_->timeline, limits);
    Usage usage;
    for (const Window& window : limits.windows) {
        usage.windows.push_back(usage_of(record, window, limits.pacing, moment));
    }
    if (const std::int64_t until = record.live.paused_until.get(); until > moment.now) {
        const auto& reason = record.live.pause_reason;
        usage.paused = Duration{until - moment.now};
        usage.pause_reason.assign(reason.begin(), std::ranges::find(reason, '\0'));
    }
    if (limits.pacing.adaptive) {
        usage.speed = static_cast<double>(speed_at(record.live, moment.now)) / 1e6;
    }
    return usage;
}

}  // namespace quantconf::quota
