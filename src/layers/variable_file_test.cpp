#include "layers/variable_file.hpp"

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

constexpr auto kNotes = Severity::Note;

// E7

std::shared_ptr<const Candidate> load_file_variable(std::string text, std::uint32_t mode,
                                                    Environment environment,
                                                    Words variables = {
                                                        "BOT_DATABASE_PASSWORD_FILE=/run/pw"}) {
    MemoryFiles files{{{"config/base.yaml", "{}"}}};
    files.put("/run/pw", std::move(text), mode);
    return load({.schema = &schema(),
                 .files = &files,
                 .environment = environment,
                 .variables = std::move(variables)})
        .value();
}

std::string password_of(const std::shared_ptr<const Candidate>& candidate) {
    std::string plain;
    decoded(candidate).database.password.reveal(grant_secret_access(),
                                                [&](std::string_view text) { plain = text; });
    return plain;
}

TEST(VariableFile, a_value_may_stand_in_a_file_and_loses_exactly_one_newline) {
    constexpr auto kDevelopment = Environment::Development;
    EXPECT_EQ(password_of(load_file_variable("pw", 0400, kDevelopment)), "pw");
    EXPECT_EQ(password_of(load_file_variable("pw\n", 0400, kDevelopment)), "pw");
    EXPECT_EQ(password_of(load_file_variable("pw\r\n", 0400, kDevelopment)), "pw");
    EXPECT_EQ(password_of(load_file_variable(" pw \n\n", 0400, kDevelopment)), " pw \n");
    EXPECT_EQ(password_of(load_file_variable("@delete", 0400, kDevelopment)), "@delete");
}

TEST(VariableFile, a_variable_and_its_file_are_one_too_many) {
    EXPECT_EQ(
        codes(load_file_variable("pw", 0400, Environment::Development,
                                 {"BOT_DATABASE_PASSWORD_FILE=/run/pw", "BOT_DATABASE_PASSWORD=SECURE:x"}))
            .front(),
        Code::VariableSetTwice);
}

TEST(VariableFile, a_secret_that_everybody_can_read_is_an_error_in_production) {
    const auto production = load_file_variable("pw", 0444, Environment::Production);
    EXPECT_EQ(find(production, Code::VariableFileExposed).severity, Severity::Error);
    EXPECT_EQ(find(production, Code::VariableFileExposed).code, Code::VariableFileExposed);
    const auto development = load_file_variable("pw", 0444, Environment::Development);
    EXPECT_EQ(find(development, Code::VariableFileExposed).severity, Severity::Warning);
    EXPECT_NE(find(load_file_variable("pw", 0440, Environment::Production), Code::VariableFileExposed).code,
              Code::VariableFileExposed);
    EXPECT_TRUE(load_file_variable("SECURE:pw", 0444, Environment::Production)->ok);
    EXPECT_EQ(codes(load_file_variable("x", 0444, Environment::Production, {"BOT_NAME_FILE=/run/pw"})),
              std::vector<Code>{})
        << "only secrets have to be hidden";
}

TEST(VariableFile, a_file_holds_any_value_which_is_typed_as_if_it_stood_in_the_variable) {
    const auto load_orders = [](std::string text) {
        return load_file_variable(std::move(text), 0444, Environment::Development,
                                  {"BOT_TRADING_MAX_ORDERS_FILE=/run/pw"});
    };
    EXPECT_EQ(decoded(load_orders("7\n")).trading.max_orders, 7);
    EXPECT_EQ(codes(load_orders("07\n")), std::vector{Code::LeadingZero});
    EXPECT_EQ(codes(load_orders("7 \n")), std::vector{Code::WrongType});
    EXPECT_EQ(codes(load_orders("7\r\r\n")), std::vector{Code::WrongType});
}

TEST(VariableFile, a_file_that_is_not_there_is_an_error) {
    const auto candidate = load_variables({"BOT_DATABASE_PASSWORD_FILE=/run/none"});

    EXPECT_EQ(codes(candidate), std::vector{Code::VariableFileUnreadable});
    EXPECT_EQ(place(find(candidate, Code::VariableFileUnreadable).origin), "BOT_DATABASE_PASSWORD_FILE");
    EXPECT_EQ(codes(load_variables({"BOT_DATABASE_PASSWORD_FILE="}), kNotes),
              std::vector{Code::EmptyVariable});
}

TEST(VariableFile, a_file_of_other_bytes_or_too_many_is_an_error) {
    EXPECT_EQ(codes(load_file_variable("\xff", 0400, Environment::Development)),
              std::vector{Code::VariableNotUtf8});
    const std::string large(1024 * 1024, 'x');
    EXPECT_EQ(codes(load_file_variable(large + "x", 0400, Environment::Development)),
              std::vector{Code::VariableFileUnreadable});
    EXPECT_EQ(password_of(load_file_variable(large, 0400, Environment::Development)), large);
}

// E9

TEST(VariableFile, a_secret_is_a_reference_or_a_file_and_never_shown) {
    EXPECT_TRUE(load_variables({"BOT_DATABASE_PASSWORD=SECURE:db"})->ok);
    const auto candidate = load_variables({"BOT_DATABASE_PASSWORD=hush-hush"});
    EXPECT_EQ(codes(candidate), std::vector{Code::SecretInVariable});
    EXPECT_FALSE(report_of(candidate).contains("hush"));
}

/// Secrets whose own names end like the names of variables that name files.
struct Keys {
    Secret key_file;
    std::map<std::string, Secret> keys;
    static Fields fields() { return {field<&Keys::key_file>("key_file"), field<&Keys::keys>("keys")}; }
};

TEST(VariableFile, a_secret_in_a_variable_is_refused_whatever_the_name_ends_with) {
    static const Schema kSchema = Schema::of<Keys>({.app = "keys", .env_prefix = "KEYS"});
    MemoryFiles files{{{"config/base.yaml", "{}"}}};
    files.put("/run/key", "hush", 0400);
    const auto load_keys = [&](std::string variable) {
        return load({.schema = &kSchema, .files = &files, .variables = {std::move(variable)}}).value();
    };
    EXPECT_EQ(codes(load_keys("KEYS_KEY_FILE=hush")), std::vector{Code::SecretInVariable});
    EXPECT_EQ(codes(load_keys("KEYS_KEY_FILE_FILE=/run/key"), kNotes), std::vector<Code>{});
}

TEST(VariableFile, a_new_key_that_ends_like_a_file_is_not_guessed) {
    static const Schema kSchema = Schema::of<Keys>({.app = "keys", .env_prefix = "KEYS"});
    const auto load_over = [&](const char* base) {
        MemoryFiles files{{{"config/base.yaml", base}}};
        files.put("/run/key", "SECURE:mine\n", 0400);
        return load({.schema = &kSchema, .files = &files, .variables = {"KEYS_KEYS__MY_FILE=/run/key"}})
            .value();
    };
    EXPECT_EQ(codes(load_over("{}")), std::vector{Code::UnknownVariable});
    const auto known_stem = load_over("keys: {my: SECURE:x}");
    EXPECT_EQ(codes(known_stem, kNotes), std::vector<Code>{});
    EXPECT_EQ(known_stem->root.at("keys.my")->secret_reference(), "SECURE:mine");
    const auto known_key = load_over("keys: {my_file: SECURE:x}");
    EXPECT_EQ(codes(known_key), std::vector{Code::SecretInVariable});
}

}  // namespace
}  // namespace quantconf::layers::test
