#include "quantbot/windows.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

namespace quantconf::quantbot {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct NamedWindow {
    std::string_view field;
    Duration per;
};

// The longest month stands for all: what fits 31 days fits 28.
constexpr std::array kNamedWindows = {
    NamedWindow{"requests_per_second", seconds{1}}, NamedWindow{"requests_per_minute", minutes{1}},
    NamedWindow{"requests_per_hour", hours{1}},     NamedWindow{"requests_per_day", days{1}},
    NamedWindow{"requests_per_month", days{31}},
};

std::int64_t divide_rounding_up(Duration period, Duration per) {
    return (period.count() + per.count() - 1) / per.count();
}

}  // namespace

std::vector<ConfiguredWindow> windows_of(const Value& entry) {
    std::vector<ConfiguredWindow> windows;
    for (const auto& [field, per] : kNamedWindows) {
        const Value* requests = entry.find(field);
        if (requests != nullptr && !requests->is_absent()) {
            windows.push_back({std::string{field}, requests->as_integer(), per, false});
        }
    }
    if (const Value* extra = entry.find("extra_windows"); extra != nullptr && !extra->is_absent()) {
        for (std::size_t i = 0; i < extra->items().size(); ++i) {
            const Value& item = extra->items()[i];
            windows.push_back({fmt::format("extra_windows[{}].requests", i),
                               item.find("requests")->as_integer(), item.find("per")->as_duration(), true});
        }
    }
    std::ranges::stable_sort(windows, {}, &ConfiguredWindow::per);
    return windows;
}

std::optional<Allowance> allowance(const std::vector<ConfiguredWindow>& windows, Duration period,
                                   Counting counting) {
    std::optional<Allowance> least;
    for (const ConfiguredWindow& window : windows) {
        // A period of 60 s holds sixty windows of 1 s, and part of one of an hour. Where counting starts anew
        // at full periods, it touches one more of them.
        const std::int64_t touched =
            divide_rounding_up(period, window.per) + (counting == Counting::FixedPeriods ? 1 : 0);
        const std::int64_t requests = window.requests * touched;
        if (!least || requests < least->requests) {
            least = {requests, &window};
        }
    }
    return least;
}

std::string period_text(Duration period) {
    struct Unit {
        Duration length;
        std::string_view name;
    };
    constexpr std::array kUnits = {Unit{days{31}, "month"}, Unit{days{1}, "day"}, Unit{hours{1}, "hour"},
                                   Unit{minutes{1}, "minute"}, Unit{seconds{1}, "second"}};
    for (const auto& [length, name] : kUnits) {
        if (period % length == Duration::zero()) {
            const auto count = period / length;
            return count == 1 ? std::string{name} : fmt::format("{} {}s", count, name);
        }
    }
    return fmt::format("{} ms", period / std::chrono::milliseconds{1});
}

}  // namespace quantconf::quantbot
