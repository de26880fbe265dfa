#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "quantconf/quantbot/rate_limit.hpp"
#include "quantconf/sources/key_report.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quota/timeline.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// A moment on two clocks. The wall is for people and may jump; the time since this boot never does, and is
/// the same in all processes.
struct Moment {
    Time wall{};
    Duration since_boot{};
    std::string boot = {};

    friend bool operator==(const Moment&, const Moment&) = default;
};

[[nodiscard]] Moment moment_of(const quota::Timeline& timeline);

/// How long `then` is ago: by the clock that never jumps, or, where a boot lies between the two, by the wall.
/// Nothing if that one went backwards: then nobody knows.
[[nodiscard]] std::optional<Duration> elapsed(const Moment& then, const Moment& now);

/// How far apart two bad answers must be to count as two.
inline constexpr Duration kConfirmAfter = std::chrono::seconds{30};

/// What is remembered of one key. A key is told by its fingerprint; a new one has a new record.
struct KeyRecord {
    quantbot::Provider source = quantbot::Provider::Polygon;
    std::string fingerprint = {};

    /// The last definite verdict: Valid, Invalid, Expired or NotEntitled; Unknown: there was none yet.
    KeyStatus status = KeyStatus::Unknown;
    std::string detail = {};
    std::string reason = {};
    std::optional<Time> since = {};        ///< When it became the verdict.
    std::optional<Moment> confirmed = {};  ///< When it was last heard.
    bool was_valid = false;                ///< Ever.

    /// Bad answers to a good key that are not yet its verdict.
    int doubts = 0;
    std::optional<Moment> doubted = {};  ///< The last of them that counted.

    /// The last attempt, which may have said nothing.
    KeyStatus last_status = KeyStatus::Unknown;
    std::string last_detail = {};
    std::string last_reason = {};
    std::optional<Moment> attempted = {};
    int failures = 0;                   ///< Attempts in a row that were not definite.
    std::optional<Duration> wait = {};  ///< From `attempted`: so long the provider wants to be left alone.

    std::optional<std::int64_t> remaining = {};  ///< What its headers said last...
    std::optional<Time> reset = {};              ///< ... until then.

    friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

/// Where a verdict comes from.
enum class Evidence : std::uint8_t {
    Check,    ///< The source's own probe, which asks about the key.
    Traffic,  ///< An ordinary request: says something only if its answer is about the key, too.
};

/// Whether a verdict of this kind replaces another one.
[[nodiscard]] bool is_definite(KeyStatus status) noexcept;
/// Invalid or Expired: the key has to be replaced.
[[nodiscard]] bool is_bad(KeyStatus status) noexcept;

/// What is known after one more verdict. Pure.
///
/// A definite verdict holds until the next one; any other is remembered as an attempt alone. A good key
/// counts as bad only after `source.confirmations` bad answers, each at least 30 s after the one before; a
/// bad one counts as good after one. What is bad from the start needs no confirmation.
[[nodiscard]] KeyRecord apply(KeyRecord record, const Verdict& verdict, const Moment& now,
                              const Source& source, Evidence evidence = Evidence::Check);

/// Whether apply() would change anything worth writing down. Requests come by the thousand, and state.db is
/// synced at every change: traffic is written when it says something new, or every ten minutes.
[[nodiscard]] bool is_news(const KeyRecord& record, const Verdict& verdict, const Moment& now,
                           const Source& source, Evidence evidence);

/// For people and programs. What ended before `now` is left out.
[[nodiscard]] KeyReport report_of(const KeyRecord& record, Time now);

}  // namespace quantconf::sources
