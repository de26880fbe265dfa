#include "schema/number.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "value/units.hpp"

namespace quantconf::schema {
namespace {

std::int64_t integer(std::string_view text) {
    const auto parsed = parse_integer(text);
    EXPECT_TRUE(parsed) << text;
    if (!parsed) {
        return -999'999;
    }
    return parsed->is_negative ? -static_cast<std::int64_t>(parsed->magnitude)
                               : static_cast<std::int64_t>(parsed->magnitude);
}

NumberError integer_error(std::string_view text) {
    const auto parsed = parse_integer(text);
    EXPECT_FALSE(parsed) << text;
    return parsed ? NumberError{255} : parsed.error();
}

double number(std::string_view text) {
    const auto parsed = parse_float(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(-999'999);
}

NumberError float_error(std::string_view text) {
    const auto parsed = parse_float(text);
    EXPECT_FALSE(parsed) << text;
    return parsed ? NumberError{255} : parsed.error();
}

TEST(ParseInteger, decimal_hexadecimal_and_octal_are_understood) {
    EXPECT_EQ(integer("0"), 0);
    EXPECT_EQ(integer("-0"), 0);
    EXPECT_EQ(integer("42"), 42);
    EXPECT_EQ(integer("+42"), 42);
    EXPECT_EQ(integer("-42"), -42);
    EXPECT_EQ(integer("0x1F"), 31);
    EXPECT_EQ(integer("0xff"), 255);
    EXPECT_EQ(integer("-0x10"), -16);
    EXPECT_EQ(integer("0o12"), 10);
    EXPECT_EQ(integer("1_000"), 1000);
    EXPECT_EQ(integer("1_0_0"), 100);
    EXPECT_EQ(integer("0xFF_FF"), 65535);
}

TEST(ParseInteger, sixty_four_bits_and_no_more) {
    EXPECT_EQ(parse_integer("18446744073709551615").value().magnitude,
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(parse_integer("0xFFFFFFFFFFFFFFFF").value().magnitude,
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(integer_error("18446744073709551616"), NumberError::Overflow);
    EXPECT_EQ(integer_error("-99999999999999999999999"), NumberError::Overflow);
    EXPECT_EQ(integer_error("0x10000000000000000"), NumberError::Overflow);
}

TEST(ParseInteger, t59_a_leading_zero_is_never_guessed_at) {
    for (const auto* text :
         {"012", "0777", "08", "0123456789", "00", "-012", "+01", "0_1", "012345678901234567890123"}) {
        EXPECT_EQ(integer_error(text), NumberError::LeadingZero) << text;
        EXPECT_EQ(float_error(text), NumberError::LeadingZero) << text;
    }
}

TEST(ParseInteger, spellings_of_other_languages_are_recognised_and_refused) {
    EXPECT_EQ(integer_error("0b11"), NumberError::Binary);
    EXPECT_EQ(integer_error("0B11"), NumberError::Binary);
    for (const auto* text : {"1__0", "_1", "1_", "0x_1", "0X1F", "0O17", "1,000", "1_000,", "12_"}) {
        EXPECT_EQ(integer_error(text), NumberError::Spelling) << text;
    }
}

TEST(ParseInteger, a_point_or_an_exponent_makes_it_a_float) {
    for (const auto* text : {"5.0", "1e3", "5.", ".5", "-1.5", "1_000.5", "1E+3"}) {
        EXPECT_EQ(integer_error(text), NumberError::NotWhole) << text;
    }
}

TEST(ParseInteger, other_text_is_no_number) {
    for (const auto* text : {"",    "+",   "-",   "abc",   "12:30", "12:30:45",   "0x",   "0o",      "0b",
                             "0o8", "0xg", "0b2", "1 000", " 1",    "1 ",         "--1",  "+-1",     "1e",
                             "1e+", "_",   ",",   ".",     "1.2.3", "2024-01-15", "true", "\xd9\xa1"}) {
        EXPECT_EQ(integer_error(text), NumberError::NotANumber) << text;
        EXPECT_EQ(float_error(text), NumberError::NotANumber) << text;
    }
    EXPECT_EQ(integer_error(std::string_view{"1\0", 2}), NumberError::NotANumber);
}

TEST(ParseNumber, t59_words_for_infinity_and_nan_are_recognised) {
    for (const auto* text :
         {".inf", "-.inf", ".nan", ".NaN", "inf", "nan", "NaN", "-inf", "+Infinity", "NAN"}) {
        EXPECT_EQ(integer_error(text), NumberError::NotFinite) << text;
        EXPECT_EQ(float_error(text), NumberError::NotFinite) << text;
    }
}

TEST(ParseFloat, every_usual_spelling_is_understood) {
    EXPECT_EQ(number("0.05"), 0.05);
    EXPECT_EQ(number("5."), 5.0);
    EXPECT_EQ(number(".5"), 0.5);
    EXPECT_EQ(number("-.5"), -0.5);
    EXPECT_EQ(number("+1.5"), 1.5);
    EXPECT_EQ(number("1e3"), 1000.0);
    EXPECT_EQ(number("1E-3"), 0.001);
    EXPECT_EQ(number("1.5e+3"), 1500.0);
    EXPECT_EQ(number("0e0"), 0.0);
    EXPECT_EQ(number("0.0"), 0.0);
    EXPECT_TRUE(std::signbit(number("-0.0")));
    EXPECT_EQ(number("1_000.5"), 1000.5);
    EXPECT_EQ(number("1.000_5"), 1.0005);
    EXPECT_EQ(number("0e999999999999999999999"), 0.0);
}

TEST(ParseFloat, integers_are_numbers_as_long_as_they_are_exact) {
    EXPECT_EQ(number("5"), 5.0);
    EXPECT_EQ(number("-7"), -7.0);
    EXPECT_EQ(number("0x1F"), 31.0);
    EXPECT_EQ(number("1_000"), 1000.0);
    EXPECT_EQ(number("9007199254740992"), 9007199254740992.0);
    EXPECT_EQ(float_error("9007199254740993"), NumberError::NotExact);
    EXPECT_EQ(float_error("-9007199254740993"), NumberError::NotExact);
    EXPECT_EQ(float_error("18446744073709551616"), NumberError::NotExact);
}

TEST(ParseFloat, t59_nothing_becomes_infinite_or_zero_in_silence) {
    EXPECT_EQ(float_error("1e400"), NumberError::Overflow);
    EXPECT_EQ(float_error("-1e400"), NumberError::Overflow);
    EXPECT_EQ(float_error("1.8e308"), NumberError::Overflow);
    EXPECT_EQ(float_error("1e99999999999999999999"), NumberError::Overflow);
    EXPECT_EQ(float_error("0.0001e400"), NumberError::Overflow);
    EXPECT_EQ(float_error(std::string(400, '9') + ".0"), NumberError::Overflow);
    EXPECT_EQ(float_error(std::string(400, '9') + "e-10"), NumberError::Overflow);
    EXPECT_EQ(float_error("1e-400"), NumberError::Underflow);
    EXPECT_EQ(float_error("1e-99999999999999999999"), NumberError::Underflow);
    EXPECT_EQ(float_error("0." + std::string(400, '0') + "1"), NumberError::Underflow);
    EXPECT_EQ(float_error("0." + std::string(400, '0') + "1e10"), NumberError::Underflow);
    EXPECT_EQ(number("1.7976931348623157e308"), std::numeric_limits<double>::max());
    EXPECT_EQ(number("5e-324"), std::numeric_limits<double>::denorm_min());
    EXPECT_EQ(number("0." + std::string(400, '0') + "1e401"), 1.0);
}

TEST(ParseFloat, underscores_stand_between_digits) {
    for (const auto* text : {"1_.5", "1._5", "_1.5", "1.5_", "1__0.5", "_.5"}) {
        EXPECT_EQ(float_error(text), NumberError::Spelling) << text;
    }
    EXPECT_EQ(float_error("1e1_0"), NumberError::NotANumber);
    EXPECT_EQ(float_error("0,05"), NumberError::Spelling);
    EXPECT_EQ(float_error("01.5"), NumberError::LeadingZero);
    EXPECT_EQ(float_error("0b11"), NumberError::Binary);
}

TEST(ParseFloat, what_we_print_reads_back_as_the_same_double) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random{seed};
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t bits = random();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        if (std::isfinite(value)) {
            ASSERT_EQ(number(value::to_text(value)), value);
            ASSERT_EQ(number(fmt::format("{:.16e}", value)), value);
        }
    }
}

TEST(ParseNonFinite, has_the_spellings_of_yaml) {
    for (const auto* text : {".inf", ".Inf", ".INF", "+.inf"}) {
        EXPECT_EQ(parse_non_finite(text).value(), std::numeric_limits<double>::infinity()) << text;
    }
    EXPECT_EQ(parse_non_finite("-.inf").value(), -std::numeric_limits<double>::infinity());
    for (const auto* text : {".nan", ".NaN", ".NAN"}) {
        EXPECT_TRUE(std::isnan(parse_non_finite(text).value())) << text;
    }
    for (const auto* text : {"inf", "nan", "NaN", "-.nan", ".iNf", "", "5"}) {
        EXPECT_FALSE(parse_non_finite(text)) << text;
    }
}

}  // namespace
}  // namespace quantconf::schema
