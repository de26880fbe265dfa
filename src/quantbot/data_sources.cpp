#include "quantconf/quantbot/data_sources.hpp"

namespace quantconf::quantbot {

namespace {

std::vector<std::string> provider_names() {
    std::vector<std::string> names;
    for (const auto& [provider, text] : EnumTable<Provider>::names) {
        names.emplace_back(text);
    }
    return names;
}

/// Reddit hands out its tokens at an address of their own.
std::vector<std::string> endpoint_names() {
    std::vector<std::string> names = provider_names();
    names.emplace_back("reddit_token");
    return names;
}

std::vector<std::string> capability_names() {
    std::vector<std::string> names;
    for (const auto& [capability, providers] : default_failover()) {
        names.push_back(capability);
    }
    return names;
}

Options credential(std::string help, std::string secret_name) {
    return {.help = std::move(help), .examples = {"\"SECURE:" + secret_name + "\""}};
}

// clang-format off: one entry per key, the options beneath it.
Fields credential_fields() {
    using S = DataSources;
    return {
        field<&S::polygon_api_key>("polygon_api_key",
                                   credential("Key of Polygon.io, now Massive.", "polygon_key")),
        field<&S::finnhub_api_key>("finnhub_api_key", credential("Key of Finnhub.", "finnhub_key")),
        field<&S::alpha_vantage_api_key>("alpha_vantage_api_key",
                                         credential("Key of Alpha Vantage.", "alpha_vantage_key")),
        field<&S::newsapi_key>("newsapi_key", credential("Key of NewsAPI.", "newsapi_key")),
        field<&S::openweather_api_key>(
            "openweather_api_key",
            credential("Key of OpenWeather; a new one works after two hours.", "openweather_key")),
        field<&S::fred_api_key>("fred_api_key", credential("Key of FRED.", "fred_key")),
        field<&S::stocktwits_token>(
            "stocktwits_token",
            credential("Token of Stocktwits; public streams work without it.", "stocktwits_token")),
        field<&S::gnews_key>("gnews_key", credential("Key of GNews.", "gnews_key")),
        field<&S::reddit_client_id>(
            "reddit_client_id",
            credential("Id of the Reddit app; needs the secret too.", "reddit_client_id")),
        field<&S::reddit_client_secret>(
            "reddit_client_secret",
            credential("Secret of the Reddit app; needs the id too.", "reddit_client_secret")),
        field<&S::openai_api_key>("openai_api_key", credential("Key of OpenAI.", "openai_key")),
    };
}

Field rate_limits_field() {
    return field<&DataSources::rate_limits>(
        "rate_limits",
        {
            .help = "How often each provider may be asked. What is not written here keeps the provider's own "
                    "default.",
            .keys = provider_names(),
        });
}

Field endpoints_field() {
    return field<&DataSources::endpoints>(
        "endpoints",
        {
            .help = "Other addresses of the providers' interfaces, for a proxy or a test server: https, or "
                    "outside production http to this machine. A host that is not the provider's own must "
                    "also be allowed in the settings of the tool.",
            .as = Type::Url,
            .keys = endpoint_names(),
            .examples = {"{polygon: \"https://api.massive.com\"}"},
        });
}

Field failover_field() {
    return field<&DataSources::failover>(
        "failover",
        {
            .help = "Whom to ask for what, best first. A provider without a key, over its limit or not "
                    "entitled is passed over. An empty list turns the capability off.",
            .keys = capability_names(),
            .examples = {"{news_general: [newsapi, gnews]}"},
        });
}

Field key_check_field() {
    return field<&DataSources::key_check_interval>(
        "key_check_interval",
        {
            // A check every hour would spend all 25 requests that Alpha Vantage gives for a day.
            .help = "How often a key is tried when ordinary requests have not just proved it.",
            .min = std::chrono::minutes{5},
            .max = std::chrono::days{30},
        });
}
// clang-format on

}  // namespace

Fields DataSources::fields() {
    Fields all = credential_fields();
    all.push_back(rate_limits_field());
    all.push_back(endpoints_field());
    all.push_back(failover_field());
    all.push_back(key_check_field());
    return all;
}

}  // namespace quantconf::quantbot
