#include "quota/durability.hpp"

#include <algorithm>
#include <cerrno>

#include "quantconf/detail/try.hpp"
#include "quota/clocks.hpp"
#include "quota/handover.hpp"
#include "quota/history.hpp"
#include "quota/lock_record.hpp"
#include "quota/sector.hpp"

namespace quantconf::quota {
namespace {

/// What the sector shall say about a record.
Sector describe(const Record& record, const Timeline& timeline) {
    const Live& live = record.live;
    Sector sector = newest_sector(record).value_or(Sector{});
    ++sector.sequence;
    set_boot(sector, timeline.boot());
    sector.base = live.base.get();
    sector.synced_at = live.last.get();
    sector.wall_at_sync = wall_of(timeline);
    sector.total = live.total.get();
    sector.reserved = std::max(live.reserved.get(), sector.total);
    sector.block = live.block.get();
    sector.used_up_until = live.used_up_until.get();
    return sector;
}

Outcome<void> write_sector(Memory& memory, const Sector& sector) {
    Record& record = memory.record();
    Sector& spare = spare_sector(record);
    spare = sealed(sector);
    return memory.sync(&spare == record.first.data() ? 0 : kPage, kPage);
}

/// The times first: a promise whose requests nobody remembers would be worth nothing.
Outcome<void> write_all(Memory& memory, const Sector& sector) {
    if (Outcome<void> synced = memory.sync(kDataOffset, sizeof(Record) - kDataOffset); !synced) {
        return synced;
    }
    return write_sector(memory, sector);
}

/// When the time after a reboot goes on: never earlier than what was known, and as much later as can be
/// proved.
std::int64_t time_after_reboot(const Sector& sector, const Live& live, const Timeline& timeline) {
    const std::int64_t uptime = timeline.since_boot().count();
    const std::int64_t by_wall = wall_of(timeline) - sector.wall_at_sync;
    const std::int64_t since_sync = sector.synced_at + std::max(uptime, by_wall);
    constexpr std::int64_t kBelievable = std::int64_t{1}
                                         << 53;  // 104 days: later than that is no time of ours.
    const std::int64_t last = live.last.get();
    const bool is_last_known = last >= sector.synced_at && last - sector.synced_at < kBelievable;
    return is_last_known ? std::max(since_sync, last + uptime) : since_sync;
}

/// What is shared by this boot alone, or may be half of an old state: made anew.
void start_boot(Live& live) noexcept {
    make_shared_mutex(live.lock);
    make_shared_mutex(live.sync_lock);
    live.is_abandoned.set(0);
    live.others_wait_until.set(0);
    live.urgent_in_a_row.set(0);
}

Outcome<bool> recover_from_other_boot(Memory& memory, const Timeline& timeline, const Sector& sector) {
    Record& record = memory.record();
    Live& live = record.live;
    const std::int64_t now = time_after_reboot(sector, live, timeline);
    if (!is_possible(live, sector, now)) {
        return false;
    }
    start_boot(live);
    live.base.set(now - timeline.since_boot().count());
    live.last.set(now);
    live.block.set(sector.block);
    live.used_up_until.set(sector.used_up_until);
    assume(record, sector.total, std::max(sector.reserved, live.total.get()), now);
    live.reserved.set(live.total.get());
    Sector next = describe(record, timeline);
    if (Outcome<void> written = write_all(memory, next); !written) {
        return std::unexpected{std::move(written).error()};
    }
    return true;
}

}  // namespace

Outcome<void> reserve(Memory& memory, const Timeline& timeline, std::int64_t count, std::int64_t block,
                      Duration patience) {
    Record& record = memory.record();
    Live& live = record.live;
    QC_TRY(auto turn, lock_for_sync(memory, patience));
    Sector sector;
    {
        QC_TRY(const auto hold, lock_record(memory));
        if (live.reserved.get() >= live.total.get() + count) {
            return {};  // Somebody else was faster.
        }
        live.block.set(block);
        ledger_now(live, timeline);
        sector = describe(record, timeline);
        sector.reserved = sector.total + std::max(count, block);
    }
    if (Outcome<void> written = write_all(memory, sector); !written) {
        return written;
    }
    QC_TRY(const auto hold, lock_record(memory));
    live.reserved.set(std::max(live.reserved.get(), sector.reserved));
    return {};
}

Outcome<void> initialise(Memory& memory, const Timeline& timeline, Duration used_up_for) {
    Record& record = memory.record();
    Live& live = record.live;
    start_boot(live);
    live.identity.set(new_identity());
    live.base.set(kBirth - timeline.since_boot().count());
    live.last.set(kBirth);
    live.anchor_at.set(kBirth);
    live.anchor_wall.set(wall_of(timeline));
    live.used_up_until.set(used_up_for > Duration::zero() ? kBirth + used_up_for.count() : 0);
    advance(record, kBirth);
    if (!memory.is_durable()) {
        return {};
    }
    return write_all(memory, describe(record, timeline));
}

Outcome<bool> recover(Memory& memory, const Timeline& timeline) {
    Record& record = memory.record();
    const std::optional<Sector> sector = newest_sector(record);
    if (!sector) {
        return false;
    }
    if (boot_of(*sector) != timeline.boot()) {
        return recover_from_other_boot(memory, timeline, *sector);
    }
    QC_TRY(const auto hold, lock_record(memory));
    return record.live.base.get() == sector->base &&
           is_possible(record.live, *sector, sector->base + timeline.since_boot().count());
}

}  // namespace quantconf::quota
