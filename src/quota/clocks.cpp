#include "quota/clocks.hpp"

#include <algorithm>

#include "quota/history.hpp"

namespace quantconf::quota {
namespace {

bool need_the_wall(const Limits& limits) noexcept {
    return std::ranges::any_of(limits.windows,
                               [](const Window& window) { return window.kind != WindowKind::Rolling; });
}

}  // namespace

std::int64_t wall_of(const Timeline& timeline) {
    return Duration{timeline.wall().time_since_epoch()}.count();
}

std::int64_t ledger_now(Live& live, const Timeline& timeline) {
    const std::int64_t now = std::max(live.last.get(), live.base.get() + timeline.since_boot().count());
    live.last.set(now);
    return now;
}

Moment glance_at_clocks(Record& record, const Timeline& timeline, const Limits& limits) {
    if (!need_the_wall(limits)) {
        return look_at_clocks(record, timeline, limits);
    }
    const std::int64_t now = ledger_now(record.live, timeline);
    const auto expected = expected_wall(record.live, now);
    if (!expected) {
        return look_at_clocks(record, timeline, limits);
    }
    advance(record, now);
    return {.now = now, .wall = {.earlier = *expected, .later = *expected}, .is_wall_expected = true};
}

Moment look_at_clocks(Record& record, const Timeline& timeline, const Limits& limits) {
    Moment moment{.now = ledger_now(record.live, timeline)};
    if (need_the_wall(limits)) {
        moment.wall = look_at_wall(record.live, moment.now, wall_of(timeline));
    }
    advance(record, moment.now);
    return moment;
}

}  // namespace quantconf::quota
