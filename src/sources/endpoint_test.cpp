#include "sources/endpoint.hpp"

#include <gtest/gtest.h>

namespace quantconf::sources {
namespace {

using enum Environment;

const Source kPolygon{.name = "polygon", .title = "Polygon", .hosts = {"api.polygon.io", "api.massive.com"}};

Secret bound_to(std::vector<std::string> hosts) {
    return Secret::resolved("SECURE:polygon_key", 1, "k", std::move(hosts));
}

bool may(std::string_view url, const Secret& secret = Secret::plain("k"), const HostPolicy& policy = {}) {
    return may_send_to(url, kPolygon, secret, policy).has_value();
}

TEST(Endpoint, the_providers_own_hosts_are_fine) {
    EXPECT_TRUE(may("https://api.polygon.io/v1"));
    EXPECT_TRUE(may("https://API.MASSIVE.COM:443"));
    EXPECT_FALSE(may("http://api.polygon.io"));
}

TEST(Endpoint, t52_a_key_goes_nowhere_else_because_the_configuration_says_so) {
    EXPECT_FALSE(may("https://evil.example"));
    EXPECT_FALSE(may("https://api.polygon.io.evil.example"));
    EXPECT_FALSE(may("https://evil.example/api.polygon.io"));
    EXPECT_FALSE(may("https://api.polygon.io@evil.example"));
    EXPECT_FALSE(may("https://evil.example#api.polygon.io"));
    EXPECT_FALSE(may("https://xapi.polygon.io"));
    EXPECT_FALSE(may("ftp://api.polygon.io"));
    EXPECT_FALSE(may(""));
}

TEST(Endpoint, another_host_is_allowed_by_the_secret_or_by_the_tool) {
    EXPECT_TRUE(may("https://proxy.example/polygon", bound_to({"proxy.example"})));
    EXPECT_TRUE(may("https://proxy.example", Secret::plain("k"), {.allowed = {"proxy.example"}}));
    EXPECT_FALSE(may("https://other.example", Secret::plain("k"), {.allowed = {"proxy.example"}}));
}

TEST(Endpoint, a_bound_secret_goes_to_its_hosts_alone_even_from_the_providers_own) {
    const auto refused = may_send_to("https://api.polygon.io", kPolygon, bound_to({"proxy.example"}), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason,
              "the secret polygon_key may be sent to proxy.example only, not to api.polygon.io");
    // What the tool allows does not loosen what the secret says.
    EXPECT_FALSE(may("https://other.example", bound_to({"proxy.example"}), {.allowed = {"other.example"}}));
    EXPECT_FALSE(may("http://127.0.0.1:80", bound_to({"proxy.example"}), {.environment = Development}));
}

TEST(Endpoint, this_machine_is_for_tests_and_never_for_production) {
    for (const char* url :
         {"http://127.0.0.1:8080/polygon", "http://localhost:1", "http://[::1]:1", "https://127.0.0.2"}) {
        for (const Environment environment : {Development, Staging, Testing}) {
            EXPECT_TRUE(may(url, Secret::plain("k"), {.environment = environment})) << url;
        }
        EXPECT_FALSE(may(url, Secret::plain("k"), {.environment = Production})) << url;
        EXPECT_FALSE(may(url, bound_to({"127.0.0.1"}), {.environment = Production})) << url;
    }
    EXPECT_FALSE(may("http://127.0.0.1.example", Secret::plain("k"), {.environment = Development}));
}

TEST(Endpoint, a_refusal_says_what_to_do) {
    const auto refused =
        may_send_to("https://proxy.example", kPolygon, Secret::resolved("SECURE:pk", 1, "k"), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().hint, "`quantconf secret set pk --host proxy.example` allows it");
}

}  // namespace
}  // namespace quantconf::sources
