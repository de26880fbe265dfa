#include "quota/period.hpp"

#include <chrono>
#include <stdexcept>

#include <date/tz.h>

#include "base/assert.hpp"

namespace quantconf::quota {
namespace {

using std::chrono::days;
using std::chrono::floor;
using Nanoseconds = std::chrono::nanoseconds;
using Moment = std::chrono::sys_time<Nanoseconds>;
using LocalDay = date::local_days;

constexpr Nanoseconds kDay = days{1};

/// Nothing stands for UTC, which needs no database.
const date::time_zone* zone_named(const std::string& name) {
    if (name == "UTC") {
        return nullptr;
    }
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {  // How the library says "no such zone", and "no database".
        QC_ASSERT(false && "limits::check() has asked for this zone");
    }
    return nullptr;
}

LocalDay day_of(const date::time_zone* zone, Moment moment) {
    if (zone == nullptr) {
        return LocalDay{floor<days>(moment).time_since_epoch()};
    }
    return floor<days>(zone->to_local(moment));
}

/// The first moment of a day: later than midnight where the clocks skip it, the first one where they repeat
/// it.
std::int64_t beginning_of(const date::time_zone* zone, LocalDay day) {
    if (zone == nullptr) {
        return Nanoseconds{day.time_since_epoch()}.count();
    }
    return Nanoseconds{zone->to_sys(day, date::choose::earliest).time_since_epoch()}.count();
}

Span month_at(const date::time_zone* zone, LocalDay day) {
    const date::year_month_day date{day};
    const auto month = date.year() / date.month();
    return {.start = beginning_of(zone, LocalDay{month / date::day{1}}),
            .end = beginning_of(zone, LocalDay{(month + date::months{1}) / date::day{1}})};
}

Span days_at(const date::time_zone* zone, LocalDay day, days length) {
    const auto number = day.time_since_epoch();
    const days first = std::chrono::duration_cast<days>(number) - (((number % length) + length) % length);
    return {.start = beginning_of(zone, LocalDay{first}),
            .end = beginning_of(zone, LocalDay{first + length})};
}

Span part_of_day_at(const date::time_zone* zone, Moment moment, Nanoseconds length) {
    const Nanoseconds offset = zone == nullptr ? Nanoseconds{0} : Nanoseconds{zone->get_info(moment).offset};
    const Nanoseconds since = (moment.time_since_epoch() + offset) % length;
    const Nanoseconds start = moment.time_since_epoch() - (since < Nanoseconds{0} ? since + length : since);
    return {.start = start.count(), .end = (start + length).count()};
}

}  // namespace

Span period_at(const Window& window, std::int64_t wall) {
    const date::time_zone* zone = zone_named(window.zone);
    const Moment moment{Nanoseconds{wall}};
    if (window.kind == WindowKind::Calendar) {
        const LocalDay day = day_of(zone, moment);
        return window.per <= kDay ? days_at(zone, day, days{1}) : month_at(zone, day);
    }
    if (window.per % kDay == Nanoseconds{0}) {
        return days_at(zone, day_of(zone, moment), floor<days>(window.per));
    }
    return part_of_day_at(zone, moment, window.per);
}

std::int64_t longest_period(const Window& window) {
    constexpr Nanoseconds kClockChange = std::chrono::hours{1};
    Nanoseconds length = window.per;
    if (window.kind == WindowKind::Calendar) {
        length = window.per <= kDay ? kDay : 31 * kDay;
    }
    return (window.zone == "UTC" || length < kDay ? length : length + kClockChange).count();
}

bool is_zone_known(const std::string& zone) {
    if (zone == "UTC") {
        return true;
    }
    // Asked before every request: the last one of this thread is looked up once. No zone is ever forgotten.
    thread_local std::string known;
    if (zone == known) {
        return true;
    }
    try {
        if (date::locate_zone(zone)->name() != zone) {
            return false;
        }
        known = zone;
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

}  // namespace quantconf::quota
