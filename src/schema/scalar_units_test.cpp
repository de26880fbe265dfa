#include <string>

#include <gtest/gtest.h>

#include "schema/scalar.hpp"
#include "schema/scalar_testing.hpp"

namespace quantconf::schema {
namespace {

using namespace testing;
using namespace std::chrono_literals;

std::string hint(const Field& field, std::string_view text) {
    const Typed typed = plain(field, text);
    return typed.diagnostics.empty() ? "fine" : typed.diagnostics.front().hint;
}

TEST(TypeDuration, is_read_plain_quoted_and_from_variables) {
    const Field field = field_of(Type::Duration);
    EXPECT_EQ(plain(field, "1h30m").value.as_duration(), 90min);
    EXPECT_EQ(quoted(field, "250ms").value.as_duration(), 250ms);
    EXPECT_EQ(verbatim(field, "1.5s").value.as_duration(), 1500ms);
}

TEST(TypeDuration, a_bare_number_is_an_error_with_the_three_likely_spellings) {
    const Field field = field_of(Type::Duration);
    EXPECT_EQ(plain(field, "30").report(),
              "QC1208 expected a duration with a unit, found 30 | write 30s, 30ms or 30m");
    EXPECT_EQ(plain(field, "1.5").report(),
              "QC1208 expected a duration with a unit, found 1.5 | write 1.5s, 1.5ms or 1.5m");
    EXPECT_EQ(plain(field, "0").report(),
              "QC1208 expected a duration with a unit, found 0 | write 0s, 0ms or 0m");
    EXPECT_EQ(hint(field, "99999999999999999999"),
              "units are d, h, m, s, ms, us and ns, the largest first: 1h30m");
}

TEST(TypeDuration, other_spellings_of_units_are_recognised_and_refused) {
    const Field field = field_of(Type::Duration);
    EXPECT_EQ(plain(field, "30sec").report(),
              "QC1209 expected a duration such as 30s, found 30sec | write 30s");
    EXPECT_EQ(hint(field, "1H"), "write 1h");
    EXPECT_EQ(hint(field, "5 minutes"), "write 5m");
    EXPECT_EQ(hint(field, "5\xc2\xb5s"), "write 5us");
    EXPECT_EQ(hint(field, "2weeks"), "units are d, h, m, s, ms, us and ns, the largest first: 1h30m");
    EXPECT_EQ(hint(field, "30m1h"), "units are d, h, m, s, ms, us and ns, the largest first: 1h30m");
    EXPECT_EQ(plain(field, "soon").diagnostics.at(0).code, Code::WrongType);
    EXPECT_EQ(plain(field, "0.5ns").report(),
              "QC1207 expected a duration such as 30s, found 0.5ns | durations are whole nanoseconds");
    EXPECT_EQ(
        plain(field, "300000000h").report(),
        "QC1206 expected a duration such as 30s, found 300000000h | the longest duration is about 292 years");
}

TEST(TypeDuration, is_negative_only_where_its_minimum_is) {
    EXPECT_EQ(plain(field_of(Type::Duration), "-5s").report(), "QC1203 expected >= 0s, found -5s");
    EXPECT_TRUE(plain(field_of(Type::Duration), "0s").ok());
    EXPECT_EQ(plain(field_of(Type::Duration, {.min = -10s}), "-5s").value.as_duration(), -5s);
    EXPECT_EQ(plain(field_of(Type::Duration, {.min = -10s}), "-11s").report(),
              "QC1203 expected >= -10s, found -11s");
}

TEST(TypeDuration, bounds_have_units_in_messages) {
    const Field field = field_of(Type::Duration, {.min = 100ms, .max = 1min});
    EXPECT_TRUE(plain(field, "100ms").ok());
    EXPECT_TRUE(plain(field, "60s").ok());
    EXPECT_EQ(plain(field, "99ms").report(), "QC1203 expected 100ms..1m, found 99ms");
    EXPECT_EQ(plain(field, "61s").report(), "QC1203 expected 100ms..1m, found 61s");
    EXPECT_EQ(plain(field_of(Type::Duration, {.max = 1min}), "2m").report(),
              "QC1203 expected 0s..1m, found 2m");
}

TEST(TypeSize, is_read_plain_quoted_and_from_variables) {
    const Field field = field_of(Type::Size);
    EXPECT_EQ(plain(field, "512MiB").value.as_size().bytes, 512ULL << 20U);
    EXPECT_EQ(quoted(field, "1.5GB").value.as_size().bytes, 1'500'000'000U);
    EXPECT_EQ(verbatim(field, "0B").value.as_size().bytes, 0U);
}

TEST(TypeSize, ambiguous_units_are_refused_with_both_meanings) {
    const Field field = field_of(Type::Size);
    EXPECT_EQ(plain(field, "5KB").report(),
              "QC1209 expected a size such as 512MiB, found 5KB | write 5kB (powers of ten) or 5KiB (powers "
              "of two)");
    EXPECT_EQ(hint(field, "5K"), "write 5kB (powers of ten) or 5KiB (powers of two)");
    EXPECT_EQ(hint(field, "5M"), "write 5MB (powers of ten) or 5MiB (powers of two)");
    EXPECT_EQ(hint(field, "1.5 gb"), "write 1.5GB (powers of ten) or 1.5GiB (powers of two)");
    EXPECT_EQ(hint(field, "5tib"), "write 5TB (powers of ten) or 5TiB (powers of two)");
    EXPECT_EQ(hint(field, "5bytes"), "write 5B");
    EXPECT_EQ(hint(field, "5min"),
              "units are B, kB, MB, GB, TB (powers of ten) and KiB, MiB, GiB, TiB (powers of two)");
}

TEST(TypeSize, a_bare_number_is_an_error) {
    const Field field = field_of(Type::Size);
    EXPECT_EQ(plain(field, "512").report(),
              "QC1208 expected a size with a unit, found 512 | write 512MiB, 512MB or 512kB");
    EXPECT_EQ(plain(field, "-1MB").diagnostics.at(0).code, Code::WrongType);
    EXPECT_EQ(plain(field, "0.5B").diagnostics.at(0).code, Code::NotExact);
    EXPECT_EQ(plain(field, "99999999TiB").diagnostics.at(0).code, Code::Overflow);
}

TEST(TypeSize, bounds_have_units_in_messages) {
    const Field field = field_of(Type::Size, {.min = ByteSize{1024}, .max = ByteSize{1U << 20U}});
    EXPECT_TRUE(plain(field, "1KiB").ok());
    EXPECT_TRUE(plain(field, "1MiB").ok());
    EXPECT_EQ(plain(field, "1023B").report(), "QC1203 expected 1KiB..1MiB, found 1023B");
    EXPECT_EQ(plain(field, "2MiB").report(), "QC1203 expected 1KiB..1MiB, found 2MiB");
}

TEST(TypeSize, an_environment_can_be_stricter) {
    Field field = field_of(Type::Size);
    field.options.stricter.push_back(
        {.environment = Environment::Production, .min = {}, .max = ByteSize{1000}});
    EXPECT_TRUE(type(field, {.text = "2kB"}).ok());
    EXPECT_EQ(type(field, {.text = "2kB", .environment = Environment::Production}).report(),
              "QC1203 expected <= 1kB, found 2kB | production has narrower limits than other environments");
}

}  // namespace
}  // namespace quantconf::schema
