#include "quota/clocks.hpp"

#include <algorithm>

#include "quota/history.hpp"

namespace quantconf::quota {

std::int64_t wall_of(const Timeline& timeline) {
    return Duration{timeline.wall().time_since_epoch()}.count();
}

std::int64_t ledger_now(Live& live, const Timeline& timeline) {
    const std::int64_t now = std::max(live.last.get(), live.base.get() + timeline.since_boot().count());
    live.last.set(now);
    return now;
}

Moment look_at_clocks(Record& record, const Timeline& timeline, const Limits& limits) {
    Moment moment{.now = ledger_now(record.live, timeline)};
    if (std::ranges::any_of(limits.windows,
                            [](const Window& window) { return window.kind != WindowKind::Rolling; })) {
        moment.wall = look_at_wall(record.live, moment.now, wall_of(timeline));
    }
    advance(record, moment.now);
    return moment;
}

}  // namespace quantconf::quota
