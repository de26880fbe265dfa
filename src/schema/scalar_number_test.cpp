#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "schema/scalar.hpp"
#include "schema/scalar_bounds.hpp"
#include "schema/scalar_testing.hpp"

namespace quantconf::schema {
namespace {

using namespace testing;
using namespace std::chrono_literals;

Field integer_of(std::int64_t min, std::uint64_t max, Options options = {}) {
    Field field = field_of(Type::Integer, std::move(options));
    field.type_min = min;
    field.type_max = max;
    return field;
}

TEST(TypeInteger, is_checked_against_its_c_type_before_it_is_narrowed) {
    const Field port = integer_of(0, 65535);
    EXPECT_EQ(plain(port, "65535").value.as_integer(), 65535);
    EXPECT_EQ(plain(port, "70000").report(), "QC1203 expected 0..65535, found 70000");
    EXPECT_EQ(plain(integer_of(0, 255), "300").report(), "QC1203 expected 0..255, found 300");
    EXPECT_EQ(plain(integer_of(0, 4294967295), "-1").report(), "QC1203 expected 0..4294967295, found -1");
    EXPECT_EQ(plain(integer_of(-128, 127), "-128").value.as_integer(), -128);
    EXPECT_EQ(plain(integer_of(-128, 127), "-129").report(), "QC1203 expected -128..127, found -129");
}

TEST(TypeInteger, all_64_bits_are_usable) {
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    constexpr auto kSignedMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const Field unsigned_field = integer_of(0, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(plain(unsigned_field, "18446744073709551615").value.as_unsigned(), 18446744073709551615ULL);
    EXPECT_EQ(plain(unsigned_field, "9223372036854775808").value.as_unsigned(), 9223372036854775808ULL);
    EXPECT_EQ(plain(unsigned_field, "18446744073709551616").report(),
              "QC1203 expected 0..18446744073709551615, found 18446744073709551616");

    const Field signed_field = integer_of(kMin, kSignedMax);
    EXPECT_EQ(plain(signed_field, "-9223372036854775808").value.as_integer(), kMin);
    EXPECT_EQ(plain(signed_field, "9223372036854775807").value.as_integer(), 9223372036854775807);
    EXPECT_TRUE(plain(signed_field, "9223372036854775808").value.is_invalid());
    EXPECT_TRUE(plain(signed_field, "-9223372036854775809").value.is_invalid());
    EXPECT_TRUE(plain(field_of(Type::Integer), "-9223372036854775809").value.is_invalid());
}

TEST(TypeInteger, bounds_include_themselves_unless_they_say_otherwise) {
    const Field inclusive = integer_of(-2147483648, 2147483647, {.min = 1, .max = 100});
    EXPECT_TRUE(plain(inclusive, "1").ok());
    EXPECT_TRUE(plain(inclusive, "100").ok());
    EXPECT_EQ(plain(inclusive, "0").report(), "QC1203 expected 1..100, found 0");
    EXPECT_EQ(plain(inclusive, "101").report(), "QC1203 expected 1..100, found 101");

    const Field exclusive =
        field_of(Type::Integer, {.min = 1, .max = 100, .exclusive_min = true, .exclusive_max = true});
    EXPECT_TRUE(plain(exclusive, "2").ok());
    EXPECT_TRUE(plain(exclusive, "99").ok());
    EXPECT_EQ(plain(exclusive, "1").report(), "QC1203 expected > 1 and < 100, found 1");
    EXPECT_EQ(plain(exclusive, "100").report(), "QC1203 expected > 1 and < 100, found 100");
}

TEST(TypeInteger, a_bound_on_one_side_is_named_alone) {
    const Field at_least = integer_of(-2147483648, 2147483647, {.min = 1});
    EXPECT_EQ(plain(at_least, "0").report(), "QC1203 expected >= 1, found 0");
    EXPECT_EQ(plain(at_least, "2147483648").report(), "QC1203 expected 1..2147483647, found 2147483648");
    EXPECT_EQ(plain(field_of(Type::Integer, {.min = 0, .exclusive_min = true}), "0").report(),
              "QC1203 expected > 0, found 0");
    EXPECT_EQ(plain(field_of(Type::Integer, {.max = 5}), "6").report(), "QC1203 expected <= 5, found 6");
}

TEST(TypeInteger, ports_are_1_to_65535) {
    EXPECT_EQ(plain(field_of(Type::Port), "1").value.as_integer(), 1);
    EXPECT_EQ(plain(field_of(Type::Port), "65535").value.as_integer(), 65535);
    EXPECT_EQ(plain(field_of(Type::Port), "0").report(), "QC1203 expected 1..65535, found 0");
    EXPECT_EQ(plain(field_of(Type::Port), "65536").report(), "QC1203 expected 1..65535, found 65536");
    EXPECT_EQ(plain(field_of(Type::Port, {.min = 1024}), "80").report(),
              "QC1203 expected 1024..65535, found 80");
}

TEST(TypeInteger, variables_are_read_like_files) {
    EXPECT_EQ(verbatim(field_of(Type::Integer), "0x10").value.as_integer(), 16);
    EXPECT_EQ(verbatim(field_of(Type::Integer), "012").report(),
              "QC1204 expected an integer without a leading zero, found 012 | write 12 or 0o12");
    EXPECT_TRUE(verbatim(field_of(Type::Integer), "5 ").value.is_invalid());
}

TEST(TypeInteger, advice_keeps_the_sign_and_the_value) {
    const Field field = field_of(Type::Integer);
    EXPECT_EQ(plain(field, "-012").diagnostics.at(0).hint, "write -12 or -0o12");
    EXPECT_EQ(plain(field, "00").diagnostics.at(0).hint, "write 0");
    EXPECT_EQ(plain(field, "-0b1_01").diagnostics.at(0).hint, "write -5");
    EXPECT_EQ(plain(field, "0X1F").diagnostics.at(0).hint, "write 0x in lower case");
    EXPECT_EQ(plain(field, "1,000").diagnostics.at(0).hint,
              "the decimal point is written ., and thousands are written 1000 or 1_000");
    EXPECT_EQ(plain(field_of(Type::Float), "01.5").diagnostics.at(0).hint, "write 1.5");
    EXPECT_EQ(plain(field_of(Type::Float), "00.5").diagnostics.at(0).hint, "write 0.5");
    EXPECT_EQ(plain(field_of(Type::Float), "5,000.00").diagnostics.at(0).hint,
              "the decimal point is written ., and thousands are written 1000 or 1_000");
}

TEST(TypeFloat, bounds_are_compared_exactly) {
    const Field field = field_of(Type::Float, {.min = 0.01, .max = 1.0});
    EXPECT_EQ(plain(field, "0.01").value.as_number(), 0.01);
    EXPECT_EQ(plain(field, "1").value.as_number(), 1.0);
    EXPECT_EQ(plain(field, "0.009999999999999999").report(),
              "QC1203 expected 0.01..1.0, found 0.009999999999999999");
    EXPECT_EQ(plain(field, "1.0000000000000002").diagnostics.at(0).code, Code::OutOfRange);
    EXPECT_EQ(plain(field_of(Type::Float, {.min = 100, .max = 100000}), "5").report(),
              "QC1203 expected 100..100000, found 5");
    EXPECT_EQ(plain(field_of(Type::Float, {.min = 0, .exclusive_min = true}), "0.0").report(),
              "QC1203 expected > 0, found 0.0");
}

TEST(TypeFloat, percent_is_explained_where_a_fraction_is_wanted) {
    const Field field = field_of(Type::Float, {.min = 0.01, .max = 1.0});
    EXPECT_EQ(plain(field, "5").report(), "QC1203 expected 0.01..1.0, found 5 | 5% is written 0.05");
    EXPECT_EQ(plain(field, "2.5").diagnostics.at(0).hint, "2.5% is written 0.025");
    EXPECT_EQ(plain(field, "100").diagnostics.at(0).hint, "100% is written 1");
    EXPECT_EQ(plain(field, "101").diagnostics.at(0).hint, "");
    EXPECT_EQ(plain(field, "-5").diagnostics.at(0).hint, "");
    EXPECT_EQ(plain(field, "5%").report(), "QC1201 expected a number, found 5% | 5% is written 0.05");
    const Field narrow = field_of(Type::Float, {.min = 0, .max = 0.1});
    EXPECT_EQ(plain(narrow, "50").diagnostics.at(0).hint, "") << "0.5 would be wrong too";
    EXPECT_EQ(plain(field_of(Type::Float, {.max = 2.0}), "5").diagnostics.at(0).hint, "");
}

TEST(TypeFloat, nan_never_passes_a_bound) {
    const Field open = field_of(Type::Float, {.allow_non_finite = true});
    EXPECT_TRUE(std::isnan(plain(open, ".nan").value.as_number()));
    EXPECT_EQ(plain(open, "-.inf").value.as_number(), -std::numeric_limits<double>::infinity());

    for (const Options& options :
         {Options{.min = 0.0, .allow_non_finite = true}, Options{.max = 1.0, .allow_non_finite = true},
          Options{.min = 0.0, .max = 1.0, .exclusive_min = true, .allow_non_finite = true}}) {
        EXPECT_EQ(plain(field_of(Type::Float, options), ".nan").diagnostics.at(0).code, Code::OutOfRange);
    }
    EXPECT_TRUE(plain(field_of(Type::Float, {.min = 0.0, .allow_non_finite = true}), ".inf").ok());
}

TEST(TypeFloat, words_for_nan_and_infinity_are_refused_even_where_the_values_are_allowed) {
    const Field open = field_of(Type::Float, {.allow_non_finite = true});
    for (const auto* text : {"inf", "nan", "NaN", "-inf", "Infinity"}) {
        EXPECT_EQ(plain(open, text).diagnostics.at(0).code, Code::NotFinite) << text;
        EXPECT_EQ(plain(open, text).diagnostics.at(0).hint, "write .inf, -.inf or .nan");
        EXPECT_EQ(verbatim(open, text).diagnostics.at(0).code, Code::NotFinite) << text;
    }
}

TEST(TypeFloat, nothing_is_rounded_away_in_silence) {
    const Field field = field_of(Type::Float);
    EXPECT_EQ(plain(field, "1e400").report(), "QC1206 expected a number that a double can hold, found 1e400");
    EXPECT_EQ(plain(field, "1e-400").report(),
              "QC1207 expected a number that does not become 0, found 1e-400 | write 0 if that is meant");
    EXPECT_EQ(plain(field, "9007199254740992").value.as_number(), 9007199254740992.0);
    EXPECT_EQ(plain(field, "-9007199254740992").value.as_number(), -9007199254740992.0);
    EXPECT_EQ(plain(field, "9007199254740993").diagnostics.at(0).code, Code::NotExact);
    EXPECT_EQ(plain(field, "-9007199254740993").diagnostics.at(0).code, Code::NotExact);
}

TEST(Bounds, an_environment_can_be_stricter) {
    Field field = field_of(Type::Float, {.min = 0.01, .max = 1.0});
    field.options.stricter.push_back({.environment = Environment::Production, .min = {}, .max = 0.05});
    const auto in = [&](Environment environment, std::string_view text) {
        return type(field, {.text = text, .environment = environment}).report();
    };
    EXPECT_EQ(in(Environment::Staging, "0.5"), "");
    EXPECT_EQ(in(Environment::Production, "0.05"), "");
    EXPECT_EQ(
        in(Environment::Production, "0.5"),
        "QC1203 expected 0.01..0.05, found 0.5 | production has narrower limits than other environments");
    EXPECT_EQ(in(Environment::Production, "0.001"), "QC1203 expected 0.01..0.05, found 0.001");

    Field limit = field_of(Type::Integer, {.max = 100});
    limit.options.stricter.push_back({.environment = Environment::Production, .min = 5, .max = 200});
    EXPECT_EQ(type(limit, {.text = "150", .environment = Environment::Production}).report(),
              "QC1203 expected 5..100, found 150")
        << "an environment cannot loosen a bound";
}

TEST(Bounds, of_two_equal_bounds_the_exclusive_one_is_tighter) {
    const Range inclusive{.min = Limit{std::int64_t{1}}, .max = Limit{std::int64_t{9}}};
    const Range exclusive{.min = Limit{std::int64_t{1}, true}, .max = Limit{std::int64_t{9}, true}};
    EXPECT_EQ(to_text(tighter(inclusive, exclusive)), "> 1 and < 9");
    EXPECT_EQ(to_text(tighter(exclusive, inclusive)), "> 1 and < 9");
    EXPECT_EQ(to_text(tighter(inclusive, {})), "1..9");
    EXPECT_EQ(to_text(Range{.min = Limit{Duration{100ms}}, .max = Limit{Duration{1min}}}), "100ms..1m");
    EXPECT_EQ(to_text(Range{.min = {}, .max = Limit{ByteSize{1024}}}), "<= 1KiB");
}

}  // namespace
}  // namespace quantconf::schema
