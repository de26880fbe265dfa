#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "schema/scalar.hpp"
#include "schema/scalar_testing.hpp"

namespace quantconf::schema {
namespace {

using namespace testing;

constexpr const char* kCanary = "canary-7f3a";
constexpr const char* kAdvice = "put the secret into the store and write SECURE:key";

Field secret_field(Options options = {}) {
    Field field = field_of(Type::Secret, std::move(options));
    field.nullable = true;
    return field;
}

/// What the loader is told to conceal, as text.
std::string concealed(const Typed& typed) {
    std::string text;
    for (const SecretSpan& span : typed.secrets) {
        text += "[" + std::string{span.source->text().substr(span.begin, span.end - span.begin)} + "]";
    }
    return text;
}

std::string_view plain_text(const Typed& typed) {
    return typed.value.secret_text(grant_secret_access());
}

TEST(TypeSecret, a_reference_is_kept_as_it_is_written) {
    for (const auto* text : {"SECURE:polygon_key", "SECURE:?a", "SECURE:a@3", "SECURE:a@previous"}) {
        for (const Environment environment : kEnvironments) {
            const Typed typed = type(secret_field(), {.text = text, .environment = environment});
            EXPECT_TRUE(typed.ok()) << typed.report();
            EXPECT_EQ(typed.value.secret_reference(), text);
            EXPECT_EQ(concealed(typed), "");
        }
        EXPECT_TRUE(quoted(secret_field(), text).ok());
        EXPECT_TRUE(verbatim(secret_field(), text).ok());
        EXPECT_TRUE(type(secret_field(),
                         {.text = text, .style = value::Style::Verbatim, .kind = Source::Kind::Option})
                        .ok());
    }
}

TEST(TypeSecret, null_means_that_there_is_none) {
    EXPECT_TRUE(plain(secret_field(), "").value.is_absent());
    EXPECT_TRUE(plain(secret_field(), "null").value.is_absent());
}

TEST(TypeSecret, plain_text_is_a_warning_and_in_production_an_error) {
    for (const Environment environment :
         {Environment::Development, Environment::Staging, Environment::Testing}) {
        const Typed typed = type(secret_field(), {.text = kCanary, .environment = environment});
        EXPECT_EQ(typed.report(),
                  std::string{"warning QC1603 the secret stands here in plain text | "} + kAdvice);
        EXPECT_EQ(plain_text(typed), kCanary);
        EXPECT_EQ(typed.value.secret_reference(), "");
        EXPECT_EQ(concealed(typed), "[canary-7f3a]");
    }
    const Typed typed = type(secret_field(), {.text = kCanary, .environment = Environment::Production});
    EXPECT_EQ(typed.report(), std::string{"QC1603 the secret stands here in plain text | "} + kAdvice);
    EXPECT_TRUE(typed.value.is_invalid());
    EXPECT_EQ(concealed(typed), "[canary-7f3a]");
}

TEST(TypeSecret, a_field_may_put_up_with_plain_text) {
    for (const Environment environment : kEnvironments) {
        const Typed typed =
            type(secret_field({.allow_plain_text = true}), {.text = kCanary, .environment = environment});
        EXPECT_EQ(typed.diagnostics.at(0).severity, Severity::Warning);
        EXPECT_EQ(plain_text(typed), kCanary);
        EXPECT_EQ(concealed(typed), "[canary-7f3a]");
    }
}

TEST(TypeSecret, the_prefix_can_be_escaped) {
    const Typed typed = plain(secret_field(), "SECURE::canary");
    EXPECT_EQ(plain_text(typed), "SECURE:canary");
    EXPECT_EQ(typed.value.secret_reference(), "");
    EXPECT_EQ(typed.diagnostics.at(0).code, Code::PlainTextSecret);
    EXPECT_EQ(concealed(typed), "[SECURE::canary]");
}

TEST(TypeSecret, a_reference_is_the_whole_text_or_none) {
    for (const auto* text : {"Bearer SECURE:canary", " SECURE:canary", "x SECURE:canary@3"}) {
        const Typed typed = quoted(secret_field(), text);
        EXPECT_EQ(typed.value.secret_reference(), "") << text;
        EXPECT_EQ(plain_text(typed), text);
        EXPECT_EQ(typed.diagnostics.at(0).code, Code::PlainTextSecret) << text;
        EXPECT_EQ(quoted(field_of(Type::String), text).value.as_text(), text);
    }
}

TEST(TypeSecret, keys_pasted_behind_the_prefix_are_not_shown) {
    for (const auto* text : {"SECURE:canary/x==", "SECURE: canary", "SECURE:canary key",
                             "SECURE:", "SECURE:?", "SECURE:-canary", "SECURE:can+ary@3"}) {
        const Typed typed = quoted(secret_field(), text);
        EXPECT_TRUE(typed.value.is_invalid());
        ASSERT_EQ(typed.diagnostics.size(), 1U);
        EXPECT_EQ(typed.diagnostics[0].code, Code::BadSecretReference);
        EXPECT_FALSE(typed.report().contains("canary")) << typed.report();
        EXPECT_EQ(concealed(typed), std::string{"[\""} + text + "\"]");
    }
}

TEST(TypeSecret, a_bad_version_names_the_secret) {
    const Typed typed = plain(secret_field(), "SECURE:polygon_key@latest");
    EXPECT_EQ(typed.report(),
              "QC1601 the version of the secret polygon_key is neither a number nor previous | write @3 for "
              "version 3, "
              "@previous, or nothing for the current one");
    EXPECT_EQ(concealed(typed), "[SECURE:polygon_key@latest]");
}

TEST(TypeSecret, a_prefix_in_small_letters_is_no_reference) {
    const Typed typed = plain(secret_field(), "secure:polygon_key");
    EXPECT_EQ(typed.report(),
              "warning QC1603 the secret stands here in plain text | a reference begins with SECURE: in "
              "capital letters");
}

TEST(TypeSecret, t61_an_environment_variable_must_not_hold_it) {
    for (const Environment environment : kEnvironments) {
        const Typed typed = type(secret_field(), {.text = kCanary,
                                                  .style = value::Style::Verbatim,
                                                  .kind = Source::Kind::Variable,
                                                  .name = "TEST_KEY",
                                                  .environment = environment});
        EXPECT_EQ(typed.report(),
                  "QC1604 an environment variable must not hold this secret in plain text | set it to "
                  "SECURE:key, or put "
                  "the secret into a file and its path into TEST_KEY_FILE");
        EXPECT_TRUE(typed.value.is_invalid());
        EXPECT_EQ(concealed(typed), "[canary-7f3a]");
    }
}

TEST(TypeSecret, a_variable_that_names_a_file_may_bring_it) {
    for (const Environment environment : kEnvironments) {
        const Typed typed = type(secret_field(), {.text = kCanary,
                                                  .style = value::Style::Verbatim,
                                                  .kind = Source::Kind::NamedFile,
                                                  .name = "TEST_KEY_FILE",
                                                  .environment = environment});
        EXPECT_TRUE(typed.ok()) << typed.report();
        EXPECT_EQ(plain_text(typed), kCanary);
        EXPECT_EQ(concealed(typed), "[canary-7f3a]");
    }
}

TEST(TypeSecret, a_field_may_allow_the_variable) {
    const Typed typed = verbatim(secret_field({.allow_variable = true}), kCanary);
    EXPECT_TRUE(typed.ok()) << typed.report();
    EXPECT_EQ(plain_text(typed), kCanary);
    EXPECT_EQ(concealed(typed), "[canary-7f3a]");
}

TEST(TypeSecret, the_command_line_never_may) {
    for (const bool allowed : {false, true}) {
        const Typed typed = type(secret_field({.allow_plain_text = allowed, .allow_variable = allowed}),
                                 {.text = kCanary,
                                  .style = value::Style::Verbatim,
                                  .kind = Source::Kind::Option,
                                  .name = "--set key"});
        EXPECT_EQ(
            typed.report(),
            "QC1604 a secret on the command line can be read by everybody on this machine | use SECURE:key");
        EXPECT_EQ(concealed(typed), "[canary-7f3a]");
    }
}

TEST(TypeSecret, an_empty_text_is_no_secret) {
    EXPECT_EQ(
        quoted(secret_field(), "").report(),
        "QC1212 the secret is an empty text | write null, or leave the key out, where there is no secret");
    EXPECT_TRUE(quoted(secret_field({.allow_empty = true}), "").ok());
    EXPECT_EQ(plain_text(quoted(secret_field({.allow_empty = true}), "")), "");
}

TEST(TypeSecret, neither_text_nor_length_is_in_any_message) {
    const auto check = [](const Options& options, std::string_view text, Code code) {
        const Typed typed = quoted(secret_field(options), text);
        EXPECT_TRUE(typed.value.is_invalid());
        const auto found = std::ranges::find(typed.diagnostics, code, &Diagnostic::code);
        ASSERT_NE(found, typed.diagnostics.end());
        EXPECT_EQ(found->message.find_first_of("0123456789"), std::string::npos) << found->message;
        EXPECT_FALSE(typed.report().contains("canary"));
        EXPECT_FALSE(concealed(typed).empty());
    };
    check({.min_length = 20}, kCanary, Code::Length);
    check({.max_length = 5}, kCanary, Code::Length);
    check({.pattern = "[a-z]+"}, kCanary, Code::PatternMismatch);
    check({}, std::string_view{"canary\0x", 8}, Code::EscapedNul);
}

TEST(TypeSecret, a_lost_end_is_concealed_too) {
    const Typed typed = type(secret_field(), {.text = "canary", .tail = " #7f3a\nnext: 1\n"});
    EXPECT_EQ(typed.diagnostics.at(0).code, Code::LostCommentTail);
    EXPECT_EQ(typed.diagnostics.at(0).severity, Severity::Warning);
    EXPECT_EQ(concealed(typed), "[#7f3a][canary]");
    EXPECT_TRUE(type(secret_field(), {.text = "SECURE:a", .tail = " # the key"}).ok());
}

}  // namespace
}  // namespace quantconf::schema
