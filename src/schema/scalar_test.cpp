#include "schema/scalar.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "schema/scalar_testing.hpp"
#include "value/canonical.hpp"

namespace quantconf::schema {
namespace {

using namespace testing;

/// The value, or the code and the hint of what was reported.
std::string outcome(const Typed& typed) {
    if (typed.value.is_invalid()) {
        if (typed.diagnostics.size() != 1) {
            return "reported " + std::to_string(typed.diagnostics.size()) + " times";
        }
        const Diagnostic& diagnostic = typed.diagnostics.front();
        const std::string hint = diagnostic.hint.empty() ? "" : ": " + diagnostic.hint;
        return to_string(diagnostic.code) + hint;
    }
    return value::canonical(typed.value);
}

std::string in_file(Type type, std::string_view text) {
    return outcome(plain(field_of(type), text));
}

// Table C.1 of the configuration semantics: the same text in a boolean, an integer, a float and a string
// field.

struct Row {
    const char* text;
    const char* boolean;
    const char* integer;
    const char* number;
    const char* string;
};

constexpr const char* kWrong = "QC1201";
constexpr const char* kNotFinite = "QC1205";
constexpr const char* kNull =
    "QC1216: give it a value, or delete the line to keep the value of the layer beneath";
constexpr const char* kUnderscore = "QC1219: an underscore stands alone and between digits: 1_000";
constexpr const char* kNotWhole = "QC1201: only whole numbers are possible here";
constexpr const char* kNotExact =
    "QC1207: whole numbers are exact up to 9007199254740992; write a point or an exponent if the nearest "
    "number "
    "will do";

constexpr Row kTable[] = {
    {"no", "QC1218: write false", kWrong, kWrong, R"("no")"},
    {"yes", "QC1218: write true", kWrong, kWrong, R"("yes")"},
    {"on", "QC1218: write true", kWrong, kWrong, R"("on")"},
    {"off", "QC1218: write false", kWrong, kWrong, R"("off")"},
    {"y", "QC1218: write true", kWrong, kWrong, R"("y")"},
    {"NO", "QC1218: write false", kWrong, kWrong, R"("NO")"},
    {"yes please", kWrong, kWrong, kWrong, R"("yes please")"},
    {"true", "true", kWrong, kWrong, R"("true")"},
    {"True", "true", kWrong, kWrong, R"("True")"},
    {"TRUE", "true", kWrong, kWrong, R"("TRUE")"},
    {"false", "false", kWrong, kWrong, R"("false")"},
    {"False", "false", kWrong, kWrong, R"("False")"},
    {"FALSE", "false", kWrong, kWrong, R"("FALSE")"},
    {"tRue", "QC1218: write true", kWrong, kWrong, R"("tRue")"},
    {"~", kNull, kNull, kNull, "QC1216: write \"~\" for the text"},
    {"null", kNull, kNull, kNull, "QC1216: write \"null\" for the text"},
    {"Null", kNull, kNull, kNull, "QC1216: write \"Null\" for the text"},
    {"NULL", kNull, kNull, kNull, "QC1216: write \"NULL\" for the text"},
    {"", kNull, kNull, kNull, "QC1216: write \"\" for an empty text"},
    {"012", kWrong, "QC1204: write 12 or 0o12", "QC1204: write 12 or 0o12", R"("012")"},
    {"0777", kWrong, "QC1204: write 777 or 0o777", "QC1204: write 777 or 0o777", R"("0777")"},
    {"08", kWrong, "QC1204: write 8", "QC1204: write 8", R"("08")"},
    {"0123456789", kWrong, "QC1204: write 123456789", "QC1204: write 123456789", R"("0123456789")"},
    {"0o12", kWrong, "10", "10.0", R"("0o12")"},
    {"0x1F", kWrong, "31", "31.0", R"("0x1F")"},
    {"0b11", kWrong, "QC1219: write 3", "QC1219: write 3", R"("0b11")"},
    {"1_000", kWrong, "1000", "1000.0", R"("1_000")"},
    {"1__0", kWrong, kUnderscore, kUnderscore, R"("1__0")"},
    {"_1", kWrong, kUnderscore, kUnderscore, R"("_1")"},
    {"1_", kWrong, kUnderscore, kUnderscore, R"("1_")"},
    {"12:30", kWrong, kWrong, kWrong, R"("12:30")"},
    {"12:30:45", kWrong, kWrong, kWrong, R"("12:30:45")"},
    {"1e3", kWrong, "QC1201: write 1000", "1000.0", R"("1e3")"},
    {"-.5", kWrong, kNotWhole, "-0.5", R"("-.5")"},
    {"5.", kWrong, "QC1201: write 5", "5.0", R"("5.")"},
    {".5", kWrong, kNotWhole, "0.5", R"(".5")"},
    {"5.0", kWrong, "QC1201: write 5", "5.0", R"("5.0")"},
    {"1e400", kWrong, kNotWhole, "QC1206", R"("1e400")"},
    {".inf", kWrong, kNotFinite, kNotFinite, R"(".inf")"},
    {".nan", kWrong, kNotFinite, kNotFinite, R"(".nan")"},
    {"inf", kWrong, kNotFinite, kNotFinite, R"("inf")"},
    {"nan", kWrong, kNotFinite, kNotFinite, R"("nan")"},
    {"NaN", kWrong, kNotFinite, kNotFinite, R"("NaN")"},
    {"18446744073709551616", kWrong, "QC1203", kNotExact, R"("18446744073709551616")"},
    {"18446744073709551617", kWrong, "QC1203", kNotExact, R"("18446744073709551617")"},
    {"8.5", kWrong, kNotWhole, "8.5", R"("8.5")"},
    {"1.10", kWrong, kNotWhole, "1.1", R"("1.10")"},
    {"2024-01-15", kWrong, kWrong, kWrong, R"("2024-01-15")"},
    {"=", kWrong, kWrong, kWrong, R"("=")"},
    {"<<", kWrong, kWrong, kWrong, R"("<<")"},
};

TEST(TableC1, t59_a_plain_scalar_means_what_its_field_says) {
    for (const Row& row : kTable) {
        SCOPED_TRACE(row.text);
        EXPECT_EQ(in_file(Type::Boolean, row.text), row.boolean);
        EXPECT_EQ(in_file(Type::Integer, row.text), row.integer);
        EXPECT_EQ(in_file(Type::Float, row.text), row.number);
        EXPECT_EQ(in_file(Type::String, row.text), row.string);
    }
}

TEST(TableC1, a_quoted_scalar_is_a_text) {
    EXPECT_EQ(outcome(quoted(field_of(Type::String), "123")), R"("123")");
    EXPECT_EQ(outcome(quoted(field_of(Type::Integer), "123")), "QC1202: write 123 without quotes");
    EXPECT_EQ(outcome(quoted(field_of(Type::Float), "1.5")), "QC1202: write 1.5 without quotes");
    EXPECT_EQ(outcome(quoted(field_of(Type::Boolean), "true")), "QC1202: write true without quotes");
    EXPECT_EQ(outcome(quoted(field_of(Type::Port), "8080")), "QC1202: write 8080 without quotes");
    EXPECT_EQ(outcome(quoted(field_of(Type::Integer), "012")),
              "QC1202: numbers and booleans stand without quotes");
}

TEST(TableC1, null_is_a_value_only_where_the_field_says_so) {
    for (const Type type :
         {Type::Boolean, Type::Integer, Type::Float, Type::String, Type::Enum, Type::Duration, Type::Size,
          Type::Url, Type::Host, Type::Port, Type::TimeZone, Type::Secret}) {
        Field field = field_of(type);
        for (const auto* text : {"~", "null", "Null", "NULL", ""}) {
            field.nullable = true;
            EXPECT_TRUE(plain(field, text).value.is_absent()) << text;
            field.nullable = false;
            EXPECT_EQ(plain(field, text).diagnostics.at(0).code, Code::NullNotAllowed) << text;
            EXPECT_EQ(plain(field, text).diagnostics.at(0).found, "null");
        }
        field.nullable = true;
        EXPECT_FALSE(quoted(field, "null").value.is_absent());
        EXPECT_FALSE(verbatim(field, "null").value.is_absent());
    }
}

TEST(TypeString, keeps_the_source_text_to_the_last_byte) {
    for (const auto* text : {"1.10", "012345678912", "true", "1e5", "0x1F", " spaces "}) {
        EXPECT_EQ(quoted(field_of(Type::String), text).value.as_text(), text);
        EXPECT_EQ(verbatim(field_of(Type::String), text).value.as_text(), text);
    }
    EXPECT_EQ(quoted(field_of(Type::String), "").value.as_text(), "");
}

TEST(TypeBoolean, variables_take_what_people_write_in_a_shell) {
    const Field field = field_of(Type::Boolean);
    for (const auto* text : {"true", "1", "yes", "on", "TRUE", "Yes", "oN", "tRue"}) {
        EXPECT_EQ(outcome(verbatim(field, text)), "true") << text;
    }
    for (const auto* text : {"false", "0", "no", "off", "FALSE", "No", "oFF"}) {
        EXPECT_EQ(outcome(verbatim(field, text)), "false") << text;
    }
    EXPECT_EQ(outcome(verbatim(field, "y")), "QC1218: write true");
    for (const auto* text : {"", " true", "2", "null", "~", "truthy"}) {
        EXPECT_EQ(outcome(verbatim(field, text)), kWrong) << text;
    }
}

TEST(TypeScalar, says_what_it_expected_and_what_it_found) {
    const Typed typed = plain(field_of(Type::Boolean), "maybe");
    const Diagnostic& diagnostic = typed.diagnostics.at(0);
    EXPECT_EQ(diagnostic.message, "expected true or false, found maybe");
    EXPECT_EQ(diagnostic.expected, "true or false");
    EXPECT_EQ(diagnostic.found, "maybe");
    EXPECT_EQ(diagnostic.path, "key");
    EXPECT_EQ(diagnostic.severity, Severity::Error);
    EXPECT_EQ(diagnostic.origin.position(), (Position{.line = 1, .column = 6}));
    EXPECT_EQ(diagnostic.origin.end - diagnostic.origin.begin, 5U);
    EXPECT_EQ(typed.value.origin(), typed.node.get());
}

TEST(TypeScalar, found_is_quoted_where_it_would_not_be_readable) {
    const Field field = field_of(Type::Integer);
    EXPECT_EQ(plain(field, "a b").diagnostics.at(0).found, R"("a b")");
    EXPECT_EQ(plain(field, "\x1b[31m").diagnostics.at(0).found, R"("\x1b[31m")");
    EXPECT_EQ(verbatim(field, "").diagnostics.at(0).found, "an empty text");
    EXPECT_EQ(quoted(field, "5").diagnostics.at(0).found, R"(the text "5")");
    EXPECT_LT(plain(field, std::string(5000, 'x')).diagnostics.at(0).found.size(), 80U);
}

TEST(TypeScalar, what_came_from_an_interpolation_is_shown_as_it_was_written) {
    const Written written{.text = "canary-7f3a", .interpolation = "${env:PRIVATE}"};
    for (const Type type : {Type::Boolean, Type::Integer, Type::Float, Type::Enum, Type::Duration, Type::Size,
                            Type::Url, Type::Port, Type::TimeZone}) {
        const Typed typed = schema::testing::type(field_of(type), written);
        ASSERT_EQ(typed.diagnostics.size(), 1U);
        EXPECT_EQ(typed.diagnostics.at(0).found, R"("${env:PRIVATE}")");
        EXPECT_FALSE(typed.report().contains("canary"));
    }
    const auto number = [](std::string_view text) {
        return schema::testing::type(field_of(Type::Integer, {.max = 10}),
                                     {.text = text, .interpolation = "${x}"});
    };
    for (const auto* text : {"77012", "077012", "77012.0", "0b1110111", "77,012"}) {
        EXPECT_EQ(number(text).diagnostics.at(0).found, R"("${x}")");
        EXPECT_FALSE(number(text).report().contains("77")) << number(text).report();
    }
}

TEST(TypeScalar, credentials_in_a_url_are_never_shown_whatever_the_field_is) {
    for (const Type type : {Type::Boolean, Type::Integer, Type::Float, Type::Enum, Type::Duration, Type::Size,
                            Type::Url, Type::Host, Type::Port, Type::TimeZone}) {
        for (const auto* text :
             {"postgres://bot:canary@db/x", "https://bot:canary@h:99999/", "//bot:ca/canary@h"}) {
            const Typed typed = plain(field_of(type), text);
            EXPECT_TRUE(typed.value.is_invalid());
            EXPECT_FALSE(typed.report().contains("canary")) << typed.report();
            ASSERT_EQ(typed.secrets.size(), 1U);
            EXPECT_EQ(typed.secrets[0].begin, 5U);
        }
    }
    const Field field = field_of(Type::String, {.pattern = "[a-z]+"});
    EXPECT_FALSE(plain(field, "postgres://bot:canary@db/x").report().contains("canary"));
}

TEST(TypeScalar, a_secret_reference_works_only_in_a_secret_field) {
    for (const Type type : {Type::Boolean, Type::Integer, Type::Float, Type::String, Type::Enum,
                            Type::Duration, Type::Size, Type::Url, Type::Host, Type::Port, Type::TimeZone}) {
        const Typed named = plain(field_of(type), "SECURE:polygon_key");
        EXPECT_EQ(named.diagnostics.at(0).code, Code::MisplacedSecretReference);
        EXPECT_EQ(named.diagnostics.at(0).found, "a reference to the secret polygon_key");

        const Typed pasted = quoted(field_of(type), "SECURE:canary key");
        EXPECT_EQ(pasted.diagnostics.at(0).code, Code::MisplacedSecretReference);
        EXPECT_FALSE(pasted.report().contains("canary"));
        EXPECT_EQ(pasted.secrets.size(), 1U);
    }
}

TEST(TypeString, the_prefix_of_references_can_be_escaped) {
    EXPECT_EQ(plain(field_of(Type::String), "SECURE::x").value.as_text(), "SECURE:x");
    EXPECT_EQ(plain(field_of(Type::String), "SECURE::").value.as_text(), "SECURE:");
    EXPECT_EQ(plain(field_of(Type::String), "secure:x").value.as_text(), "secure:x");
}

}  // namespace
}  // namespace quantconf::schema
