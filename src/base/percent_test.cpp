#include "base/percent.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace quantconf {
namespace {

using namespace std::string_view_literals;

TEST(Percent, escapes_are_decoded_once_and_what_is_none_stays) {
    EXPECT_EQ(percent_decoded("a%70pid"), "appid");
    EXPECT_EQ(percent_decoded("%2F%2f%00"), "//\0"sv);
    EXPECT_EQ(percent_decoded("%252e"), "%2e");
    for (const char* none : {"", "%", "%4", "a%", "%zz", "%4z", "%-1", "% 1", "100%"}) {
        EXPECT_EQ(percent_decoded(none), none);
    }
}

TEST(Percent, a_dot_segment_is_found_however_it_is_written) {
    for (const char* path :
         {".", "..", "/..", "/../x", "/a/./b", "/%2e%2e/x", "/.%2E", "/..%2fx", "/..%2F..%2fx", "/a%2f..",
          "/..%5cx", "/..\\x", "/a/..;x/b", "/.;", "/%2e%2e%3b/x"}) {
        EXPECT_TRUE(has_dot_segment(path)) << path;
    }
    for (const char* path : {"", "/", "/a", "/...", "/.well-known", "/..x", "/v1.2/x%2ey", "/a%2fb", "/a;..",
                             "/%252e%252e/x", "//"}) {
        EXPECT_FALSE(has_dot_segment(path)) << path;
    }
}

}  // namespace
}  // namespace quantconf
