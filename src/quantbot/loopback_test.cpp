#include "quantbot/loopback.hpp"

#include <gtest/gtest.h>

namespace quantconf::quantbot {

TEST(Loopback, is_this_machine_under_all_its_names) {
    for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
}

TEST(Loopback, is_not_what_only_looks_like_it) {
    for (const char* host : {"", "127.example.com", "127.0.0.1.example.com", "localhost.example.com",
                             "128.0.0.1", "127.0.0", "127.0.0.256", "127.0.0.1 ", "::2", "10.127.0.1"}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
}

TEST(Loopback, is_reached_by_more_names_than_are_trusted) {
    for (const char* host :
         {"localhost", "LocalHost.", "polygon.localhost", "127.0.0.1", "127.1.2.3", "0.0.0.0", "::", "::1",
          "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:0.0.0.0"}) {
        EXPECT_TRUE(reaches_this_machine(host)) << host;
    }
    for (const char* host : {"", ".", "notlocalhost", "localhost.example.com", "128.0.0.1", "0.0.0.1", "::2",
                             "::ffff:10.0.0.1", "::127.0.0.1", "api.massive.com"}) {
        EXPECT_FALSE(reaches_this_machine(host)) << host;
    }
}

TEST(Loopback, finds_the_host_that_a_client_would_connect_to) {
    EXPECT_EQ(host_of("https://api.example.com/v1?x=1"), "api.example.com");
    EXPECT_EQ(host_of("http://localhost:8080"), "localhost");
    EXPECT_EQ(host_of("http://[::1]:8080/v1"), "::1");
    EXPECT_EQ(host_of("http://localhost@example.com/"), "example.com");
    EXPECT_EQ(host_of("http://a@localhost:1@example.com"), "example.com");
    EXPECT_EQ(host_of("http://example.com/@localhost"), "example.com");
    EXPECT_EQ(host_of("http://example.com\\@localhost"), "example.com");
    EXPECT_EQ(host_of("http://[::1].example.com/"), "");
    EXPECT_EQ(host_of("localhost"), "");
}

TEST(Loopback, lets_plain_http_go_no_further_than_this_machine) {
    EXPECT_TRUE(is_https_or_loopback("https://api.example.com"));
    EXPECT_TRUE(is_https_or_loopback("HTTPS://api.example.com"));
    EXPECT_TRUE(is_https_or_loopback("http://127.0.0.1:9000/polygon"));
    EXPECT_FALSE(is_https_or_loopback("http://api.example.com"));
    EXPECT_FALSE(is_https_or_loopback("http://localhost@example.com"));
    EXPECT_FALSE(is_https_or_loopback("ftp://localhost"));
    EXPECT_FALSE(is_https_or_loopback("https://"));
    EXPECT_FALSE(is_https_or_loopback("..."));
}

}  // namespace quantconf::quantbot
