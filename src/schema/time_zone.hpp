#pragma once

#include <span>
#include <string_view>

namespace quantconf::schema {

/// Every zone and link of the IANA time zone database that we were built with, sorted by bytes.
[[nodiscard]] std::span<const std::string_view> time_zone_names() noexcept;

/// Whether it is one of them, in exactly that spelling.
[[nodiscard]] bool is_time_zone(std::string_view name) noexcept;

}  // namespace quantconf::schema
