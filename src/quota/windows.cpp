#include "quota/windows.hpp"

#include <algorithm>

#include "quota/bounds.hpp"
#include "quota/history.hpp"
#include "quota/period.hpp"
#include "quota/period_key.hpp"

namespace quantconf::quota {
namespace {

/// The place of a window, or the one that can best be spared.
Period& place_of(Live& live, std::int64_t key) noexcept {
    Period* spare = live.periods.data();
    for (Period& period : live.periods) {
        if (period.key.get() == key) {
            return period;
        }
        if (spare->key.get() != 0 && (period.key.get() == 0 || period.end.get() < spare->end.get())) {
            spare = &period;
        }
    }
    return *spare;
}

/// The period that is being counted now. A new one begins when both opinions of the wall say so.
Period& current(Record& record, const Window& window, const Moment& moment) {
    const std::int64_t key = period_key_of(window);
    Period& period = place_of(record.live, key);
    const bool is_ours = period.key.get() == key;
    if (is_ours && moment.wall.earlier < period.end.get()) {
        return period;
    }
    const Span span = period_at(window, moment.wall.earlier);
    if (is_ours && span.start <= period.start.get()) {
        return period;
    }
    const std::int64_t age = std::min(moment.wall.later - span.start, longest_period(window));
    const std::int64_t before = count_before(record, moment.now - age);
    if (!is_ours) {
        period.key.set(0);
    }
    period.total_at_start.set(before);
    period.end.set(span.end);
    period.start.set(span.start);
    period.key.set(key);
    return period;
}

/// Set back before the period that is being counted: no request older than the longest period counts in any.
bool was_set_back(const Period& period, const Moment& moment) noexcept {
    return moment.wall.earlier < period.start.get();
}

std::int64_t used_in(const Record& record, const Period& period, const Window& window, const Moment& moment) {
    const std::int64_t total = record.live.total.get();
    const std::int64_t used = total - period.total_at_start.get();
    if (!was_set_back(period, moment)) {
        return used;
    }
    return std::min(used, total - count_before(record, moment.now - longest_period(window)));
}

/// Whether a period is under way and has room whatever the wall says: it is over only when both opinions say
/// so, and a wall that was set back makes it hold fewer requests, not more. Changes nothing.
bool has_room_by_any_wall(Live& live, const Window& window, std::int64_t requests, std::int64_t cost,
                          const Moment& moment) noexcept {
    const std::int64_t key = period_key_of(window);
    const Period& period = place_of(live, key);
    return period.key.get() == key && moment.wall.earlier < period.end.get() &&
           live.total.get() - period.total_at_start.get() + cost <= requests;
}

}  // namespace

std::int64_t window_room_at(Record& record, const Window& window, std::int64_t requests, std::int64_t cost,
                            const Moment& moment) {
    if (cost > requests) {
        return kNever;
    }
    if (window.kind == WindowKind::Rolling) {
        return room_at(record, moment.now, requests, (window.per + window.guard).count(), cost);
    }
    if (moment.is_wall_expected) {
        return has_room_by_any_wall(record.live, window, requests, cost, moment) ? moment.now : kNever;
    }
    const Period& period = current(record, window, moment);
    if (used_in(record, period, window, moment) + cost <= requests) {
        return moment.now;
    }
    const std::int64_t ends = moment.now + std::max<std::int64_t>(1, period.end.get() - moment.wall.earlier);
    if (!was_set_back(period, moment)) {
        return ends;
    }
    const std::int64_t rolls = room_at(record, moment.now, requests, longest_period(window), cost);
    return std::min(ends, std::max(rolls, moment.now + 1));
}

std::int64_t window_used(Record& record, const Window& window, const Moment& moment) {
    if (window.kind == WindowKind::Rolling) {
        // Who is exactly as old as the window is long does not count any more.
        const std::int64_t when = moment.now - (window.per + window.guard).count() + 1;
        return record.live.total.get() - count_before(record, when);
    }
    return used_in(record, current(record, window, moment), window, moment);
}

void forget_in_periods(Live& live, std::int64_t first, std::int64_t cost) noexcept {
    for (Period& period : live.periods) {
        if (period.key.get() != 0 && first >= period.total_at_start.get()) {
            period.total_at_start.set(period.total_at_start.get() + cost);
        }
    }
}

}  // namespace quantconf::quota
