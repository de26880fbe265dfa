#include "quantconf/quantbot/data_sources.hpp"

namespace quantconf::quantbot {

// Also the list of who may stand where: data that means something else is no replacement.
Failover default_failover() {
    using enum Provider;
    return {
        {"stock_quote_realtime", {Polygon, Finnhub}},
        {"stock_quote_delayed", {Finnhub, Polygon, AlphaVantage}},
        {"bars_daily", {Polygon, AlphaVantage, Finnhub}},
        {"bars_intraday", {Polygon, AlphaVantage, Finnhub}},
        {"options_chain", {Polygon, AlphaVantage, Finnhub}},
        {"news_general", {NewsApi, GNews, Finnhub}},
        {"news_company", {Finnhub, Polygon, AlphaVantage, NewsApi}},
        {"sentiment_news", {AlphaVantage, Finnhub, OpenAi}},
        {"social", {StockTwits, Reddit, Finnhub}},
        {"macro", {Fred, AlphaVantage, Polygon}},
        {"weather", {OpenWeather}},
        {"llm", {OpenAi}},
    };
}

}  // namespace quantconf::quantbot
