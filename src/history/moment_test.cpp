#include "history/moment.hpp"

#include <gtest/gtest.h>

namespace quantconf::history {
namespace {

std::string read(std::string_view text) {
    const auto moment = parse_moment(text);
    return moment ? to_rfc3339(*moment) : "refused";
}

TEST(Moments, a_time_has_up_to_nine_decimals_and_keeps_six) {
    EXPECT_EQ(read("2026-03-01T09:30:00Z"), "2026-03-01T09:30:00.000000Z");
    EXPECT_EQ(read("2026-03-01T10:30:00.123456+01:00"), "2026-03-01T09:30:00.123456Z");
    EXPECT_EQ(read("2026-03-01T09:30:00.123456789Z"), "2026-03-01T09:30:00.123456Z");
    EXPECT_EQ(read("2026-03-01T09:30:00.1234567891Z"), "refused");
    EXPECT_EQ(read("2026-03-01T09:30:00"), "refused");
    EXPECT_EQ(read("2026-02-30T09:30:00Z"), "refused");
    EXPECT_EQ(read(""), "refused");
    EXPECT_EQ(read("yesterday"), "refused");
}

TEST(Moments, the_digits_of_a_number_say_its_unit) {
    EXPECT_EQ(read("1772357400"), "2026-03-01T09:30:00.000000Z");
    EXPECT_EQ(read("1772357400123"), "2026-03-01T09:30:00.123000Z");
    EXPECT_EQ(read("1772357400123456"), "2026-03-01T09:30:00.123456Z");
    EXPECT_EQ(read("1772357400123456789"), "2026-03-01T09:30:00.123456Z");
    EXPECT_EQ(read("1000000000"), "2001-09-09T01:46:40.000000Z");
    EXPECT_EQ(read("9999999999"), "2286-11-20T17:46:39.000000Z");
    EXPECT_EQ(read("9223372036854775807"), "2262-04-11T23:47:16.854775Z");
}

TEST(Moments, a_number_that_could_mean_two_things_is_refused) {
    for (const char* text :
         {"0", "999999999", "10000000000", "999999999999", "10000000000000", "999999999999999",
          "10000000000000000", "999999999999999999", "9223372036854775808", "10000000000000000000",
          "0000000001", "0772357400", "-1772357400", "+1772357400", "1772357400.5", "1772357400 ",
          "99999999999999999999999"}) {
        EXPECT_EQ(read(text), "refused") << text;
    }
}

TEST(Moments, a_refusal_says_what_would_be_understood) {
    EXPECT_TRUE(parse_moment("12345").error().contains("10 digits for seconds"));
    EXPECT_TRUE(parse_moment("now\n").error().contains("\\n")) << "shown safely";
}

}  // namespace
}  // namespace quantconf::history
