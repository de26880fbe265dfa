#include "sources/settings.hpp"

#include <algorithm>
#include <chrono>

#include "base/assert.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;
using quantbot::Provider;
using quantbot::RateLimit;
using quota::Window;
using quota::WindowKind;

constexpr Duration kDay = 24h;
constexpr Duration kMonth = 31 * kDay;  // The longest: what fits it fits every month.
constexpr Duration kGuardMin = 50ms;
constexpr Duration kGuardMax = 1s;
constexpr int kGuardDivisor = 50;
constexpr Duration kFirstPause = 500ms;

std::vector<Window> windows_of(const RateLimit& limit) {
    const bool counts_periods = limit.strategy == quantbot::Strategy::FixedWindow;
    std::vector<Window> windows;
    const auto add = [&](std::optional<std::int64_t> requests, Duration per) {
        if (!requests) {
            return;
        }
        const WindowKind fixed = per > kDay ? WindowKind::Calendar : WindowKind::Fixed;
        windows.push_back({.requests = *requests,
                           .per = per,
                           .kind = counts_periods ? fixed : WindowKind::Rolling,
                           .guard = counts_periods ? Duration{} : guard_of(per)});
    };
    add(limit.requests_per_second, 1s);
    add(limit.requests_per_minute, 1min);
    add(limit.requests_per_hour, 1h);
    add(limit.requests_per_day, kDay);
    add(limit.requests_per_month, kMonth);
    for (const quantbot::Window& extra : limit.extra_windows) {
        add(extra.requests, extra.per);
    }
    std::ranges::sort(windows, {}, &Window::per);
    return windows;
}

/// The rate that requests are spread to: that of the minute, else of the shortest window. To spread the
/// requests of a day evenly would make every one of them wait.
quota::Pacing pacing_of(const RateLimit& limit, const std::vector<Window>& windows) {
    using enum quantbot::Strategy;
    const bool is_paced =
        limit.strategy == TokenBucket || limit.strategy == LeakyBucket || limit.strategy == Adaptive;
    if (!is_paced || windows.empty()) {
        return {};
    }
    const auto minute = std::ranges::find(windows, Duration{1min}, &Window::per);
    const Window& pace = minute == windows.end() ? windows.front() : *minute;
    return {.requests = pace.requests,
            .per = pace.per,
            .burst = limit.strategy == LeakyBucket ? 1 : limit.burst_limit,
            .adaptive = limit.strategy == Adaptive};
}

quota::Growth growth_of(quantbot::Backoff backoff) {
    switch (backoff) {
        case quantbot::Backoff::Linear:
            return quota::Growth::Linear;
        case quantbot::Backoff::Fibonacci:
            return quota::Growth::Fibonacci;
        case quantbot::Backoff::Exponential:
        case quantbot::Backoff::Jitter:    // Every pause is jittered; this name says so, too.
        case quantbot::Backoff::Adaptive:  // The pacing adapts; a pause between attempts only grows.
            break;
    }
    return quota::Growth::Exponential;
}

std::optional<std::string> endpoint_of(const quantbot::Endpoints& endpoints, std::string_view name) {
    const auto found = endpoints.find(std::string{name});
    return found == endpoints.end() ? std::nullopt : std::optional{found->second};
}

RateLimit rate_limit_of(const quantbot::DataSources& sources, Provider provider) {
    const std::string name{name_of(provider)};
    if (const auto found = sources.rate_limits.find(name); found != sources.rate_limits.end()) {
        return found->second;
    }
    return quantbot::default_rate_limits().at(name);
}

}  // namespace

std::string_view name_of(Provider provider) {
    const auto& names = EnumTable<Provider>::names;
    const auto found = std::ranges::find(names, provider, [](const auto& entry) { return entry.value; });
    QC_ASSERT(found != names.end());
    return found->text;
}

std::optional<Provider> provider_of(std::string_view name) {
    for (const auto& [provider, text] : EnumTable<Provider>::names) {
        if (text == name) {
            return provider;
        }
    }
    return std::nullopt;
}

