#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

constexpr Environment kOutsideProduction[] = {Environment::Development, Environment::Staging,
                                              Environment::Testing};

Loaded load_endpoint(std::string_view source, std::string_view url, Environment environment) {
    return load_overlay(fmt::format("data_sources: {{endpoints: {{{}: \"{}\"}}}}\n", source, url),
                        environment);
}

}  // namespace

TEST(EndpointRules, every_provider_and_the_tokens_of_reddit_have_one) {
    for (const char* source : {"polygon", "finnhub", "alpha_vantage", "newsapi", "openweather", "fred",
                               "stocktwits", "gnews", "reddit", "openai", "reddit_token"}) {
        const Loaded bot = load_endpoint(source, "https://proxy.example.com/v1", Environment::Production);
        ASSERT_TRUE(bot.ok()) << source << bot.report();
        EXPECT_EQ(bot.config().data_sources.endpoints, (Endpoints{{source, "https://proxy.example.com/v1"}}));
    }
    EXPECT_EQ(load_endpoint("bloomberg", "https://a.example.com", Environment::Testing).errors(),
              Said{"QC1301 data_sources.endpoints.bloomberg"});
    EXPECT_TRUE(load({}).config().data_sources.endpoints.empty());
}

TEST(EndpointRules, endpoint_can_be_set_by_a_variable) {
    const Loaded bot =
        load({.variables = {"QUANTBOT_DATA_SOURCES_ENDPOINTS_REDDIT_TOKEN=http://127.0.0.1:9000"}});
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.config().data_sources.endpoints.at("reddit_token"), "http://127.0.0.1:9000");
}

TEST(EndpointRules, plain_http_never_carries_a_key_to_another_machine) {
    for (const Environment environment : kEnvironments) {
        const Loaded plain = load_endpoint("polygon", "http://api.massive.com", environment);
        EXPECT_EQ(plain.errors(), Said{"QC1701 data_sources.endpoints.polygon"}) << plain.report();
        EXPECT_TRUE(plain.mentions("unencrypted"));
        EXPECT_TRUE(load_endpoint("polygon", "https://api.massive.com", environment).ok());
        EXPECT_FALSE(load_endpoint("polygon", "ftp://api.massive.com", environment).ok());
        EXPECT_FALSE(load_endpoint("polygon", "api.massive.com", environment).ok());
        EXPECT_FALSE(load_endpoint("polygon", "https://user@api.massive.com", environment).ok());
    }
}

TEST(EndpointRules, test_server_on_this_machine_is_for_the_other_environments) {
    for (const char* url :
         {"http://localhost:9000", "https://localhost", "http://127.0.0.1", "http://[::1]:9000/v1"}) {
        for (const Environment environment : kOutsideProduction) {
            EXPECT_TRUE(load_endpoint("fred", url, environment).ok()) << url << name_of(environment);
        }
        const Loaded production = load_endpoint("fred", url, Environment::Production);
        EXPECT_EQ(production.errors(), Said{"QC1701 data_sources.endpoints.fred"}) << production.report();
        EXPECT_TRUE(production.mentions("stands in for the provider in production"));
    }
}

TEST(EndpointRules, encryption_makes_no_other_spelling_of_this_machine_a_provider) {
    for (const char* url : {"https://0.0.0.0", "https://localhost./", "https://polygon.localhost",
                            "https://[::ffff:127.0.0.1]", "https://[0:0:0:0:0:0:0:1]"}) {
        EXPECT_FALSE(load_endpoint("fred", url, Environment::Production).ok()) << url;
    }
}

TEST(EndpointRules, an_address_that_no_request_can_be_sent_to_is_refused) {
    for (const char* url :
         {"http://127.0.0.1:9000/x?y=1", "http://127.0.0.1:9000#f", "http://127.0.0.1:9000/../x",
          "https://api.massive.com.", "https://api.massive.com/a/%2e%2e/b"}) {
        const Loaded bot = load_endpoint("polygon", url, Environment::Testing);
        EXPECT_EQ(bot.errors(), Said{"QC1701 data_sources.endpoints.polygon"}) << url << bot.report();
        EXPECT_TRUE(bot.mentions("the address cannot be asked")) << url;
    }
    EXPECT_TRUE(load_endpoint("reddit_token", "https://a.example/t?x=1", Environment::Testing).ok());
    EXPECT_FALSE(load_endpoint("reddit_token", "https://a.example/t#x", Environment::Testing).ok());
}

}  // namespace quantconf::quantbot
