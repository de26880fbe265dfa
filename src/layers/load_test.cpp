#include "layers/load.hpp"

#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

// Order

TEST(Load, layers_go_from_the_defaults_to_set) {
    Given given{.files = {}, .variables = {}, .settings = {}};
    const auto name = [&given] { return decoded(load_bot(given)).name; };
    given.files["config/base.yaml"] = "debug: true";
    EXPECT_EQ(name(), "bot");
    given.files["config/base.yaml"] = "name: base";
    EXPECT_EQ(name(), "base");
    given.files["config/development.yaml"] = "name: environment";
    EXPECT_EQ(name(), "environment");
    given.files["config/local.yaml"] = "name: local";
    EXPECT_EQ(name(), "local");
    given.files["config/.env"] = "BOT_NAME=dotenv";
    EXPECT_EQ(name(), "dotenv");
    given.variables = {"BOT_NAME=variable"};
    EXPECT_EQ(name(), "variable");
    given.settings = {"name=option"};
    EXPECT_EQ(name(), "option");
}

TEST(Load, says_which_layers_took_part_lowest_first) {
    const auto candidate =
        load_bot({.files = {{"config/local.yaml", "{}"}, {"config/base.yaml", "{}"}, {"config/.env", ""}},
                  .variables = {"BOT_NAME=x", "OTHER=y"},
                  .settings = {"debug=1"}});
    Words names;
    for (const Layer& layer : candidate->layers) {
        names.push_back(layer.name + " " + layer.source->name());
    }
    EXPECT_EQ(names, (Words{"base config/base.yaml", "local config/local.yaml", "dotenv config/.env",
                            "variable BOT_NAME", "option --set debug"}));
}

TEST(Load, only_the_chosen_environment_is_read) {
    const auto candidate =
        load_bot({.files = {{"config/base.yaml", "{}"}, {"config/production.yaml", "name: [broken"}}});

    EXPECT_TRUE(candidate->ok);
}

TEST(Load, yml_and_json_are_layers_too) {
    EXPECT_EQ(decoded(load_bot({.files = {{"config/base.yml", "name: x"}}})).name, "x");
    EXPECT_EQ(decoded(load_bot({.files = {{"config/base.json", "{\"name\": \"x\"}"}}})).name, "x");
    EXPECT_FALSE(load_bot({.files = {{"config/base.json", "name: x"}}})->ok);
}

// What a file says

TEST(Load, a_text_field_keeps_a_plain_scalar_to_the_letter) {
    for (const std::string text : {"1.10", "012345678912", "0123", "1e3", "1_000", "0x1F", "12:30:45",
                                   "2024-01-15", "yes", "True", ".nan", "=", "<<", "18446744073709551616"}) {
        EXPECT_EQ(decoded(load_layers("name: " + text, "{}")).name, text);
        EXPECT_EQ(decoded(load_layers("name: one", "name: " + text)).name, text);
    }
    EXPECT_EQ(decoded(load_bot({.files = {{"config/base.json", R"({"name": 1.10})"}}})).name, "1.10");
}

TEST(Load, a_wrong_value_never_falls_back_to_the_layer_beneath) {
    const std::string base = "debug: false\ntrading: {max_position_size: 0.02, max_orders: 3}\n";
    struct Wrong {
        const char* text;
        const char* path;
        Code code;
    };
    for (const auto& [text, path, code] :
         {Wrong{"trading: {max_orders: many}", "trading.max_orders", Code::WrongType},
          Wrong{"trading: {max_orders: 8.5}", "trading.max_orders", Code::WrongType},
          Wrong{"trading: {max_orders: ~}", "trading.max_orders", Code::NullNotAllowed},
          Wrong{"trading: {max_orders: [3]}", "trading.max_orders", Code::ShapeConflict},
          Wrong{"trading: {max_orders: 18446744073709551617}", "trading.max_orders", Code::OutOfRange},
          Wrong{"trading: {max_position_size: .nan}", "trading.max_position_size", Code::NotFinite},
          Wrong{"trading: {max_position_size: nan}", "trading.max_position_size", Code::NotFinite},
          Wrong{"trading: {max_position_size: \"0.05\"}", "trading.max_position_size", Code::QuotedScalar},
          Wrong{"debug: yes please", "debug", Code::WrongType}}) {
        const auto candidate = load_layers(base, text);
        EXPECT_FALSE(candidate->ok) << text;
        EXPECT_EQ(candidate->hash, "") << text;
        EXPECT_EQ(codes(candidate), std::vector{code}) << text;
        EXPECT_EQ(candidate->diagnostics.front().path, path) << text;
        EXPECT_TRUE(place(candidate->diagnostics.front().origin).starts_with("config/development.yaml:1:"))
            << text;
        EXPECT_TRUE(candidate->root.at(path)->is_invalid()) << text;
    }
}

