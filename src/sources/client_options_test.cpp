#include "sources/client_options.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace quantconf::sources {
namespace {

TEST(ClientOptions, have_a_reserve_from_0_to_50_percent) {
    EXPECT_TRUE(check_options({}));
    EXPECT_TRUE(check_options({.reserve_percent = 0}));
    EXPECT_TRUE(check_options({.reserve_percent = 50}));
    for (const int wrong : {-1, 51, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
        const auto checked = check_options({.reserve_percent = wrong});
        ASSERT_FALSE(checked) << wrong;
        EXPECT_EQ(to_text(checked.error()),
                  "cannot use ClientOptions::reserve_percent: Invalid argument\n"
                  "  hint: it is " +
                      std::to_string(wrong) + "; 0 to 50 are possible");
    }
}

}  // namespace
}  // namespace quantconf::sources
