#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "quantbot/enum_text.hpp"
#include "quantbot/plan_limits.hpp"
#include "quantbot/rules.hpp"
#include "quantbot/windows.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

constexpr std::string_view kRateLimits = "data_sources.rate_limits";

std::string path_of(std::string_view provider, std::string_view field) {
    return fmt::format("{}.{}.{}", kRateLimits, provider, field);
}

/// Runs a check for one provider after the other.
template <void (*Check)(std::string_view provider, const Value& entry, Findings& findings)>
Findings for_each_provider(const RuleView& view) {
    Findings findings;
    for (const auto& [provider, entry] : view.at(kRateLimits).members()) {
        Check(provider, entry, findings);
    }
    return findings;
}

void needs_a_window(std::string_view provider, const Value& entry, Findings& findings) {
    if (windows_of(entry).empty()) {
        findings.push_back(
            {.path = fmt::format("{}.{}", kRateLimits, provider),
             .message = fmt::format("no window is left: nothing would limit requests to {}", provider),
             .expected = "at least one window",
             .found = "none",
             .hint = "set requests_per_second, _minute, _hour, _day or _month"});
    }
}

void has_a_plan_of_its_provider(std::string_view provider, const Value& entry, Findings& findings) {
    const auto plan = entry.find("plan")->as_text();
    const auto plans = plans_of(provider);
    if (std::ranges::find(plans, plan) == plans.end()) {
        const auto expected = fmt::format("{}", fmt::join(plans, ", "));
        findings.push_back({.path = path_of(provider, "plan"),
                            .message = fmt::format("{} has no plan of this name: expected {}, found {}",
                                                   provider, expected, plan),
                            .expected = expected,
                            .found = std::string{plan}});
    }
}

Counting counting_against(const PlanLimit& limit, const Value& entry) {
    const bool counts_periods = entry.find("strategy")->as_text() == text_of(Strategy::FixedWindow);
    // Where the provider counts from midnight to midnight as well, nothing meets at the change.
    return counts_periods && !limit.is_calendar ? Counting::FixedPeriods : Counting::Rolling;
}

void stays_within_its_plan(std::string_view provider, const Value& entry, Findings& findings) {
    const auto windows = windows_of(entry);
    const auto plan = entry.find("plan")->as_text();
    for (const PlanLimit& limit : plan_limits()) {
        if (text_of(limit.provider) != provider || text_of(limit.plan) != plan) {
            continue;
        }
        const auto allowed = allowance(windows, limit.per, counting_against(limit, entry));
        if (!allowed || allowed->requests <= limit.requests) {
            continue;
        }
        const auto per = period_text(limit.per);
        findings.push_back(
            {.path = path_of(provider, allowed->binding->path),
             .message =
                 fmt::format("the {} plan of {} allows {} requests per {} ({}), these limits let {} through",
                             plan, provider, limit.requests, per, limit.evidence, allowed->requests),
             .expected = fmt::format("at most {} per {}", limit.requests, per),
             .found = fmt::format("{} per {}", allowed->requests, per),
             .hint = "add a window of that length, or name the plan that you have bought"});
    }
}

void orders_its_windows(std::string_view provider, const Value& entry, Findings& findings) {
    auto windows = windows_of(entry);
    // NewsAPI's own 50 in 12 hours stand beside the owner's 100 a minute: an extra window was written to be
    // the tighter one, and is no sign of a mistaken unit.
    std::erase_if(windows, [](const ConfiguredWindow& window) { return window.is_extra; });
    for (std::size_t i = 1; i < windows.size(); ++i) {
        const ConfiguredWindow& shorter = windows[i - 1];
        const ConfiguredWindow& longer = windows[i];
        if (shorter.requests > longer.requests) {
            findings.push_back(
                {.path = path_of(provider, shorter.path),
                 .message = fmt::format("{} requests per {} can never be reached: {} allows only {} per {}",
                                        shorter.requests, period_text(shorter.per), longer.path,
                                        longer.requests, period_text(longer.per)),
                 .expected = fmt::format("at most {}", longer.requests),
                 .found = fmt::format("{}", shorter.requests),
                 .hint = "check the unit of both"});
        }
    }
}

void fits_its_burst(std::string_view provider, const Value& entry, Findings& findings) {
    const auto burst = entry.find("burst_limit")->as_integer();
    for (const ConfiguredWindow& window : windows_of(entry)) {
        if (burst > window.requests) {
            findings.push_back(
                {.path = path_of(provider, "burst_limit"),
                 .message = fmt::format("a burst of {} can never be sent: {} allows only {} per {}", burst,
                                        window.path, window.requests, period_text(window.per)),
                 .expected = fmt::format("at most {}", window.requests),
                 .found = fmt::format("{}", burst)});
            return;  // The shortest window says enough.
        }
    }
}

Rule rate_limit_rule(std::string name, std::string text, Severity severity,
                     std::vector<Finding> (*check)(const RuleView&)) {
    return {.name = std::move(name),
            .text = std::move(text),
            .paths = {std::string{kRateLimits}},
            .severity = severity,
            .check = check};
}

}  // namespace

std::vector<Rule> rate_limit_rules() {
    return {
        rate_limit_rule("rate_limits_need_a_window", "Every provider has at least one window.",
                        Severity::Error, for_each_provider<needs_a_window>),
        rate_limit_rule("rate_limit_plan_exists", "A plan is one of those that its provider has.",
                        Severity::Error, for_each_provider<has_a_plan_of_its_provider>),
        rate_limit_rule(
            "rate_limits_within_plan",
            "All windows of a provider together let no more through than its plan is known to allow.",
            Severity::Warning, for_each_provider<stays_within_its_plan>),
        rate_limit_rule("rate_limit_windows_ordered",
                        "Of the windows with a name, a longer one allows at least as much as a shorter one.",
                        Severity::Warning, for_each_provider<orders_its_windows>),
        rate_limit_rule("rate_limit_burst_fits", "A burst fits into every window.", Severity::Warning,
                        for_each_provider<fits_its_burst>),
    };
}

}  // namespace quantconf::quantbot
