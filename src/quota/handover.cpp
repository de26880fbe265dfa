#include "quota/handover.hpp"

#include <algorithm>

#include <sys/random.h>

#include "quantconf/detail/try.hpp"
#include "quota/bounds.hpp"
#include "quota/clocks.hpp"
#include "quota/durability.hpp"
#include "quota/history.hpp"
#include "quota/lock_record.hpp"

namespace quantconf::quota {
namespace {

constexpr auto kRingCount = static_cast<std::int64_t>(kRing);

/// What to add to numbers and times of one record to make them those of the other.
struct Shift {
    std::int64_t time;    ///< Their clocks began at different moments.
    std::int64_t number;  ///< Requests of the old record come first; a multiple of the ring, so that the new
                          ///< one's times stay where they are.
    std::int64_t unused;  ///< Numbers that nobody had: long ago.
};

Shift shift_of(const Live& from, const Live& to) noexcept {
    const std::int64_t count = from.total.get();
    const std::int64_t number = (count + kRingCount - 1) / kRingCount * kRingCount;
    return {.time = to.base.get() - from.base.get(), .number = number, .unused = number - count};
}

Cell& time_of(Record& record, std::int64_t number) noexcept {
    return record.ring[static_cast<std::size_t>(number) % kRing];
}

/// The times of the old requests, into places that the new record has not used yet.
void copy_times(Record& from, Record& to, const Shift& shift) noexcept {
    const std::int64_t count = from.live.total.get();
    const std::int64_t first_kept = shift.number + to.live.total.get() - kRingCount;
    for (std::int64_t number = std::max({std::int64_t{0}, count - kRingCount, first_kept - shift.unused});
         number < count; ++number) {
        time_of(to, number + shift.unused).set(time_of(from, number).get() + shift.time);
    }
}

/// Times must not go back along the ring: those of the new record that are earlier than the last old one are
/// moved up to it. Latest first, so that they are in order whenever this ends.
void raise_times(Record& from, Record& to, const Shift& shift) noexcept {
    if (from.live.total.get() == 0) {
        return;
    }
    const std::int64_t last = time_of(from, from.live.total.get() - 1).get() + shift.time;
    const std::int64_t total = to.live.total.get();
    for (std::int64_t number = total - 1; number >= std::max<std::int64_t>(0, total - kRingCount); --number) {
        Cell& time = time_of(to, number);
        time.set(std::max(time.get(), last));
    }
}

/// How many had been admitted when a bucket began: in both.
void add_counts(const Record& from, Record& to, const Shift& shift) noexcept {
    for (std::size_t level = 0; level < kLevels; ++level) {
        const std::int64_t newest = to.live.newest[level].get();
        for (std::int64_t bucket = newest - static_cast<std::int64_t>(kBuckets) + 1; bucket <= newest;
             ++bucket) {
            if (bucket < 0) {
                continue;
            }
            Cell& count = to.levels[level][static_cast<std::size_t>(bucket) % kBuckets];
            const std::int64_t began = bucket << (kFinestShift + kShiftStep * static_cast<int>(level));
            count.set(count.get() + shift.unused + count_before(from, began - shift.time));
        }
    }
}

/// What the provider has said holds on: its pauses, and its own counts.
void keep_word(const Live& from, Live& to, const Shift& shift, std::int64_t now) noexcept {
    if (from.paused_until.get() + shift.time > std::max(now, to.paused_until.get())) {
        to.pause_reason = from.pause_reason;
        to.paused_until.set(from.paused_until.get() + shift.time);
    }
    if (from.slowed_speed.get() != 0 &&
        (to.slowed_speed.get() == 0 || from.slowed_speed.get() < to.slowed_speed.get())) {
        to.slowed_at.set(from.slowed_at.get() + shift.time);
        to.slowed_speed.set(from.slowed_speed.get());
    }
    if (from.used_up_until.get() != 0) {
        to.used_up_until.set(std::max(to.used_up_until.get(), from.used_up_until.get() + shift.time));
    }
    for (Cap& cap : to.caps) {
        cap.total.set(cap.total.get() + shift.number);
    }
    for (const Cap& cap : from.caps) {
        const std::int64_t until = cap.until.get() + shift.time;
        const auto free = std::ranges::find_if(to.caps, [&](const Cap& c) { return c.until.get() <= now; });
        if (until <= now || free == to.caps.end()) {
            continue;
        }
        to.caps_until.set(std::max(to.caps_until.get(), until));
        free->per.set(cap.per.get());
        free->total.set(to.total.get() + std::max<std::int64_t>(0, cap.total.get() - from.total.get()));
        free->until.set(until);
    }
}

/// Both have let requests go; the debts add up.
void keep_pace(const Live& from, Live& to, const Shift& shift, std::int64_t now) noexcept {
    const std::int64_t owed = std::max<std::int64_t>(0, from.due.get() + shift.time - now);
    if (owed == 0) {
        return;
    }
    to.due.set(std::max(to.due.get(), now) + owed);
    to.interval.set(to.interval.get() == 0 ? from.interval.get()
                                           : std::min(to.interval.get(), from.interval.get()));
}

/// In this order: wherever it ends, requests count twice at worst.
void merge(Record& from, Record& to, std::int64_t now) noexcept {
    const Shift shift = shift_of(from.live, to.live);
    for (Period& period : to.live.periods) {
        period.key.set(0);  // Counted again, from the history of both.
    }
    // The older record knows the wall for longer: it may have seen how somebody set it.
    to.live.candidate_at.set(0);
    to.live.anchor_at.set(from.live.anchor_at.get() + shift.time);
    to.live.anchor_wall.set(from.live.anchor_wall.get());
    copy_times(from, to, shift);
    raise_times(from, to, shift);
    to.live.total.set(to.live.total.get() + shift.number);
    add_counts(from, to, shift);
    keep_pace(from.live, to.live, shift, now);
    keep_word(from.live, to.live, shift, now);
}

/// Made by an earlier version: nobody has asked before.
std::int64_t identity_of(Live& live) noexcept {
    if (live.identity.get() == 0) {
        live.identity.set(new_identity());
    }
    return live.identity.get();
}

}  // namespace

std::int64_t new_identity() noexcept {
    std::int64_t identity = 0;
    while (identity == 0) {
        if (::getrandom(&identity, sizeof identity, 0) != static_cast<ssize_t>(sizeof identity)) {
            identity = 0;
        }
    }
    return identity;
}

Outcome<void> pass_on(Memory& from, Memory& to, const Timeline& timeline) {
    Live& old = from.record().live;
    Live& live = to.record().live;
    std::int64_t block = 0;
    {
        QC_TRY(const auto hold_old, lock_record(from));  // Always the deleted one first: nobody holds both.
        if (old.is_abandoned.get() == static_cast<std::int64_t>(Abandoned::Damaged)) {
            return {};
        }
        QC_TRY(const auto hold, lock_record(to));
        if (old.passed_on_to.get() == identity_of(live)) {
            return {};  // Somebody else was faster.
        }
        old.is_abandoned.set(static_cast<std::int64_t>(Abandoned::PassedOn));
        const std::int64_t now = ledger_now(live, timeline);
        advance(to.record(), now);
        advance(from.record(), ledger_now(old, timeline));
        merge(from.record(), to.record(), now);
        old.passed_on_to.set(live.identity.get());
        block = to.is_durable() ? std::max(live.block.get(), old.block.get()) : 0;
    }
    // What was durable stays so. Should that fail: nothing that has to be durable is granted before it is.
    return block == 0 ? Outcome<void>{} : reserve(to, timeline, 1, block, kSyncPatience);
}

}  // namespace quantconf::quota
