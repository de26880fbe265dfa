#include "questions.hpp"

#include <chrono>
#include <ctime>
#include <utility>

namespace {

using namespace std::chrono_literals;
using quantconf::sources::GroupQuery;
using quantconf::sources::Parameters;

/// 2026-01-31, so many days ago.
std::string day(std::chrono::days ago) {
    const std::time_t when = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - ago);
    std::tm parts{};
    gmtime_r(&when, &parts);
    std::string text(sizeof "2026-01-31", '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts));
    return text;
}

GroupQuery ask(std::string capability, Parameters parameters) {
    // Later than this, the answer is worth nothing to a bot: who cannot answer in time is passed over.
    return {.capability = std::move(capability), .parameters = std::move(parameters), .deadline = 3s};
}

GroupQuery always_fresh(GroupQuery query) {
    query.max_age = 0s;
    return query;
}

}  // namespace

std::vector<Question> questions_of_a_round(const std::vector<std::string>& symbols) {
    std::vector<Question> questions;
    for (const std::string& symbol : symbols) {
        const auto add = [&](GroupQuery query) {
            questions.push_back({.label = query.capability + " " + symbol, .query = std::move(query)});
        };
        add(always_fresh(ask("stock_quote_delayed", {{"symbol", symbol}})));
        add(always_fresh(ask("social", {{"symbol", symbol}})));
        // What changes slowly comes from the cache for `cache_ttl_seconds`.
        add(ask("news_company", {{"symbol", symbol}, {"from", day(std::chrono::days{7})}, {"to", day({})}}));
        add(ask("sentiment_news", {{"symbol", symbol}}));
    }
    const auto add = [&](GroupQuery query) {
        questions.push_back({.label = query.capability, .query = std::move(query)});
    };
    add(always_fresh(ask("news_general", {})));
    // Each provider has its own names for the same figures; all of them are given, and each finds its own.
    add(always_fresh(ask(
        "macro",
        {{"fred_series", "GNPCA"}, {"alpha_vantage_series", "REAL_GDP"}, {"polygon_series", "inflation"}})));
    // Only one provider knows the weather. While it is down, that of a while ago is better than none.
    GroupQuery weather = ask("weather", {{"latitude", "40.71"}, {"longitude", "-74.01"}});
    weather.max_age = 100ms;
    weather.stale_if_error = 10min;
    add(std::move(weather));
    return questions;
}
