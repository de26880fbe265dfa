#include <string>

#include <gtest/gtest.h>

#include "schema/scalar.hpp"
#include "schema/scalar_testing.hpp"

namespace quantconf::schema {
namespace {

using namespace testing;

TEST(TypeString, length_counts_characters_and_not_bytes) {
    const Field field = field_of(Type::String, {.min_length = 2, .max_length = 3});
    EXPECT_TRUE(quoted(field, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80").ok());
    EXPECT_EQ(quoted(field, "\xc3\xa9").report(), "QC1212 expected 2..3 characters, found 1 character");
    EXPECT_EQ(quoted(field, "abcd").report(), "QC1212 expected 2..3 characters, found 4 characters");
    EXPECT_EQ(quoted(field_of(Type::String, {.min_length = 1}), "").report(),
              "QC1212 expected at least 1 character, found 0 characters");
    EXPECT_EQ(quoted(field_of(Type::String, {.max_length = 2}), "abc").report(),
              "QC1212 expected at most 2 characters, found 3 characters");
}

TEST(TypeString, must_match_its_pattern_as_a_whole) {
    const Field field = field_of(Type::String, {.pattern = "[A-Z]{2,5}"});
    EXPECT_TRUE(plain(field, "SPY").ok());
    EXPECT_EQ(plain(field, "spy").report(), "QC1210 expected a text of the form [A-Z]{2,5}, found spy");
    EXPECT_EQ(quoted(field, "SPY ").report(),
              R"(QC1210 expected a text of the form [A-Z]{2,5}, found "SPY ")");
}

TEST(TypeString, an_escaped_nul_is_refused) {
    EXPECT_EQ(quoted(field_of(Type::String), std::string_view{"abc\0def", 7}).report(),
              "QC1217 a text cannot contain the character NUL | take the \\0 out: most programs would end "
              "the text there");
}

TEST(TypeEnum, is_matched_exactly) {
    Field field = field_of(Type::Enum);
    field.names = {"DEBUG", "INFO", "WARNING"};
    EXPECT_EQ(plain(field, "INFO").value.as_text(), "INFO");
    EXPECT_EQ(quoted(field, "INFO").value.as_text(), "INFO");
    EXPECT_EQ(verbatim(field, "INFO").value.as_text(), "INFO");
    EXPECT_EQ(
        plain(field, "info").report(),
        "QC1211 expected DEBUG, INFO or WARNING, found info | write INFO: capital and small letters differ");
    EXPECT_EQ(plain(field, "WARNIN").report(),
              "QC1211 expected DEBUG, INFO or WARNING, found WARNIN | did you mean WARNING?");
    EXPECT_EQ(plain(field, "verbose").report(), "QC1211 expected DEBUG, INFO or WARNING, found verbose");
    EXPECT_EQ(verbatim(field, "").diagnostics.at(0).found, "an empty text");
}

TEST(TypeEnum, names_that_look_like_booleans_and_numbers_are_names) {
    Field field = field_of(Type::Enum);
    field.names = {"on", "off", "1.0"};
    EXPECT_TRUE(plain(field, "on").ok());
    EXPECT_TRUE(plain(field, "1.0").ok());
    EXPECT_FALSE(plain(field, "1").ok());
}

TEST(TypeEnum, thousands_of_mistakes_do_not_cost_thousands_of_searches) {
    Field field = field_of(Type::Enum);
    field.names = {"DEBUG"};
    EXPECT_EQ(plain(field, std::string(65, 'D')).diagnostics.at(0).hint, "");

    const Typed typed = plain(field, "DEBUX");
    EXPECT_EQ(typed.diagnostics.at(0).hint, "did you mean DEBUG?");
    Diagnostics many(1001);
    std::vector<SecretSpan> secrets;
    Typing typing{.schema = empty_schema(),
                  .environment = Environment::Development,
                  .arena = *typed.arena,
                  .diagnostics = many,
                  .secrets = secrets};
    static_cast<void>(type_scalar(typing, *typed.node, field, "key"));
    EXPECT_EQ(many.back().hint, "");
}

TEST(TypeUrl, takes_web_addresses_unless_told_otherwise) {
    const Field field = field_of(Type::Url);
    EXPECT_EQ(plain(field, "https://api.polygon.io/v2").value.as_text(), "https://api.polygon.io/v2");
    EXPECT_TRUE(quoted(field, "HTTP://localhost:9090").ok());
    EXPECT_EQ(plain(field, "ftp://example.com").report(),
              "QC1213 expected a URL that begins with https:// or http://, found ftp://example.com");

    const Field redis = field_of(Type::Url, {.schemes = {"redis"}});
    EXPECT_TRUE(plain(redis, "redis://localhost:6379/0").ok());
    EXPECT_EQ(plain(redis, "https://example.com").report(),
              "QC1213 expected a URL that begins with redis://, found https://example.com");
}

TEST(TypeUrl, says_what_is_wrong_with_it) {
    const Field field = field_of(Type::Url);
    EXPECT_EQ(plain(field, "https://h:99999/").report(),
              "QC1213 expected a URL with a port of 1..65535, found https://h:99999/");
    EXPECT_EQ(plain(field, "https:///x").report(),
              "QC1213 expected a URL with a host name or IP address, found https:///x");
    EXPECT_EQ(quoted(field, "https://h/a b").report(),
              R"(QC1213 expected a URL without spaces and special characters, found "https://h/a b" | )"
              "write a space as %20, and other special characters likewise");
    EXPECT_EQ(plain(field, "https://h/%").diagnostics.at(0).hint, "write % itself as %25");
}

TEST(TypeUrl, user_and_password_are_refused_and_concealed) {
    const Typed typed = plain(field_of(Type::Url), "https://bot:canary@example.com/");
    EXPECT_EQ(typed.report(),
              "QC1213 expected a URL without user name and password, found a text with a user name or "
              "password in it | "
              "put user name and password into a secret field");
    ASSERT_EQ(typed.secrets.size(), 1U);
    EXPECT_EQ(typed.secrets[0].source, typed.source.get());
    EXPECT_EQ(
        typed.source->text().substr(typed.secrets[0].begin, typed.secrets[0].end - typed.secrets[0].begin),
        "https://bot:canary@example.com/");
    EXPECT_FALSE(plain(field_of(Type::Url), "bot:canary@example.com").report().contains("canary"));
}

TEST(TypeUrl, may_have_a_pattern_of_its_own) {
    const Field field = field_of(Type::Url, {.pattern = "https://hooks\\..*"});
    EXPECT_TRUE(plain(field, "https://hooks.example.com/x").ok());
    EXPECT_EQ(plain(field, "https://example.com").diagnostics.at(0).code, Code::PatternMismatch);
}

TEST(CommentTail, a_lost_end_of_a_url_is_a_warning) {
    const auto with_tail = [](std::string tail) {
        return type(field_of(Type::Url), {.text = "https://example.com/a", .tail = std::move(tail)});
    };
    const Typed lost = with_tail(" #fragment\nnext: 1\n");
    EXPECT_EQ(lost.report(),
              "warning QC1125 the value ends before the #, the rest is a comment | put the value in quotes "
              "if the # "
              "belongs to it, else write a space behind the #");
    EXPECT_EQ(lost.diagnostics.at(0).origin.position(), (Position{.line = 1, .column = 28}));
    EXPECT_EQ(lost.value.as_text(), "https://example.com/a");
    EXPECT_TRUE(lost.secrets.empty());

    for (const auto* tail :
         {" # a comment", " #", " #\n", "  # x", "\n#x", "", " ", "#x", ", b: 1} #x", "\t# x"}) {
        EXPECT_TRUE(with_tail(tail).ok()) << tail;
    }
    EXPECT_TRUE(type(field_of(Type::String), {.text = "abc", .tail = " #def"}).ok())
        << "only secrets and URLs";
    EXPECT_TRUE(
        type(field_of(Type::Url), {.text = "https://a/", .style = value::Style::DoubleQuoted, .tail = " #x"})
            .ok());
}

TEST(TypeHost, is_a_name_or_an_address) {
    const Field field = field_of(Type::Host);
    EXPECT_EQ(plain(field, "db-1.internal").value.as_text(), "db-1.internal");
    EXPECT_TRUE(quoted(field, "::1").ok());
    EXPECT_EQ(plain(field, "db:5432").report(),
              "QC1214 expected a host name or IP address, found db:5432 | the port has a field of its own");
    EXPECT_EQ(plain(field, "https://db").diagnostics.at(0).hint,
              "a host stands alone, without https:// and path");
    EXPECT_EQ(plain(field, "127.1").report(), "QC1214 expected a host name or IP address, found 127.1");
    EXPECT_FALSE(plain(field, "bot:canary@db").report().contains("canary"));
}

TEST(TypeTimeZone, is_one_that_the_database_knows) {
    const Field field = field_of(Type::TimeZone);
    EXPECT_EQ(plain(field, "US/Eastern").value.as_text(), "US/Eastern");
    EXPECT_EQ(quoted(field, "America/New_York").value.as_text(), "America/New_York");
    EXPECT_EQ(plain(field, "US/Eastrn").report(),
              "QC1215 expected a time zone such as US/Eastern, found US/Eastrn | did you mean US/Eastern?");
    EXPECT_EQ(plain(field, "Moon").diagnostics.at(0).hint,
              "time zones are named as in the IANA database: America/New_York, UTC");
}

}  // namespace
}  // namespace quantconf::schema
