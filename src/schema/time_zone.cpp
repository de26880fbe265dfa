#include "schema/time_zone.hpp"

#include <algorithm>
#include <array>

namespace quantconf::schema {

namespace {

constexpr std::string_view kNames[] = {
#include "schema/time_zone_names.inc"  // Written by scripts/generate-time-zones.
};
static_assert(std::ranges::is_sorted(kNames) && std::ranges::adjacent_find(kNames) == std::end(kNames));

}  // namespace

std::span<const std::string_view> time_zone_names() noexcept {
    return kNames;
}

bool is_time_zone(std::string_view name) noexcept {
    return std::ranges::binary_search(kNames, name);
}

}  // namespace quantconf::schema
