#include "sources/window_text.hpp"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "value/units.hpp"

namespace quantconf::sources {

std::string window_text(const quota::Window& window) {
    using namespace std::chrono_literals;
    static constexpr std::array<std::pair<Duration, const char*>, 5> kNames{
        {{1s, "second"}, {1min, "minute"}, {1h, "hour"}, {24h, "day"}, {31 * 24h, "month"}}};
    for (const auto& [per, name] : kNames) {
        if (window.per == per) {
            return fmt::format("{} per {}", window.requests, name);
        }
    }
    return fmt::format("{} per {}", window.requests, value::to_text(window.per));
}

}  // namespace quantconf::sources
