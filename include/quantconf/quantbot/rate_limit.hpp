#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// The ten data providers.
enum class Provider : std::uint8_t {
    Polygon,
    Finnhub,
    AlphaVantage,
    NewsApi,
    OpenWeather,
    Fred,
    StockTwits,
    GNews,
    Reddit,
    OpenAi,
};

/// What has been bought from a provider. Which plans a provider has: plan_limits.hpp.
enum class Plan : std::uint8_t {
    Free,
    Paid,
    Business,   ///< NewsAPI.
    Advanced,   ///< NewsAPI.
    OneCall,    ///< OpenWeather: One Call 3.0, billed beyond its free calls.
    Token,      ///< Stocktwits: requests that carry a token.
    Premium75,  ///< Alpha Vantage, by requests a minute; likewise those below.
    Premium150,
    Premium300,
    Premium600,
    Premium1200,
};

/// How requests are spread inside the windows. The windows themselves hold under every strategy.
enum class Strategy : std::uint8_t { FixedWindow, SlidingWindow, TokenBucket, LeakyBucket, Adaptive };

/// How the pause grows from one failed attempt to the next.
enum class Backoff : std::uint8_t { Exponential, Linear, Fibonacci, Jitter, Adaptive };

/// Who goes first when several providers wait for a free slot.
enum class Priority : std::uint8_t { Critical, High, Medium, Low };

/// At most `requests` in any `per`.
struct Window {
    std::int64_t requests = 0;
    Duration per{};

    static Fields fields();
};

/// One entry of `data_sources.rate_limits`. All windows hold at the same time; one that is not set does not
/// limit.
struct RateLimit {
    Plan plan = Plan::Free;
    std::optional<std::int64_t> requests_per_second{};
    std::optional<std::int64_t> requests_per_minute{};
    std::optional<std::int64_t> requests_per_hour{};
    std::optional<std::int64_t> requests_per_day{};
    std::optional<std::int64_t> requests_per_month{};
    std::vector<Window> extra_windows{};  ///< For windows of other lengths, such as NewsAPI's 50 in 12 hours.
    int burst_limit = 1;
    Priority priority = Priority::Medium;
    Strategy strategy = Strategy::SlidingWindow;
    Backoff backoff_strategy = Backoff::Exponential;
    double backoff_factor = 2.0;
    Duration max_backoff = std::chrono::minutes{5};
    int max_retries = 3;
    int timeout_seconds = 30;
    int circuit_breaker_threshold = 5;
    Duration circuit_breaker_timeout = std::chrono::seconds{60};

    static Fields fields();
};

/// What applies to each provider that nobody has configured. docs/decisions/0003-rate-limit-windows.md says
/// where every figure comes from.
[[nodiscard]] std::map<std::string, RateLimit> default_rate_limits();

}  // namespace quantconf::quantbot

template <>
struct quantconf::EnumTable<quantconf::quantbot::Provider> {
    using P = quantbot::Provider;
    static constexpr std::array names = {
        EnumName{P::Polygon, "polygon"},
        EnumName{P::Finnhub, "finnhub"},
        EnumName{P::AlphaVantage, "alpha_vantage"},
        EnumName{P::NewsApi, "newsapi"},
        EnumName{P::OpenWeather, "openweather"},
        EnumName{P::Fred, "fred"},
        EnumName{P::StockTwits, "stocktwits"},
        EnumName{P::GNews, "gnews"},
        EnumName{P::Reddit, "reddit"},
        EnumName{P::OpenAi, "openai"},
    };
};

template <>
struct quantconf::EnumTable<quantconf::quantbot::Plan> {
    using P = quantbot::Plan;
    static constexpr std::array names = {
        EnumName{P::Free, "free"},
        EnumName{P::Paid, "paid"},
        EnumName{P::Business, "business"},
        EnumName{P::Advanced, "advanced"},
        EnumName{P::OneCall, "one_call"},
        EnumName{P::Token, "token"},
        EnumName{P::Premium75, "premium_75"},
        EnumName{P::Premium150, "premium_150"},
        EnumName{P::Premium300, "premium_300"},
        EnumName{P::Premium600, "premium_600"},
        EnumName{P::Premium1200, "premium_1200"},
    };
};

template <>
struct quantconf::EnumTable<quantconf::quantbot::Strategy> {
    using S = quantbot::Strategy;
    static constexpr std::array names = {
        EnumName{S::FixedWindow, "fixed_window"}, EnumName{S::SlidingWindow, "sliding_window"},
        EnumName{S::TokenBucket, "token_bucket"}, EnumName{S::LeakyBucket, "leaky_bucket"},
        EnumName{S::Adaptive, "adaptive"},
    };
};

template <>
struct quantconf::EnumTable<quantconf::quantbot::Backoff> {
    using B = quantbot::Backoff;
    static constexpr std::array names = {
        EnumName{B::Exponential, "exponential"}, EnumName{B::Linear, "linear"},
        EnumName{B::Fibonacci, "fibonacci"},     EnumName{B::Jitter, "jitter"},
        EnumName{B::Adaptive, "adaptive"},
    };
};

template <>
struct quantconf::EnumTable<quantconf::quantbot::Priority> {
    using P = quantbot::Priority;
    static constexpr std::array names = {
        EnumName{P::Critical, "critical"},
        EnumName{P::High, "high"},
        EnumName{P::Medium, "medium"},
        EnumName{P::Low, "low"},
    };
};