// Files that are wrong

TEST(Load, two_spellings_of_one_layer_are_an_error) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "name: x"}, {"config/base.json", "{}"}}});

    EXPECT_EQ(codes(candidate), std::vector{Code::LayerSpelledTwice});
    EXPECT_EQ(find(candidate, Code::LayerSpelledTwice).origin.source->name(), "config/base.json");
    EXPECT_EQ(find(candidate, Code::LayerSpelledTwice).related.front().origin.source->name(),
              "config/base.yaml");
}

TEST(Load, no_layer_at_all_is_one_error_that_says_what_was_looked_for) {
    const auto candidate = load_bot({.files = {{"config/production.yaml", "{}"}}});

    EXPECT_FALSE(candidate->ok);
    ASSERT_EQ(codes(candidate), std::vector{Code::NoLayerFound});
    const Diagnostic diagnostic = candidate->diagnostics.front();
    for (const char* word : {"base.yaml", "development.yaml", "local.yaml", "config"}) {
        EXPECT_TRUE(diagnostic.message.contains(word)) << diagnostic.message;
    }
    EXPECT_TRUE(diagnostic.hint.contains("quantconf init"));
}

TEST(Load, no_single_layer_is_required) {
    EXPECT_TRUE(load_bot({.files = {{"config/local.yaml", "{}"}}})->ok);
}

TEST(Load, an_empty_file_is_a_layer) {
    EXPECT_TRUE(load_bot({.files = {{"config/base.yaml", ""}}})->ok);
}

TEST(Load, a_local_layer_is_refused_where_the_schema_does_not_allow_it) {
    const Texts files{{"config/base.yaml", "{}"}, {"config/local.yaml", "name: x"}};
    const auto production = load_bot({.files = files, .environment = Environment::Production});
    EXPECT_EQ(codes(production), std::vector{Code::LocalLayerForbidden});
    EXPECT_EQ(decoded(production).name, "bot");
    EXPECT_TRUE(load_bot({.files = files, .environment = Environment::Staging})->ok);
}

TEST(Load, a_schema_may_allow_a_local_layer_in_production) {
    const Schema trusting =
        Schema::of<Bot>({.app = "bot", .env_prefix = "BOT", .local_yaml = {Environment::Production}});
    const MemoryFiles files{{{"config/base.yaml", "{}"}, {"config/local.yaml", "name: x"}}};
    const auto load_in = [&](Environment environment) {
        return load({.schema = &trusting, .files = &files, .environment = environment}).value();
    };
    EXPECT_EQ(decoded(load_in(Environment::Production)).name, "x");
    EXPECT_EQ(codes(load_in(Environment::Staging)), std::vector{Code::LocalLayerForbidden});
}

TEST(Load, t57_a_file_has_a_limit) {
    std::string text = "name: x\n#";
    text.resize(limits::kFileBytes, '-');
    EXPECT_TRUE(load_bot({.files = {{"config/base.yaml", text}}})->ok);
    EXPECT_EQ(codes(load_bot({.files = {{"config/base.yaml", text + "-"}}})),
              std::vector{Code::LayerTooLarge});
}

TEST(Load, a_broken_file_does_not_keep_the_others_from_being_checked) {
    const auto candidate =
        load_layers("name: [broken\n", "trading: {max_orders: many}\nlists: {hosts: [{port: 1}]}\n");

    EXPECT_FALSE(candidate->ok);
    EXPECT_TRUE(candidate->hash.empty());
    EXPECT_TRUE(candidate->layers.front().is_broken);
    EXPECT_EQ(find(candidate, Code::WrongType).path, "trading.max_orders");
    EXPECT_NE(find(candidate, Code::MissingKey).code, Code::MissingKey) << "it may stand in the broken file";
}

