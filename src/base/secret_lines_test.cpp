#include "base/secret_lines.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "support/thread_time.hpp"

namespace quantconf {
namespace {

std::string shown(const std::string& text, Source::Kind kind = Source::Kind::File,
                  const std::string& name = "config/base.yaml") {
    const auto source = Source::make(kind, "base", name, text);
    std::string result;
    const std::uint32_t lines = source->position(static_cast<std::uint32_t>(text.size())).line;
    for (std::uint32_t line = 1; line <= lines; ++line) {
        result += (line == 1 ? "" : "\n") + source->visible_line(line);
    }
    return result;
}

TEST(SecretLines, knows_the_names_that_secrets_have) {
    for (const char* key : {"password", "DB_PASSWORD", "api_key", "apiKey", "api-key", "slack_webhook_url",
                            "token", "client_secret", "SENTRY_DSN", "credentials", "private", "passwd"}) {
        EXPECT_TRUE(looks_secret(key)) << key;
    }
    for (const char* key : {"host", "max_position_size", "log_level", "keys", "monkey"}) {
        EXPECT_FALSE(looks_secret(key)) << key;
    }
}

TEST(SecretLines, hides_the_rest_of_the_line_behind_a_secret_key) {
    EXPECT_EQ(shown("host: db1\npassword: canary # old\nport: 1"), "host: db1\npassword: ******\nport: 1");
    EXPECT_EQ(shown("\"password\" : 'canary' x"), "\"password\" : ******");
    EXPECT_EQ(shown("  - api_key:  canary"), "  - api_key:  ******");
    EXPECT_EQ(shown("# password: canary"), "# password: ******");
}

TEST(SecretLines, hides_it_in_flow_mappings_and_json) {
    EXPECT_EQ(shown("db: {user: x, password: canary, port: 1}"), "db: {user: x, password: ******");
    EXPECT_EQ(shown("{\n\"password\":\"canary\",\n\"port\":1\n}"), "{\n\"password\":******\n\"port\":1\n}");
    EXPECT_EQ(shown("{\"password\"\n:\n\"canary\",\n\"port\":1}"), "{\"password\"\n:\n******\n\"port\":1}");
}

TEST(SecretLines, hides_it_in_dotenv_lines) {
    EXPECT_EQ(shown("A=1\nexport QUANTBOT_DATABASE_PASSWORD=canary\nB=2"),
              "A=1\nexport QUANTBOT_DATABASE_PASSWORD=******\nB=2");
    EXPECT_EQ(shown("API_TOKEN = \"canary"), "API_TOKEN = ******");
}

TEST(SecretLines, hides_continuation_lines) {
    EXPECT_EQ(shown("a:\n  private_key: |\n    one\n\n    two\n  host: x"),
              "a:\n  private_key: ******\n    ******\n\n    ******\n  host: x");
    EXPECT_EQ(shown("password: one\n  two\nhost: x"), "password: ******\n  ******\nhost: x");
    EXPECT_EQ(shown("password:\n  canary\nhost: x"), "password:\n  ******\nhost: x");
    EXPECT_EQ(shown("tokens:\n- canary\n- canary\nhost: x"), "tokens:\n******\n******\nhost: x");
    EXPECT_EQ(shown("password:\ncanary\nhost: x"), "password:\n******\nhost: x");
}

TEST(SecretLines, a_neighbour_in_a_list_item_is_no_continuation) {
    EXPECT_EQ(shown("- password: canary\n  host: x\n- password: canary\n  host: y"),
              "- password: ******\n  host: x\n- password: ******\n  host: y");
}

TEST(SecretLines, hides_quoted_texts_over_several_lines) {
    EXPECT_EQ(shown("password: \"one\ntwo\nthree\" x\nhost: x"), "password: ******\n******\n******\nhost: x");
    EXPECT_EQ(shown("password: 'it''s\ntwo'\nhost: x"), "password: ******\n******\nhost: x");
    EXPECT_EQ(shown("{password: a, token: \"one\ntwo\", x: 1}\nhost: x"),
              "{password: ******\n******\nhost: x");
    EXPECT_EQ(shown("password: !!str &a\n  \"one\ntwo\"\nhost: x"),
              "password: ******\n******\n******\nhost: x");
}

TEST(SecretLines, a_quote_that_nobody_closes_hides_the_rest) {
    EXPECT_EQ(shown("password: \"canary\nhost: x\nport: 1"), "password: ******\n******\n******");
}

TEST(SecretLines, hides_collections_behind_a_secret_key) {
    EXPECT_EQ(shown("{\"tokens\": [\n\"one\",\n\"t]wo\"\n],\n\"port\": 1}"),
              "{\"tokens\": ******\n******\n******\n******\n\"port\": 1}");
    EXPECT_EQ(shown("{password: one\ntwo, port: 1}\nhost: x"), "{password: ******\n******\nhost: x");
}

TEST(SecretLines, shows_references_to_the_store) {
    EXPECT_EQ(shown("password: SECURE:db\nhost: x"), "password: SECURE:db\nhost: x");
    EXPECT_EQ(shown("{password: \"SECURE:?db@previous\", port: 1}"),
              "{password: \"SECURE:?db@previous\", port: 1}");
    EXPECT_EQ(shown("{api_key: SECURE:db, token: canary}"), "{api_key: SECURE:db, token: ******");
    EXPECT_EQ(shown("DB_PASSWORD=SECURE:db"), "DB_PASSWORD=SECURE:db");
}

TEST(SecretLines, what_only_begins_like_a_reference_is_hidden) {
    EXPECT_EQ(shown("password: SECURE::canary"), "password: ******");
    EXPECT_EQ(shown("password: SECURE:db canary"), "password: ******");
    EXPECT_EQ(shown("password: SECURE:\ncanary"), "password: ******\ncanary");
    EXPECT_EQ(shown("password: 'SECURE:db\ncanary'"), "password: ******\n******");
    EXPECT_EQ(shown("password: SECURE:db # was canary"), "password: SECURE:db ******");
    EXPECT_EQ(shown("{password: SECURE:db, # was canary\nport: 1}"),
              "{password: SECURE:db, ******\nport: 1}");
    EXPECT_EQ(shown("password: SECURE:db\n  canary"), "password: SECURE:db\n  ******");
}

TEST(SecretLines, hides_user_and_password_of_addresses) {
    EXPECT_EQ(shown("url: postgres://user:canary@db1/prices"), "url: postgres://******@db1/prices");
    EXPECT_EQ(shown("url: postgres://user:can/a@ry@db1 # x"), "url: postgres://******@db1 # x");
    EXPECT_EQ(shown("url: https://example.com/path"), "url: https://example.com/path");
    EXPECT_EQ(shown("url: https://example.com/?apikey=canary"), "url: https://example.com/?apikey=******");
}

TEST(SecretLines, a_source_with_a_secret_name_is_hidden_whole) {
    EXPECT_EQ(shown("canary", Source::Kind::Variable, "QUANTBOT_DATABASE_PASSWORD"), "******");
    EXPECT_EQ(shown("canary", Source::Kind::File, "/run/secrets/db_password"), "******");
    EXPECT_EQ(shown("canary", Source::Kind::Option, "--set database.password"), "******");
    EXPECT_EQ(shown("database.password=canary", Source::Kind::Option, "--set"), "database.password=******");
    EXPECT_EQ(shown("SECURE:db x", Source::Kind::Variable, "QUANTBOT_DATABASE_PASSWORD"), "******");
    EXPECT_EQ(shown("SECURE:db", Source::Kind::Variable, "QUANTBOT_DATABASE_PASSWORD"), "SECURE:db");
    EXPECT_EQ(shown("true", Source::Kind::Variable, "QUANTBOT_DEBUG"), "true");
    EXPECT_EQ(shown("host: x", Source::Kind::File, "/home/secret/config/base.yaml"), "host: x");
}

/// The text is 16 MiB at most, so anything that is not linear would take minutes.
TEST(SecretLines, takes_linear_time_for_hostile_texts) {
    const auto repeated = [](std::string_view part, std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) {
            text += part;
        }
        return text;
    };
    constexpr std::size_t kBytes = std::size_t{1} << 18U;
    const std::vector<std::string> texts = {
        repeated("password: [\n", kBytes),
        repeated("{ password: x ", kBytes),
        repeated("password:!", kBytes),
        repeated("#password: x\n", kBytes),
        repeated("token: 'x''", kBytes),
        repeated("password: SECURE:a #", kBytes),
        repeated("{password: SECURE:a, ", kBytes),
        repeated("password\n", kBytes),
        repeated("{password: x, ", kBytes) + repeated("\n", kBytes),
        repeated("password:\n\n\n\n", kBytes),
        repeated("a://b@", kBytes),
        repeated(" ", kBytes) + repeated("\"password\":\"x\",", kBytes),
        repeated("password", kBytes),
        repeated("- - password: x\n", kBytes),
    };
    for (const std::string& text : texts) {
        const auto source = Source::make(Source::Kind::File, "base", "base.yaml", text);
        const auto begin = thread_time();
        (void)suspected_secrets(*source);
        EXPECT_LT(thread_time() - begin, std::chrono::seconds{5}) << text.substr(0, 20);
    }
}

}  // namespace
}  // namespace quantconf