Credentials credentials_of(const quantbot::DataSources& sources, Provider provider) {
    switch (provider) {
        case Provider::Polygon:
            return {.key = sources.polygon_api_key};
        case Provider::Finnhub:
            return {.key = sources.finnhub_api_key};
        case Provider::AlphaVantage:
            return {.key = sources.alpha_vantage_api_key};
        case Provider::NewsApi:
            return {.key = sources.newsapi_key};
        case Provider::OpenWeather:
            return {.key = sources.openweather_api_key};
        case Provider::Fred:
            return {.key = sources.fred_api_key};
        case Provider::StockTwits:
            return {.key = sources.stocktwits_token};
        case Provider::GNews:
            return {.key = sources.gnews_key};
        case Provider::Reddit:
            return {.key = sources.reddit_client_id, .secret = sources.reddit_client_secret};
        case Provider::OpenAi:
            return {.key = sources.openai_api_key};
    }
    return {};
}

std::string_view credential_path_of(Provider provider) {
    switch (provider) {
        case Provider::Polygon:
            return "data_sources.polygon_api_key";
        case Provider::Finnhub:
            return "data_sources.finnhub_api_key";
        case Provider::AlphaVantage:
            return "data_sources.alpha_vantage_api_key";
        case Provider::NewsApi:
            return "data_sources.newsapi_key";
        case Provider::OpenWeather:
            return "data_sources.openweather_api_key";
        case Provider::Fred:
            return "data_sources.fred_api_key";
        case Provider::StockTwits:
            return "data_sources.stocktwits_token";
        case Provider::GNews:
            return "data_sources.gnews_key";
        case Provider::Reddit:
            return "data_sources.reddit_client_id";
        case Provider::OpenAi:
            return "data_sources.openai_api_key";
    }
    return {};
}

std::string_view missing_part_of(const Credentials& credentials, Provider provider) {
    if (credentials.empty()) {
        return credential_path_of(provider);
    }
    const bool lacks_secret = provider == Provider::Reddit && credentials.secret.empty();
    return lacks_secret ? "data_sources.reddit_client_secret" : std::string_view{};
}

std::optional<Duration> age_of(const Secret& key, Time now) {
    const auto since = key.facts().since;
    return since && *since <= now ? std::optional<Duration>{now - *since} : std::nullopt;
}

Duration guard_of(Duration window) {
    return std::clamp(window / kGuardDivisor, kGuardMin, kGuardMax);
}

quota::Limits limits_of(const RateLimit& rate_limit) {
    quota::Limits limits;
    limits.windows = windows_of(rate_limit);
    limits.pacing = pacing_of(rate_limit, limits.windows);
    return limits;
}

SourceSettings settings_of(const quantbot::Config& config, Provider provider) {
    const quantbot::DataSources& sources = config.data_sources;
    const RateLimit limit = rate_limit_of(sources, provider);
    return {
        .credentials = credentials_of(sources, provider),
        .credential_path = std::string{credential_path_of(provider)},
        .endpoint = endpoint_of(sources.endpoints, name_of(provider)),
        .token_endpoint =
            provider == Provider::Reddit ? endpoint_of(sources.endpoints, "reddit_token") : std::nullopt,
        .rate_limit = limit,
        .limits = limits_of(limit),
        .retry = {.max_retries = limit.max_retries,
                  .growth = growth_of(limit.backoff_strategy),
                  .base = kFirstPause,
                  .factor = limit.backoff_factor,
                  .cap = limit.max_backoff},
        .breaker = {.threshold = limit.circuit_breaker_threshold,
                    .open_for = limit.circuit_breaker_timeout,
                    .cap = std::max<Duration>(limit.circuit_breaker_timeout, 5min)},
        .timeout = std::chrono::seconds{limit.timeout_seconds},
    };
}

}  // namespace quantconf::sources
