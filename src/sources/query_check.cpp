#include "sources/query_check.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "quota/bounds.hpp"
#include "sources/source_run.hpp"
#include "sources/window_text.hpp"

namespace quantconf::sources {

namespace {

Verdict refused(std::string reason) {
    return nothing_asked(KeyStatus::Unknown, "refused_here", std::move(reason));
}

const quota::Window* smallest_window(const quota::Limits& limits) {
    const auto found = std::ranges::min_element(limits.windows, {}, &quota::Window::requests);
    return found == limits.windows.end() ? nullptr : &*found;
}

std::optional<Verdict> mistake_in_age(std::string_view name, Duration age) {
    return age < Duration{} ? std::optional{refused(fmt::format("{} is below zero", name))} : std::nullopt;
}

}  // namespace

std::int64_t highest_cost(const quota::Limits& limits) {
    const quota::Window* smallest = smallest_window(limits);
    return smallest == nullptr ? quota::limits::kCost : std::min(quota::limits::kCost, smallest->requests);
}

std::optional<Verdict> mistake_in(const Query& query, const quota::Limits& limits) {
    if (query.cost < 1 || query.cost > quota::limits::kCost) {
        return refused(fmt::format("a request costs from 1 to {}, not {}", highest_cost(limits), query.cost));
    }
    if (query.cost > highest_cost(limits)) {
        return refused(fmt::format("a request that costs {} can never be sent: the limit is {}", query.cost,
                                   window_text(*smallest_window(limits))));
    }
    if (auto mistake = mistake_in_age("max_age", query.max_age.value_or(Duration{}))) {
        return mistake;
    }
    return mistake_in_age("stale_if_error", query.stale_if_error);
}

std::optional<Verdict> mistake_in(const GroupQuery& query) {
    if (auto mistake = mistake_in_age("max_age", query.max_age.value_or(Duration{}))) {
        return mistake;
    }
    return mistake_in_age("stale_if_error", query.stale_if_error);
}

}  // namespace quantconf::sources