TEST(Load, a_broken_file_shows_no_secret) {
    const std::string files[] = {"database:\n  password: \"hush\n  port: 1\n",
                                 "database: {password: hush, port: [1}\n", "database:\n  pasword: [hush\n",
                                 "database:\n  password: |\n    hush\n  port: [\n"};
    for (const std::string& text : files) {
        const auto candidate = load_bot({.files = {{"config/base.yaml", text}}});
        EXPECT_FALSE(candidate->ok) << text;
        EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
    }
}

/// A disk on which one file cannot be read.
class LockedFiles final : public Files {
public:
    Outcome<std::optional<FileInfo>> info(const std::filesystem::path& path) const override {
        return path.filename() == "base.yaml"
                   ? std::optional{FileInfo{.is_regular = true, .mode = 0, .size = 1}}
                   : std::nullopt;
    }
    Outcome<std::string> read(const std::filesystem::path& path, std::size_t /*limit*/) const override {
        return std::unexpected{
            Error{"read", path.string(), std::make_error_code(std::errc::permission_denied), {}}};
    }
};

TEST(Load, a_file_that_cannot_be_read_is_a_failure_of_the_world) {
    const LockedFiles files;
    const auto result = load({.schema = &schema(), .files = &files});

    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(to_text(result.error()), "cannot read config/base.yaml: Permission denied");
}

// Environment

TEST(Load, environment_in_a_file_never_selects) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "environment: production"}}});

    EXPECT_EQ(codes(candidate), std::vector{Code::EnvironmentMismatch});
    EXPECT_EQ(place(find(candidate, Code::EnvironmentMismatch).origin), "config/base.yaml:1:14");
    EXPECT_EQ(find(candidate, Code::EnvironmentMismatch).expected, "development");
    EXPECT_EQ(find(candidate, Code::EnvironmentMismatch).found, "production");
}

TEST(Load, environment_in_a_file_may_agree) {
    EXPECT_TRUE(load_bot({.files = {{"config/base.yaml", "environment: development"}}})->ok);
}

TEST(Load, the_field_environment_is_what_was_chosen_and_says_by_whom) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "{}"}},
                                     .variables = {"BOT_ENVIRONMENT=production"},
                                     .environment = Environment::Production,
                                     .chosen_by = "BOT_ENVIRONMENT"});

    EXPECT_EQ(decoded(candidate).environment, Mode::Production);
    const Origin origin = candidate->root.find("environment")->origin()->origin();
    EXPECT_EQ(origin.source->layer(), "selection");
    EXPECT_EQ(origin.source->name(), "BOT_ENVIRONMENT");
}

TEST(Load, the_choice_of_the_caller_goes_before_the_variable) {
    const auto candidate = load_bot({.variables = {"BOT_ENVIRONMENT=production"},
                                     .environment = Environment::Staging,
                                     .chosen_by = "--env"});

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).environment, Mode::Staging);
    EXPECT_EQ(codes(load_variables({"BOT__ENVIRONMENT=production"})), std::vector{Code::EnvironmentMismatch});
}

// Old spellings

TEST(Load, an_alias_means_its_new_place_and_is_noted) {
    const auto candidate = load_layers("trading: {max_position_size: 0.2}", "max_position_size: 0.05");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).trading.max_position_size, 0.05);
    const Diagnostic note = find(candidate, Code::DeprecatedKey);
    EXPECT_EQ(note.severity, Severity::Note);
    EXPECT_EQ(place(note.origin), "config/development.yaml:1:1");
    EXPECT_TRUE(note.hint.contains("trading.max_position_size"));
}

TEST(Load, a_bad_value_under_an_alias_is_reported_where_it_stands) {
    const auto candidate = load_layers("max_position_size: 5", "{}");

    EXPECT_EQ(codes(candidate), std::vector{Code::OutOfRange});
    EXPECT_EQ(place(find(candidate, Code::OutOfRange).origin), "config/base.yaml:1:20");
}

