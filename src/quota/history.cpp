#include "quota/history.hpp"

#include <algorithm>

#include "quota/bounds.hpp"

namespace quantconf::quota {
namespace {

constexpr auto kBucketCount = static_cast<std::int64_t>(kBuckets);
constexpr auto kRingCount = static_cast<std::int64_t>(kRing);

int shift_of(std::size_t level) noexcept {
    return kFinestShift + kShiftStep * static_cast<int>(level);
}

Cell& time_of(Record& record, std::int64_t number) noexcept {
    return record.ring[static_cast<std::size_t>(number) % kRing];
}
std::int64_t time_of(const Record& record, std::int64_t number) noexcept {
    return number < 0 ? 0 : record.ring[static_cast<std::size_t>(number) % kRing].get();
}
std::int64_t count_at(const Record& record, std::size_t level, std::int64_t bucket) noexcept {
    return record.levels[level][static_cast<std::size_t>(bucket) % kBuckets].get();
}

/// The oldest bucket of a level that still stands in it.
std::int64_t oldest(const Record& record, std::size_t level) noexcept {
    return record.live.newest[level].get() - kBucketCount + 1;
}

/// The finest level that reaches back to `when`.
std::size_t level_for(const Record& record, std::int64_t when) noexcept {
    for (std::size_t level = 0; level + 1 < kLevels; ++level) {
        if ((when >> shift_of(level)) >= oldest(record, level)) {
            return level;
        }
    }
    return kLevels - 1;
}

/// The first of the ring's requests that was admitted at or after `when`.
std::int64_t first_since(const Record& record, std::int64_t when) noexcept {
    std::int64_t high = record.live.total.get();
    std::int64_t low = std::max<std::int64_t>(0, high - limits::kExactRequests);
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (time_of(record, middle) < when) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

}  // namespace

void advance(Record& record, std::int64_t now) noexcept {
    const std::int64_t total = record.live.total.get();
    for (std::size_t level = 0; level < kLevels; ++level) {
        Cell& newest = record.live.newest[level];
        const std::int64_t bucket = now >> shift_of(level);
        if (bucket <= newest.get()) {
            return;  // Coarser buckets have not ended either.
        }
        // Whoever is killed in here leaves `newest` as it was, and the next one writes the same again.
        for (std::int64_t at = std::max(newest.get() + 1, bucket - kBucketCount + 1); at <= bucket; ++at) {
            record.levels[level][static_cast<std::size_t>(at) % kBuckets].set(total);
        }
        newest.set(bucket);
    }
}

std::int64_t count_before(const Record& record, std::int64_t when) noexcept {
    const std::int64_t total = record.live.total.get();
    if (const std::int64_t number = first_since(record, when);
        number == 0 || number > total - limits::kExactRequests) {
        return number;
    }
    const std::size_t level = level_for(record, when);
    const std::int64_t bucket = when >> shift_of(level);
    return bucket < oldest(record, level) ? 0 : count_at(record, level, bucket);
}

std::int64_t room_at(const Record& record, std::int64_t now, std::int64_t requests, std::int64_t per,
                     std::int64_t cost) noexcept {
    const std::int64_t total = record.live.total.get();
    if (requests <= limits::kExactRequests) {
        return time_of(record, total - (requests - cost + 1)) + per;
    }
    const std::int64_t wanted = total - (requests - cost);  // So many must lie before the window.
    if (wanted <= 0) {
        return now;
    }
    // A level that reaches back over the whole window, so that what is asked now can also be asked later.
    std::size_t level = 0;
    while (level + 1 < kLevels && (per >> shift_of(level)) >= kBucketCount - 1) {
        ++level;
    }
    std::int64_t low = (now - per) >> shift_of(level);
    if (count_at(record, level, low) >= wanted) {
        return now;
    }
    std::int64_t high =
        record.live.newest[level].get() + 1;  // A bucket that has not begun has counted enough.
    while (low + 1 < high) {
        const std::int64_t middle = low + (high - low) / 2;
        (count_at(record, level, middle) >= wanted ? high : low) = middle;
    }
    return (high << shift_of(level)) + per;
}

void write_times(Record& record, std::int64_t now, std::int64_t cost) noexcept {
    const std::int64_t total = record.live.total.get();
    for (std::int64_t i = 0; i < cost; ++i) {
        time_of(record, total + i).set(now);
    }
}

bool forget(Record& record, std::int64_t first, std::int64_t cost) noexcept {
    const std::int64_t total = record.live.total.get();
    if (first < 0 || cost < 1 || first + cost > total || first < total - limits::kExactRequests) {
        return false;
    }
    const std::int64_t when = time_of(record, first).get();
    // Earlier times move up by `cost` places, newest first: at every moment each place holds its true time or
    // a later one.
    const std::int64_t from = std::max<std::int64_t>(0, total - kRingCount + cost);
    std::int64_t to = first + cost - 1;
    for (; to - cost >= from; --to) {
        time_of(record, to).set(time_of(record, to - cost).get());
    }
    for (; to >= 0 && from == 0; --to) {
        time_of(record, to).set(0);
    }
    for (std::size_t level = 0; level < kLevels; ++level) {
        const std::int64_t last = std::min(when >> shift_of(level), record.live.newest[level].get());
        for (std::int64_t bucket = std::max<std::int64_t>(0, oldest(record, level)); bucket <= last;
             ++bucket) {
            Cell& count = record.levels[level][static_cast<std::size_t>(bucket) % kBuckets];
            count.set(count.get() + cost);
        }
    }
    return true;
}

void assume(Record& record, std::int64_t from, std::int64_t to, std::int64_t now) noexcept {
    advance(record, now);
    for (std::int64_t number = std::max(from, to - kRingCount); number < to; ++number) {
        time_of(record, number).set(now);
    }
    record.live.total.set(to);
}

}  // namespace quantconf::quota
