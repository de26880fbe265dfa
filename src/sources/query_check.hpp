#pragma once

#include <cstdint>
#include <optional>

#include "quantconf/sources/client.hpp"
#include "quota/limits.hpp"

namespace quantconf::sources {

/// The most that one request may cost where these are the limits: what the smallest window lets through, and
/// at most quota::limits::kCost.
[[nodiscard]] std::int64_t highest_cost(const quota::Limits& limits);

/// Why a question cannot be asked as it stands, whoever is there: a cost outside of 1 to highest_cost(), or
/// an age below zero. The caller's mistake (`refused_here`), which no waiting mends. Nothing: it can.
[[nodiscard]] std::optional<Verdict> mistake_in(const Query& query, const quota::Limits& limits);
/// The same of a group's question, whose sources are asked at a cost of 1.
[[nodiscard]] std::optional<Verdict> mistake_in(const GroupQuery& query);

}  // namespace quantconf::sources
