#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "quantconf/load.hpp"

namespace quantconf {
namespace {

struct Maker {
    double spread = 0.01;
    std::string venue = "paper";
    static Fields fields() {
        return {field<&Maker::spread>("spread", {.min = 0.0, .max = 1.0}), field<&Maker::venue>("venue")};
    }
    static const Schema& schema() {
        static const Schema kSchema = Schema::of<Maker>({.app = "maker", .env_prefix = "MAKER"});
        return kSchema;
    }
};

/// A folder of its own for every test, on a real disk.
class LoadConfig : public testing::Test {
protected:
    LoadConfig() {
        std::string name = (std::filesystem::temp_directory_path() / "quantconf_XXXXXX").string();
        folder = mkdtemp(name.data());
    }
    ~LoadConfig() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream{folder / name} << text;
    }

    [[nodiscard]] LoadOptions options(std::vector<std::string> variables = {}) const {
        return {.config_dir = folder, .variables = std::move(variables)};
    }

    std::filesystem::path folder;
};

TEST_F(LoadConfig, fills_the_struct_and_knows_where_values_come_from) {
    write("base.yaml", "spread: 0.02\n");
    write("production.yaml", "# live\nvenue: kraken\n");

    const auto loaded = load<Maker>(options({"MAKER_ENVIRONMENT=prod", "MAKER_SPREAD=0.03"}));

    ASSERT_TRUE(loaded.has_value()) << to_text(loaded.error());
    EXPECT_EQ(loaded->environment, Environment::Production);
    EXPECT_EQ(loaded->config.spread, 0.03);
    EXPECT_EQ(loaded->config.venue, "kraken");
    EXPECT_EQ(loaded->hash.size(), 64U);
    EXPECT_EQ(loaded->origin_of("spread").source->name(), "MAKER_SPREAD");
    EXPECT_EQ(loaded->origin_of("venue").position(), (Position{.line = 2, .column = 8}));
}

TEST_F(LoadConfig, a_default_comes_from_nowhere) {
    write("base.yaml", "");
    const auto loaded = load<Maker>(options());

    EXPECT_EQ(loaded->origin_of("venue").source, nullptr);
    EXPECT_EQ(loaded->origin_of("nonsense").source, nullptr);
}

TEST_F(LoadConfig, the_order_in_which_files_were_made_does_not_matter) {
    std::vector<std::pair<std::string, std::string>> files = {
        {".env", "MAKER_SPREAD=0.04\n"},
        {"base.yaml", "spread: 0.01\nvenue: base\n"},
        {"development.yaml", "spread: 0.02\nvenue: dev\n"},
        {"local.yaml", "spread: 0.03\n"}};
    do {
        for (const auto& [name, text] : files) {
            std::filesystem::remove(folder / name);
        }
        for (const auto& [name, text] : files) {
            write(name, text);
        }
        const auto loaded = load<Maker>(options());
        ASSERT_TRUE(loaded.has_value()) << to_text(loaded.error());
        ASSERT_EQ(loaded->config.spread, 0.04);
        ASSERT_EQ(loaded->config.venue, "dev");
    } while (std::ranges::next_permutation(files).found);
}

TEST_F(LoadConfig, settings_go_on_top) {
    write("base.yaml", "spread: 0.02\n");
    LoadOptions with_settings = options();
    with_settings.settings = {"spread=0.5"};

    EXPECT_EQ(load<Maker>(with_settings)->config.spread, 0.5);
}

TEST_F(LoadConfig, a_wrong_value_is_a_failure_with_every_diagnostic) {
    write("base.yaml", "spread: 5\nvenu: x\n");
    const auto loaded = load<Maker>(options());

    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(std::get<Diagnostics>(loaded.error()).size(), 2U);
}

TEST_F(LoadConfig, an_unknown_environment_is_a_failure) {
    write("base.yaml", "");
    LoadOptions wrong = options();
    wrong.environment = "prodution";

    EXPECT_EQ(std::get<Diagnostics>(load<Maker>(wrong).error()).front().code, Code::UnknownEnvironment);
}

TEST_F(LoadConfig, a_folder_in_the_place_of_a_file_is_an_error_of_the_world) {
    std::filesystem::create_directory(folder / "base.yaml");
    const auto loaded = load<Maker>(options());

    ASSERT_FALSE(loaded.has_value());
    EXPECT_TRUE(std::holds_alternative<Error>(loaded.error())) << to_text(loaded.error());
}

TEST_F(LoadConfig, without_variables_it_reads_those_of_the_process) {
    write("base.yaml", "");
    setenv("MAKER_SPREAD", "0.25", 1);
    const auto loaded = load<Maker>({.environment = "development", .config_dir = folder});
    unsetenv("MAKER_SPREAD");

    EXPECT_EQ(loaded->config.spread, 0.25);
}

}  // namespace
}  // namespace quantconf