TEST(Load, both_spellings_in_one_layer_are_an_error_unless_they_agree) {
    const auto candidate = load_layers("max_position_size: 0.1\ntrading: {max_position_size: 0.2}", "{}");
    EXPECT_EQ(codes(candidate), std::vector{Code::AliasConflict});
    EXPECT_EQ(place(find(candidate, Code::AliasConflict).origin), "config/base.yaml:1:1");
    EXPECT_EQ(place(find(candidate, Code::AliasConflict).related.front().origin), "config/base.yaml:2:11");
    EXPECT_TRUE(load_layers("max_position_size: 0.1\ntrading: {max_position_size: 0.1}", "{}")->ok);
}

TEST(Load, an_alias_below_something_that_is_no_section_is_an_error) {
    EXPECT_EQ(find(load_layers("max_position_size: 0.1\ntrading: 5", "{}"), Code::AliasConflict).code,
              Code::AliasConflict);
}

TEST(Load, an_alias_may_delete) {
    EXPECT_EQ(decoded(load_layers("trading: {max_position_size: 0.2}", "max_position_size: !delete"))
                  .trading.max_position_size,
              0.1);
}

TEST(Load, two_spellings_of_a_secret_show_neither) {
    const auto candidate = load_layers("db_password: hush-old\ndatabase: {password: hush-new}", "{}");

    EXPECT_FALSE(candidate->ok);
    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
}

// Result

TEST(Load, a_secret_in_a_file_is_never_shown) {
    const auto candidate = load_layers("database: {password: hush, port: 99999, nonsense: hush2}", "{}");

    EXPECT_FALSE(candidate->ok);
    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
}

TEST(Load, the_same_inputs_give_the_same_hash) {
    const auto one = load_layers("name: x\ndebug: true", "trading: {max_orders: 3}");
    const auto two = load_layers("trading: {max_orders: 3}\ndebug: true", "name: x");

    EXPECT_EQ(one->hash.size(), 64U);
    EXPECT_EQ(one->hash, two->hash);
    EXPECT_NE(one->hash, load_layers("name: y", "{}")->hash);
}

TEST(Load, every_problem_of_every_layer_is_found_in_one_run) {
    const auto candidate =
        load_bot({.files = {{"config/base.yaml", "debugg: true\ntrading: {max_orders: many}"},
                            {"config/development.yaml", "trading: {max_position_size: 5}"}},
                  .variables = {"BOT_TIMEOUT=5", "BOT_NOPE=1"}});

    EXPECT_EQ(candidate->diagnostics.size(), 5U) << report_of(candidate);
}

TEST(Load, the_result_outlives_its_inputs) {
    std::shared_ptr<const Candidate> candidate;
    {
        const Schema schema = Schema::of<Bot>({.app = "bot", .env_prefix = "BOT"});
        const MemoryFiles files{
            {{"config/base.yaml", "trading: {note: text that is long enough not to be inline}"}}};
        candidate = load({.schema = &schema, .files = &files}).value();
    }
    EXPECT_EQ(decoded(candidate).trading.note, "text that is long enough not to be inline");
    EXPECT_EQ(decoded(candidate).name, "bot");
}

TEST(Load, the_number_of_variables_of_one_layer_has_a_limit) {
    const auto load_dotenv = [](std::size_t variables) {
        std::string text;
        for (std::size_t i = 0; i < variables; ++i) {
            text += "BOT_WEIGHTS__K" + std::to_string(i) + "=1\n";
        }
        return load_bot({.files = {{"config/base.yaml", "{}"}, {"config/.env", text}}});
    };
    const auto most = load_dotenv(limits::kVariables);
    EXPECT_TRUE(most->ok) << report_of(most);
    EXPECT_EQ(codes(load_dotenv(limits::kVariables + 2)), std::vector{Code::LayerTooLarge});
}

/// Whatever a broken file holds, comparing its keys with the names of secrets ends: what is quadratic takes
/// minutes. Processor time, because the machine may be busy.
TEST(Load, a_broken_file_of_many_keys_is_reported_soon) {
    std::string text;
    for (int i = 0; i < 300'000; ++i) {
        text += "dwssaporp: ";
    }
    const std::clock_t begin = std::clock();
    EXPECT_FALSE(load_layers(text + "[", "{}")->ok);
    EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 30);
}

}  // namespace
}  // namespace quantconf::layers::test
