#include "schema/time_zone.hpp"

#include <gtest/gtest.h>

namespace quantconf::schema {
namespace {

TEST(TimeZone, zones_and_links_are_known) {
    for (const auto* name :
         {"America/New_York", "US/Eastern", "UTC", "Etc/GMT+12", "Asia/Kolkata", "Asia/Calcutta",
          "America/Argentina/Buenos_Aires", "Africa/Abidjan", "Zulu", "EST5EDT"}) {
        EXPECT_TRUE(is_time_zone(name)) << name;
    }
    EXPECT_GT(time_zone_names().size(), 590U);
}

TEST(TimeZone, anything_else_is_not_guessed_at) {
    for (const auto* name : {"", "us/eastern", "US/Eastern ", "Eastern", "New York", "America/New York",
                             "UTC+1", "Factory", "../etc/passwd", "localtime"}) {
        EXPECT_FALSE(is_time_zone(name)) << name;
    }
}

}  // namespace
}  // namespace quantconf::schema
