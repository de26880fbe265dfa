#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <pthread.h>

/// The bytes of a ledger, as all processes map them. docs/formats.md describes the file.
///
/// Everything below is written under `Live::lock` in an order that leaves, wherever a process is killed, at
/// most one request too many counted. Cells are atomic for that order alone: the compiler keeps it, and a
/// killed process stops between two of its stores.
namespace quantconf::quota {

struct Cell {
    std::atomic<std::int64_t> value{0};

    [[nodiscard]] std::int64_t get() const noexcept { return value.load(std::memory_order_relaxed); }
    void set(std::int64_t to) noexcept { value.store(to, std::memory_order_release); }
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kRing =
    8192;  ///< Twice what is exact: an admission under way may overwrite some.
inline constexpr std::size_t kLevels = 8;
inline constexpr std::size_t kBuckets = 512;
inline constexpr int kFinestShift = 23;  ///< Buckets of 2^23 ns (8.4 ms); each level is 8 times as coarse.
inline constexpr int kShiftStep = 3;
inline constexpr std::size_t kPeriods = 32;
inline constexpr std::size_t kCaps = 8;
/// Ledger time begins here, so that "never" (0) is longer ago than any window.
inline constexpr std::int64_t kBirth = std::int64_t{1} << 54;  // 208 days.

/// What has to survive a power cut. Two of them take turns; the valid one with the higher sequence counts.
struct Sector {
    std::array<char, 8> magic{};
    std::uint32_t version = 0;
    std::uint32_t checksum = 0;  ///< CRC-32 of all bytes of the sector, this one taken as 0.
    std::int64_t sequence = 0;
    std::array<char, 40> boot{};
    std::int64_t base = 0;           ///< Ledger time when this boot began.
    std::int64_t synced_at = 0;      ///< In ledger time.
    std::int64_t wall_at_sync = 0;   ///< Nanoseconds of UTC.
    std::int64_t total = 0;          ///< Requests whose times are on disk.
    std::int64_t reserved = 0;       ///< No request beyond this number was granted.
    std::int64_t block = 0;          ///< How many are reserved at a time; 0: nobody has needed it yet.
    std::int64_t used_up_until = 0;  ///< Long windows are shut until then: their history was lost.
};

/// A period of a fixed or calendar window that is being counted.
struct Period {
    Cell key;    ///< 0: free.
    Cell start;  ///< Nanoseconds of UTC.
    Cell end;
    Cell total_at_start;
};

/// "This is all you get until then", from the provider.
struct Cap {
    Cell per;
    Cell until;  ///< Ledger time; in the past: free.
    Cell total;  ///< No request beyond this number.
};

struct Live {
    pthread_mutex_t lock;       ///< Of everything else here; robust, shared.
    pthread_mutex_t sync_lock;  ///< Of bringing it to disk; taken before `lock`.
    alignas(64) Cell total;     ///< Requests ever admitted: the last store of every admission.
    Cell last;                  ///< Ledger time of the last look at the clock.
    Cell base;
    Cell reserved;
    Cell block;
    Cell used_up_until;
    Cell due;       ///< Of the pacing: when its bucket is full again.
    Cell interval;  ///< With which that was computed.
    alignas(64) Cell paused_until;
    Cell slowed_at;     ///< When the recovery begins.
    Cell slowed_speed;  ///< In millionths.
    Cell urgent_in_a_row;
    Cell others_wait_until;
    Cell anchor_at, anchor_wall;        ///< Ledger time and wall that belong together.
    Cell candidate_at, candidate_wall;  ///< Another wall, that has not proved itself yet; at 0: none.
    Cell is_abandoned;                  ///< Not 0: nothing is counted here any more; see Abandoned.
    Cell repairs;                       ///< Locks whose holder had died.
    std::array<char, 128> pause_reason{};
    std::array<Cell, kLevels> newest{};  ///< Number of the newest bucket of each level.
    std::array<Period, kPeriods> periods{};
    Cell caps_until;  ///< No cap holds longer: nobody needs to look at them.
    std::array<Cap, kCaps> caps{};
    Cell identity;      ///< Tells this record from all others; 0: of an earlier version, not asked yet.
    Cell passed_on_to;  ///< The identity of the record that has taken over what was counted here.
};

/// Why a record is not used any more.
enum class Abandoned : std::uint8_t {
    No,
    Damaged,   ///< The file was set aside.
    PassedOn,  ///< The file was deleted, and what was counted goes on in the one that took its place.
};

struct Record {
    std::array<Sector, 1> first;
    alignas(kPage) std::array<Sector, 1> second;
    alignas(kPage) Live live;
    alignas(kPage) std::array<Cell, kRing> ring;  ///< When request n was admitted: ring[n % kRing].
    /// How many had been admitted when bucket b began: levels[l][b % kBuckets].
    std::array<std::array<Cell, kBuckets>, kLevels> levels;
};
static_assert(sizeof(Live) <= kPage);

inline constexpr std::size_t kDataOffset = 2 * kPage;  ///< Where Live begins, behind the sectors.
static_assert(offsetof(Record, second) == kPage && offsetof(Record, live) == kDataOffset);

}  // namespace quantconf::quota
