#include "quantconf/quantbot/rate_limit.hpp"

#include <utility>

namespace quantconf::quantbot {

namespace {

// No provider sells more; a larger figure is a slip of the finger. Also keeps sums over a month far from
// overflow.
constexpr std::int64_t kRequestsMax = 100'000'000;

Options window(std::string per) {
    return {
        .help = "Most requests in any " + per + ". null: this window does not limit.",
        .unit = "requests per " + per,
        .min = 1,
        .max = kRequestsMax,
    };
}

// clang-format off: one entry per key, the options beneath it.
Fields window_fields() {
    return {
        field<&RateLimit::requests_per_second>("requests_per_second", window("second")),
        field<&RateLimit::requests_per_minute>("requests_per_minute", window("minute")),
        field<&RateLimit::requests_per_hour>("requests_per_hour", window("hour")),
        field<&RateLimit::requests_per_day>("requests_per_day", window("day")),
        field<&RateLimit::requests_per_month>("requests_per_month", window("month")),
        field<&RateLimit::extra_windows>(
            "extra_windows",
            {
                .help = "Windows of other lengths, which hold beside those above.",
                .max_length = 8,  // No provider enforces more than four in all.
                .examples = {"[{requests: 50, per: 12h}]"},
            }),
        field<&RateLimit::burst_limit>(
            "burst_limit",
            {
                .help = "Most requests that are sent back to back before they are spread out. The windows "
                        "still hold.",
                .unit = "requests",
                .min = 1,
                .max = 10'000,
            }),
    };
}

Fields scheduling_fields() {
    return {
        field<&RateLimit::priority>(
            "priority",
            {
                .help = "Who goes first when the bot's own limits let only some requests through.",
            }),
        field<&RateLimit::strategy>(
            "strategy",
            {
                .help =
                    "How requests are spread inside the windows. fixed_window counts from one full second, "
                    "minute, hour or day to the next, so that twice the limit can pass around the change.",
            }),
    };
}

Fields failure_fields() {
    return {
        field<&RateLimit::backoff_strategy>(
            "backoff_strategy",
            {
                .help = "How the pause grows from one failed attempt to the next.",
            }),
        field<&RateLimit::backoff_factor>(
            "backoff_factor",
            {
                .help = "How fast it grows: the base of exponential, the seconds added by linear. Below 1 "
                        "pauses would shrink.",
                .min = 1.0,
                .max = 60.0,
            }),
        field<&RateLimit::max_backoff>(
            "max_backoff",
            {
                .help =
                    "Longest pause between two attempts. A provider that asks for more is left alone until "
                    "then.",
                .min = std::chrono::seconds{1},
                .max = std::chrono::hours{24},
            }),
        field<&RateLimit::max_retries>(
            "max_retries",
            {
                .help = "Further attempts after the first one failed. Each of them counts in every window.",
                .min = 0,
                .max = 10,  // With a growing pause the tenth is already minutes away.
            }),
        field<&RateLimit::timeout_seconds>(
            "timeout_seconds",
            {
                .help = "Longest time for one request, waiting for the limit included.",
                .unit = "seconds",
                .min = 1,
                .max = 300,  // Quotes that are five minutes late are worse than none.
            }),
        field<&RateLimit::circuit_breaker_threshold>(
            "circuit_breaker_threshold",
            {
                .help = "Failures in a row after which the provider is left alone for a while.",
                .min = 1,
                .max = 100,
            }),
        field<&RateLimit::circuit_breaker_timeout>(
            "circuit_breaker_timeout",
            {
                .help = "How long it is left alone before one request tries again.",
                .min = std::chrono::seconds{1},
                .max = std::chrono::hours{1},
            }),
    };
}

}  // namespace

Fields Window::fields() {
    return {
        field<&Window::requests>("requests",
                                 {
                                     .help = "Most requests in any such period.",
                                     .unit = "requests",
                                     .min = 1,
                                     .max = kRequestsMax,
                                     .required = true,
                                 }),
        field<&Window::per>("per",
                            {
                                .help = "Length of the period.",
                                .min = std::chrono::seconds{1},
                                .max = std::chrono::days{31},
                                .required = true,
                                .examples = {"12h"},
                            }),
    };
}

Fields RateLimit::fields() {
    Fields plan = {
        field<&RateLimit::plan>(
            "plan",
            {
                .help =
                    "What has been bought from the provider. Limits above what the plan is known to allow "
                    "are warned about.",
            }),
    };
    return Fields::join(std::move(plan), window_fields(), scheduling_fields(), failure_fields());
}
// clang-format on

}  // namespace quantconf::quantbot
