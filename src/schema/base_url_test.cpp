#include "schema/base_url.hpp"

#include <gtest/gtest.h>

namespace quantconf::schema {
namespace {

TEST(BaseUrl, ordinary_addresses_are_fine) {
    for (const auto* url : {"https://api.polygon.io", "http://127.0.0.1:9000/", "https://[::1]:1/a/b/",
                            "https://a/.well-known/..x/...", "https://a/v1.2/x%2ey"}) {
        EXPECT_EQ(why_no_endpoint(url, UrlUse::Base), "") << url;
        EXPECT_EQ(why_no_endpoint(url, UrlUse::Page), "") << url;
    }
}

TEST(BaseUrl, what_is_never_sent_or_read_differently_is_refused) {
    for (const auto* url : {"https://a#f", "https://a/#", "https://a/?x#f", "https://a.", "https://a.:80/x",
                            "https://a/../x", "https://a/x/.", "https://a/./x", "https://a/%2e%2E/x",
                            "https://a/.%2e", "https://a/..%2fx", "https://a/..?x=1", "no address"}) {
        EXPECT_NE(why_no_endpoint(url, UrlUse::Base), "") << url;
        EXPECT_NE(why_no_endpoint(url, UrlUse::Page), "") << url;
    }
}

TEST(BaseUrl, a_base_has_no_query_and_a_page_may_have_one) {
    for (const auto* url : {"https://a?x", "https://a/x?y=1", "https://a/x?", "https://a/x?../y"}) {
        EXPECT_NE(why_no_endpoint(url, UrlUse::Base), "") << url;
        EXPECT_EQ(why_no_endpoint(url, UrlUse::Page), "") << url;
    }
}

}  // namespace
}  // namespace quantconf::schema
