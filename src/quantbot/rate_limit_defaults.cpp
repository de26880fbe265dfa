#include <chrono>

#include "quantconf/quantbot/rate_limit.hpp"

namespace quantconf::quantbot {

using std::chrono::hours;

// The per-minute figures are the owner's table, unchanged; priorities, strategies and backoff are those of
// the bot's documents. The other windows are what the provider enforces or, where it is stricter, what the
// bot always used. A burst is never more than a window lets through. Decision 0003 has the sources.
std::map<std::string, RateLimit> default_rate_limits() {
    return {
        {"polygon",
         {
             .plan = Plan::Paid,         // 300 a minute cannot be had for free: that plan has 5.
             .requests_per_second = 50,  // The burst; the vendor asks to stay below 100.
             .requests_per_minute = 300,
             .requests_per_hour = 18'000,
             .requests_per_day = 100'000,
             .burst_limit = 50,
             .priority = Priority::Critical,
             .strategy = Strategy::TokenBucket,
             .backoff_factor = 1.5,
         }},
        {"finnhub",
         {
             .requests_per_second = 30,
             .requests_per_minute = 60,
             .requests_per_hour = 3'600,
             .requests_per_day = 50'000,
             .burst_limit = 10,
             .priority = Priority::High,
         }},
        {"alpha_vantage",
         {
             .requests_per_second = 1,
             .requests_per_minute = 5,
             .requests_per_day = 25,  // The bot used 500, which the provider gave up years ago.
             .priority = Priority::High,
             .strategy = Strategy::Adaptive,
             .backoff_strategy = Backoff::Linear,
             .backoff_factor = 10.0,
         }},
        {"newsapi",
         {
             .requests_per_minute = 100,
             .requests_per_day = 100,
             .extra_windows = {{.requests = 50, .per = hours{12}}},
             .burst_limit = 20,
             .strategy = Strategy::TokenBucket,
             .backoff_factor = 1.5,
         }},
        {"openweather",
         {
             .requests_per_minute = 60,
             .requests_per_day = 1'000,  // Beyond this One Call is billed: a guard for money.
             .requests_per_month = 1'000'000,
             .burst_limit = 15,
             .priority = Priority::Low,
             .strategy = Strategy::TokenBucket,
         }},
        {"fred",
         {
             .requests_per_second = 2,
             .requests_per_minute = 120,
             .requests_per_hour = 1'000,
             .requests_per_day = 100'000,
             .burst_limit = 2,
             .priority = Priority::High,
             .backoff_factor = 1.2,
         }},
        {"stocktwits",
         {
             .requests_per_minute = 200,
             .requests_per_hour = 200,
             .requests_per_day = 400,
             .burst_limit = 40,
             .priority = Priority::Low,
         }},
        {"gnews",
         {
             .requests_per_second = 1,
             .requests_per_minute = 10,
             .requests_per_day = 100,
             .strategy = Strategy::TokenBucket,
             .backoff_factor = 3.0,
         }},
        {"reddit",
         {
             .requests_per_minute = 60,
             .requests_per_hour = 600,
             .requests_per_day = 1'000,
             .burst_limit = 12,
             .priority = Priority::Low,
             .strategy = Strategy::Adaptive,
         }},
        {"openai", {.requests_per_minute = 3}},  // The least that any tier has; every tier has other figures.
    };
}

}  // namespace quantconf::quantbot
