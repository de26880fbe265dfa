#include "secrets/import_legacy.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::secrets {
namespace {

// From the Fernet specification, verify.json.
constexpr std::string_view kKey = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
constexpr std::string_view kToken =
    "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

TEST(Fernet, opens_the_published_token) {
    const auto key = read_fernet_key(std::string{kKey} + "\n");
    ASSERT_TRUE(key);
    const auto plain = open_fernet(kToken, *key);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->view(), "hello");
}

TEST(Fernet, refuses_a_token_with_any_letter_changed) {
    const auto key = read_fernet_key(kKey);
    for (std::size_t at = 0; at < kToken.size(); ++at) {
        std::string token{kToken};
        token[at] = token[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(open_fernet(token, *key)) << at;
        EXPECT_FALSE(open_fernet(kToken.substr(0, at), *key)) << at;
    }
}

TEST(Fernet, refuses_what_is_no_key) {
    EXPECT_FALSE(read_fernet_key(""));
    EXPECT_FALSE(read_fernet_key(std::string(32, 'k')));
    EXPECT_FALSE(read_fernet_key("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4"));
}

TEST(LegacySecrets, are_opened_and_what_was_never_encrypted_is_marked) {
    const std::string text =
        "{\n  \"polygon_key\": \"" + std::string{kToken} + "\",\n  \"fred_key\": \"aGVsbG8=\"\n}\n";
    const auto imported = read_legacy_secrets(text, "secure_config.json", kKey);
    ASSERT_TRUE(imported);
    ASSERT_EQ(imported->secrets.size(), 2U);
    EXPECT_EQ(imported->secrets[0].name, "polygon_key");
    EXPECT_EQ(imported->secrets[0].value.view(), "hello");
    EXPECT_TRUE(imported->secrets[0].was_encrypted);
    EXPECT_EQ(imported->secrets[1].value.view(), "hello");
    EXPECT_FALSE(imported->secrets[1].was_encrypted);
}

TEST(LegacySecrets, that_do_not_open_are_named_and_never_taken_as_something_else) {
    const std::string text =
        "{\"a\": \"" + std::string{kToken} + "\", \"b\": \"not base64!\", \"c\": 5, \"d\": \"\"}";
    const auto imported = read_legacy_secrets(text, "secure_config.json", std::string(32, 'k'));
    ASSERT_TRUE(imported);
    EXPECT_TRUE(imported->secrets.empty());
    ASSERT_EQ(imported->refused.size(), 4U);
    EXPECT_EQ(imported->refused[0].name, "a");
    EXPECT_FALSE(imported->refused[0].reason.contains("gAAAA"));
}

TEST(LegacySecrets, of_a_broken_file_are_not_shown) {
    const auto imported = read_legacy_secrets("{\"a\": \"aGVsbG8=\" \"b\"", "secure_config.json", kKey);
    ASSERT_FALSE(imported);
    for (const Diagnostic& diagnostic : imported.error()) {
        EXPECT_FALSE(to_text(diagnostic).contains("aGVs")) << to_text(diagnostic);
    }
}

// One of these would otherwise refuse the whole import.
TEST(DotenvSecrets, that_the_store_cannot_hold_are_refused_one_by_one) {
    const std::string text = "_API_KEY=a\nAPI_KEY=b\nLARGE_API_KEY=" + std::string(1024 * 1024, 'v') +
                             "\nTOO_LARGE_API_KEY=" + std::string(1024 * 1024 + 1, 'v') + "\n";
    const auto imported = read_dotenv_secrets(text, ".env", {});
    ASSERT_TRUE(imported);
    ASSERT_EQ(imported->secrets.size(), 2U);
    EXPECT_EQ(imported->secrets[0].name, "API_KEY");
    EXPECT_EQ(imported->secrets[1].name, "LARGE_API_KEY");
    ASSERT_EQ(imported->refused.size(), 2U);
    EXPECT_EQ(imported->refused[0].name, "_API_KEY");
    EXPECT_EQ(imported->refused[1].name, "TOO_LARGE_API_KEY");
}

TEST(DotenvSecrets, are_taken_by_the_look_of_their_name_or_by_name) {
    const std::string text =
        "POLYGON_API_KEY=abc\nLOG_LEVEL=debug\nexport DB_PASSWORD='x y'\nEMPTY_TOKEN=\n"
        "FRED_API_KEY=SECURE:fred\n";
    const auto imported = read_dotenv_secrets(text, ".env", {});
    ASSERT_TRUE(imported);
    ASSERT_EQ(imported->secrets.size(), 2U);
    EXPECT_EQ(imported->secrets[0].name, "POLYGON_API_KEY");
    EXPECT_EQ(imported->secrets[1].value.view(), "x y");
    EXPECT_EQ(imported->refused.size(), 3U);

    const auto named = read_dotenv_secrets(text, ".env", {"LOG_LEVEL", "NOPE"});
    ASSERT_EQ(named->secrets.size(), 1U);
    EXPECT_EQ(named->secrets[0].name, "LOG_LEVEL");
    EXPECT_EQ(named->refused.front().name, "NOPE");
}

}  // namespace
}  // namespace quantconf::secrets
