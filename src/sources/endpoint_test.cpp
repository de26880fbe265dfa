#include "sources/endpoint.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/url.hpp"
#include "schema/base_url.hpp"

namespace quantconf::sources {
namespace {

using enum Environment;

const Source kPolygon{.name = "polygon", .title = "Polygon", .hosts = {"api.polygon.io", "api.massive.com"}};

Secret bound_to(std::vector<std::string> hosts) {
    return Secret::resolved("SECURE:polygon_key", 1, "k", {.hosts = std::move(hosts)});
}

bool may(std::string_view url, const Secret& secret = Secret::plain("k"),
         Environment environment = Production) {
    return may_send_to(url, kPolygon, secret, environment).has_value();
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

TEST(Endpoint, another_host_is_allowed_by_the_secret) {
    EXPECT_TRUE(may("https://proxy.example/polygon", bound_to({"proxy.example"})));
}

TEST(Endpoint, a_bound_secret_goes_to_its_hosts_alone_even_from_the_providers_own) {
    const auto refused =
        may_send_to("https://api.polygon.io", kPolygon, bound_to({"proxy.example"}), Production);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason,
              "the secret polygon_key may be sent to proxy.example only, not to api.polygon.io");
    EXPECT_FALSE(may("http://127.0.0.1:80", bound_to({"proxy.example"}), Development));
}

TEST(Endpoint, this_machine_is_for_tests_and_never_for_production) {
    for (const char* url :
         {"http://127.0.0.1:8080/polygon", "http://localhost:1", "http://[::1]:1", "https://127.0.0.2"}) {
        for (const Environment environment : {Development, Staging, Testing}) {
            EXPECT_TRUE(may(url, Secret::plain("k"), environment)) << url;
        }
        EXPECT_FALSE(may(url, Secret::plain("k"), Production)) << url;
        EXPECT_FALSE(may(url, bound_to({"127.0.0.1"}), Production)) << url;
    }
    EXPECT_FALSE(may("http://127.0.0.1.example", Secret::plain("k"), Development));
}

TEST(Endpoint, a_refusal_says_what_to_do) {
    const auto refused =
        may_send_to("https://proxy.example", kPolygon, Secret::resolved("SECURE:pk", 1, "k"), Production);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().hint, "`quantconf secret set pk --host proxy.example` allows it");
}

TEST(Endpoint, what_the_configuration_takes_for_an_address_the_client_of_http_takes_too) {
    using schema::UrlUse;
    const std::vector<std::string> hosts = {"a",
                                            "A.b",
                                            "a.",
                                            "127.0.0.1",
                                            "127.1",
                                            "0x7f.1",
                                            "010.0.0.1",
                                            "a_b",
                                            "[::1]",
                                            "::1",
                                            "[::ffff:1.2.3.4]",
                                            "[fe80::1%25x]",
                                            "",
                                            "1.2.3.4.",
                                            "u@a",
                                            "-a",
                                            "a..b",
                                            "a.0x1",
                                            "[1.2.3.4]"};
    const std::vector<std::string> tails = {
        "",          "/",     "/x?y=1", "?y",    "#f",     "/../x", "/.",   "/%2E./x", "/%",  "/a b", "/\\",
        "/\xc3\xa9", "/a//b", "/;x=1",  "/x?..", "/.../x", "/{x}",  "/[1]", "/?",      "/x#", "/a\n", "/|"};
    for (const std::string& host : hosts) {
        for (const std::string port : {"", ":1", ":0", ":", ":65536", ":80"}) {
            for (const std::string& tail : tails) {
                const std::string url = "https://" + host + port + tail;
                if (schema::why_no_endpoint(url, UrlUse::Base).empty()) {
                    EXPECT_TRUE(net::join_url(url, "/x?y=1")) << url;
                }
                if (schema::why_no_endpoint(url, UrlUse::Page).empty()) {
                    EXPECT_TRUE(net::parse_url(url)) << url;
                }
            }
        }
    }
    EXPECT_EQ(schema::why_no_endpoint("HTTP://LOCALHOST:1/a", UrlUse::Base), "");
    EXPECT_TRUE(net::join_url("HTTP://LOCALHOST:1/a", "/x"));
}

}  // namespace
}  // namespace quantconf::sources
