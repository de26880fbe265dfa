#include "value/units.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace quantconf::value {
namespace {

using namespace std::chrono_literals;

UnitError duration_error(std::string_view text) {
    const auto parsed = parse_duration(text);
    EXPECT_FALSE(parsed) << text;
    return parsed ? UnitError{255} : parsed.error();
}

UnitError size_error(std::string_view text) {
    const auto parsed = parse_size(text);
    EXPECT_FALSE(parsed) << text;
    return parsed ? UnitError{255} : parsed.error();
}

TEST(ParseDuration, every_unit_is_understood) {
    EXPECT_EQ(parse_duration("7ns").value(), 7ns);
    EXPECT_EQ(parse_duration("7us").value(), 7us);
    EXPECT_EQ(parse_duration("250ms").value(), 250ms);
    EXPECT_EQ(parse_duration("30s").value(), 30s);
    EXPECT_EQ(parse_duration("5m").value(), 5min);
    EXPECT_EQ(parse_duration("2h").value(), 2h);
    EXPECT_EQ(parse_duration("3d").value(), 72h);
    EXPECT_EQ(parse_duration("0s").value(), 0s);
}

TEST(ParseDuration, units_may_follow_each_other_from_large_to_small) {
    EXPECT_EQ(parse_duration("1h30m").value(), 90min);
    EXPECT_EQ(parse_duration("1d2h3m4s5ms6us7ns").value(), 26h + 3min + 4s + 5ms + 6us + 7ns);
    EXPECT_EQ(duration_error("30m1h"), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("1h1h"), UnitError::UnknownUnit);
}

TEST(ParseDuration, fractions_must_be_whole_nanoseconds) {
    EXPECT_EQ(parse_duration("1.5s").value(), 1500ms);
    EXPECT_EQ(parse_duration("0.000000001s").value(), 1ns);
    EXPECT_EQ(parse_duration("1.50000000000000000000000s").value(), 1500ms);
    EXPECT_EQ(duration_error("0.5ns"), UnitError::NotExact);
    EXPECT_EQ(duration_error("0.0000000001s"), UnitError::NotExact);
    EXPECT_EQ(duration_error("0.0000000000000000000000000000000000000001s"), UnitError::NotExact);
}

TEST(ParseDuration, a_minus_stands_before_the_whole) {
    EXPECT_EQ(parse_duration("-5s").value(), -5s);
    EXPECT_EQ(parse_duration("-1h30m").value(), -90min);
    EXPECT_EQ(duration_error("1h-30m"), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("+5s"), UnitError::NotANumber);
}

TEST(ParseDuration, a_number_needs_a_unit) {
    EXPECT_EQ(duration_error("30"), UnitError::MissingUnit);
    EXPECT_EQ(duration_error("0"), UnitError::MissingUnit);
    EXPECT_EQ(duration_error("1.5"), UnitError::MissingUnit);
    EXPECT_EQ(duration_error("1h30"), UnitError::MissingUnit);
}

TEST(ParseDuration, only_lower_case_units_of_the_table_count) {
    EXPECT_EQ(duration_error("30sec"), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("1H"), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("30 s"), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("30s "), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("1e3s"), UnitError::UnknownUnit);
    EXPECT_EQ(duration_error("5\xc2\xb5s"), UnitError::UnknownUnit);
}

TEST(ParseDuration, rubbish_is_no_number) {
    EXPECT_EQ(duration_error(""), UnitError::NotANumber);
    EXPECT_EQ(duration_error("-"), UnitError::NotANumber);
    EXPECT_EQ(duration_error("s"), UnitError::NotANumber);
    EXPECT_EQ(duration_error(".5s"), UnitError::NotANumber);
    EXPECT_EQ(duration_error("5.s"), UnitError::NotANumber);
    EXPECT_EQ(duration_error("--5s"), UnitError::NotANumber);
    EXPECT_EQ(duration_error(" 5s"), UnitError::NotANumber);
}

TEST(ParseDuration, the_64_bit_limits_are_exact) {
    EXPECT_EQ(parse_duration("9223372036854775807ns").value(), Duration::max());
    EXPECT_EQ(parse_duration("-9223372036854775808ns").value(), Duration::min());
    EXPECT_EQ(duration_error("9223372036854775808ns"), UnitError::Overflow);
    EXPECT_EQ(duration_error("-9223372036854775809ns"), UnitError::Overflow);
    EXPECT_EQ(duration_error("106752d"), UnitError::Overflow);
    EXPECT_EQ(duration_error("99999999999999999999s"), UnitError::Overflow);
    EXPECT_EQ(duration_error("213503d23h34m33s709551615ns"), UnitError::Overflow);
}

TEST(ParseSize, decimal_and_binary_units_differ) {
    EXPECT_EQ(parse_size("0B").value(), ByteSize{0});
    EXPECT_EQ(parse_size("512B").value(), ByteSize{512});
    EXPECT_EQ(parse_size("1kB").value(), ByteSize{1000});
    EXPECT_EQ(parse_size("1KiB").value(), ByteSize{1024});
    EXPECT_EQ(parse_size("512MiB").value(), ByteSize{536'870'912});
    EXPECT_EQ(parse_size("1MB").value(), ByteSize{1'000'000});
    EXPECT_EQ(parse_size("1GB").value(), ByteSize{1'000'000'000});
    EXPECT_EQ(parse_size("1GiB").value(), ByteSize{1'073'741'824});
    EXPECT_EQ(parse_size("1TB").value(), ByteSize{1'000'000'000'000});
    EXPECT_EQ(parse_size("1TiB").value(), ByteSize{1'099'511'627'776});
}

TEST(ParseSize, fractions_must_be_whole_bytes) {
    EXPECT_EQ(parse_size("1.5GB").value(), ByteSize{1'500'000'000});
    EXPECT_EQ(parse_size("1.5TiB").value(), ByteSize{1'649'267'441'664});
    EXPECT_EQ(size_error("0.5B"), UnitError::NotExact);
    EXPECT_EQ(size_error("0.1KiB"), UnitError::NotExact);
}

TEST(ParseSize, ambiguous_units_are_not_guessed) {
    for (const auto* text : {"5KB", "5K", "5M", "5G", "5k", "5mb", "5b", "5 MB", "1GiB512MiB"}) {
        EXPECT_EQ(size_error(text), text[0] == '1' ? UnitError::NotANumber : UnitError::UnknownUnit) << text;
    }
}

TEST(ParseSize, a_size_has_a_unit_and_no_sign) {
    EXPECT_EQ(size_error("512"), UnitError::MissingUnit);
    EXPECT_EQ(size_error("-1B"), UnitError::NotANumber);
    EXPECT_EQ(size_error("MB"), UnitError::NotANumber);
    EXPECT_EQ(size_error(""), UnitError::NotANumber);
}

TEST(ParseSize, the_64_bit_limit_is_exact) {
    EXPECT_EQ(parse_size("18446744073709551615B").value(),
              ByteSize{std::numeric_limits<std::uint64_t>::max()});
    EXPECT_EQ(size_error("18446744073709551616B"), UnitError::Overflow);
    EXPECT_EQ(size_error("16777216TiB"), UnitError::Overflow);
    EXPECT_EQ(size_error("18446744.073709551616TB"), UnitError::Overflow);
}

TEST(DurationText, reads_as_a_person_would_write_it) {
    EXPECT_EQ(to_text(Duration{0}), "0s");
    EXPECT_EQ(to_text(Duration{90min}), "1h30m");
    EXPECT_EQ(to_text(Duration{24h}), "1d");
    EXPECT_EQ(to_text(Duration{1500ms}), "1.5s");
    EXPECT_EQ(to_text(Duration{250ms}), "250ms");
    EXPECT_EQ(to_text(Duration{1min + 250ms}), "1m250ms");
    EXPECT_EQ(to_text(Duration{1001us}), "1.001ms");
    EXPECT_EQ(to_text(Duration{1ns}), "1ns");
    EXPECT_EQ(to_text(Duration{-90s}), "-1m30s");
    EXPECT_EQ(to_text(Duration::min()), "-106751d23h47m16.854775808s");
}

TEST(SizeText, is_the_shortest_whole_number) {
    EXPECT_EQ(to_text(ByteSize{0}), "0B");
    EXPECT_EQ(to_text(ByteSize{512ULL << 20U}), "512MiB");
    EXPECT_EQ(to_text(ByteSize{10'000'000'000}), "10GB");
    EXPECT_EQ(to_text(ByteSize{1025}), "1025B");
    EXPECT_EQ(to_text(ByteSize{1024}), "1KiB");
    EXPECT_EQ(to_text(ByteSize{1'024'000}), "1024kB");
    EXPECT_EQ(to_text(ByteSize{131'072'000}), "125MiB");
}

TEST(UnitText, parses_back_to_the_same_value) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t bits = random() >> (random() % 64);
        const Duration duration{static_cast<std::int64_t>(random() % 2 == 0 ? bits : 0 - bits)};
        ASSERT_EQ(parse_duration(to_text(duration)).value(), duration) << to_text(duration);
        ASSERT_EQ(parse_size(to_text(ByteSize{bits})).value(), ByteSize{bits}) << to_text(ByteSize{bits});
    }
    for (const Duration duration : {Duration::min(), Duration::max()}) {
        EXPECT_EQ(parse_duration(to_text(duration)).value(), duration);
    }
}

TEST(NumberText, always_shows_that_it_is_no_integer) {
    EXPECT_EQ(to_text(5.0), "5.0");
    EXPECT_EQ(to_text(0.05), "0.05");
    EXPECT_EQ(to_text(100000.0), "100000.0");
    EXPECT_EQ(to_text(-0.0), "-0.0");
    EXPECT_EQ(to_text(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(to_text(9999999999999998.0), "9999999999999998.0");
    EXPECT_EQ(to_text(1e16), "1e+16");
    EXPECT_EQ(to_text(0.0001), "0.0001");
    EXPECT_EQ(to_text(0.00001), "1e-05");
    EXPECT_EQ(to_text(1.5e300), "1.5e+300");
    EXPECT_EQ(to_text(std::numeric_limits<double>::infinity()), ".inf");
    EXPECT_EQ(to_text(-std::numeric_limits<double>::infinity()), "-.inf");
    EXPECT_EQ(to_text(std::nan("")), ".nan");
}

}  // namespace
}  // namespace quantconf::value
