#include "sources/key_request.hpp"

#include <gtest/gtest.h>

#include "sources/key_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace test;
using quantbot::Provider;

const Source& source(Provider provider) {
    return Catalogue::built_in().at(provider);
}

SourceSettings with_key(std::string_view key = "some key") {
    return {.credentials = {.key = Secret::plain(key)}, .timeout = 30s};
}

std::string plain(const Secret& secret) {
    std::string text;
    secret.reveal(grant_secret_access(), [&](std::string_view view) { text = view; });
    return text;
}

net::Request request_of(Provider provider, const SourceSettings& settings,
                        Environment environment = Environment::Testing) {
    auto request = probe_request(source(provider), settings, environment);
    EXPECT_TRUE(request) << request.error().reason;
    return request.value_or(net::Request{});
}

TEST(KeyRequest, every_source_has_one_and_no_url_contains_the_key) {
    for (const Source& each : Catalogue::built_in().sources()) {
        SourceSettings settings = with_key();
        settings.credentials.secret =
            each.provider == Provider::Reddit ? Secret::plain("other part") : Secret{};
        const net::Request request = request_of(each.provider, settings, Environment::Production);
        EXPECT_TRUE(request.url.starts_with("https://")) << each.name;
        EXPECT_FALSE(request.url.contains("some")) << each.name;
        const std::size_t places = request.secret_headers.size() + request.secret_parameters.size() +
                                   (request.basic.user.empty() ? 0U : 1U);
        EXPECT_EQ(places, 1U) << each.name;
    }
}

TEST(KeyRequest, the_key_travels_where_the_source_wants_it) {
    const net::Request bearer = request_of(Provider::Polygon, with_key());
    ASSERT_EQ(bearer.secret_headers.size(), 1U);
    EXPECT_EQ(bearer.secret_headers[0].before, "Bearer ");
    EXPECT_EQ(plain(bearer.secret_headers[0].secret), "some key");

    const net::Request query = request_of(Provider::AlphaVantage, with_key());
    ASSERT_EQ(query.secret_parameters.size(), 1U);
    EXPECT_EQ(query.secret_parameters[0].name, "apikey");
    EXPECT_EQ(query.url, "https://www.alphavantage.co/query?function=MARKET_STATUS");
}

TEST(KeyRequest, a_client_asks_for_a_token) {
    SourceSettings settings = with_key("id");
    settings.credentials.secret = Secret::plain("other part");
    settings.token_endpoint = "http://127.0.0.1:8080/token";
    settings.endpoint = "http://127.0.0.1:8080/api";
    const net::Request request = request_of(Provider::Reddit, settings);
    EXPECT_EQ(request.method, net::Method::Post);
    EXPECT_EQ(request.url, "http://127.0.0.1:8080/token");
    EXPECT_EQ(request.body, "grant_type=client_credentials");
    EXPECT_EQ(plain(request.basic.user), "id");
    EXPECT_EQ(plain(request.basic.password), "other part");
}

TEST(KeyRequest, a_source_without_a_key_is_asked_without_one_if_it_can_be) {
    const net::Request request = request_of(Provider::StockTwits, {.timeout = 30s});
    EXPECT_TRUE(request.url.ends_with("/streams/symbol/AAPL.json"));
    EXPECT_TRUE(request.secret_headers.empty() && request.secret_parameters.empty());
    EXPECT_FALSE(probe_request(source(Provider::Polygon), {.timeout = 30s}, Environment::Production));
    EXPECT_FALSE(probe_request(source(Provider::Reddit), {.timeout = 30s}, Environment::Production));
}

TEST(KeyRequest, a_key_goes_nowhere_that_nobody_allowed) {
    SourceSettings settings = with_key();
    settings.endpoint = "https://evil.example";
    const auto refused = probe_request(polygon(), settings, Environment::Testing);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().reason.contains("evil.example"));
    settings.credentials.key =
        Secret::resolved("SECURE:polygon_key", 1, "some key", {.hosts = {"evil.example"}});
    EXPECT_TRUE(probe_request(polygon(), settings, Environment::Testing));
    settings = with_key();

    settings.endpoint = "http://127.0.0.1:1";
    EXPECT_TRUE(probe_request(polygon(), settings, Environment::Testing));
    EXPECT_FALSE(probe_request(polygon(), settings, Environment::Production));
}

TEST(KeyRequest, both_parts_of_a_client_are_asked_where_they_may_go) {
    SourceSettings settings = with_key("id");
    settings.credentials.secret =
        Secret::resolved("SECURE:reddit", 1, "other part", {.hosts = {"www.elsewhere.example"}});
    EXPECT_FALSE(probe_request(source(Provider::Reddit), settings, Environment::Production));
}

TEST(KeyRequest, is_bounded_by_the_timeout_of_the_source) {
    SourceSettings settings = with_key();
    settings.timeout = 5s;
    const net::Request request = request_of(Provider::Polygon, settings);
    EXPECT_EQ(request.timeout, 5s);
    EXPECT_EQ(request.connect_timeout, 5s);
    settings.timeout = 60s;
    EXPECT_EQ(request_of(Provider::Polygon, settings).connect_timeout, 10s);
}

}  // namespace
}  // namespace quantconf::sources
