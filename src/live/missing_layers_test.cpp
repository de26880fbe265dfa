#include "live/engine.hpp"
#include "live/parts.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

/// A layer file is away for a moment, and somebody changes something meanwhile.
class MissingLayers : public LiveTest {
protected:
    void SetUp() override {
        LiveTest::SetUp();
        put("development.yaml", "trading: {max_orders: 3}\n");
    }
    void take_away(const std::string& name) const { fs::rename(config() / name, config() / (name + "~")); }
    void bring_back(const std::string& name) const { fs::rename(config() / (name + "~"), config() / name); }
    [[nodiscard]] static std::vector<Setting> set(const std::string& path, SettingValue value) {
        return {{.path = path, .value = std::move(value)}};
    }
    [[nodiscard]] std::expected<std::unique_ptr<Engine>, Failure> tool(
        Environment environment = Environment::Development) const {
        auto how = options();
        how.environment = std::string{name_of(environment)};
        auto parts = make_parts(Bot::schema(), how);
        EXPECT_TRUE(parts.has_value());
        parts->role = RecorderRole::Tool;
        parts->accept_missing = false;
        parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
        parts->show = [](const std::shared_ptr<const Version>& /*version*/) {};
        return Engine::open(*std::move(parts), true);
    }
};

TEST_F(MissingLayers, no_change_of_a_file_makes_the_loss_good) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager.has_value());
    take_away("development.yaml");
    EXPECT_FALSE(manager->reload().has_value());
    for (const auto& result :
         {manager->update(set("name", "new"), {.scope = Scope::Shared}),
          manager->update(set("name", "new"), {.persist = true}), manager->rollback(1)}) {
        EXPECT_TRUE(failure_of(result).contains("QC1721")) << failure_of(result);
        EXPECT_TRUE(failure_of(result).contains("development.yaml had content and is gone now"));
        EXPECT_TRUE(failure_of(result).contains("--accept-missing"));
    }
    EXPECT_FALSE(fs::exists(config() / "development.yaml")) << "nothing is written beside what comes back";
    EXPECT_FALSE(fs::exists(state() / "overrides.development.yaml"));
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
    EXPECT_FALSE(manager->health().last_reload_ok);
    bring_back("development.yaml");
    EXPECT_TRUE(manager->update(set("name", "new"), {.persist = true}).has_value());
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
}

TEST_F(MissingLayers, a_process_tightens_on_top_of_its_last_good_version_and_what_was_refused_stays_so) {
    auto manager = Manager::open(options());
    take_away("development.yaml");
    put("base.yaml", "name: other\ntrading: {max_orders: 50, max_position_size: 0.5}\n");
    const auto done = manager->update(set("trading.max_position_size", 0.02), {.reason = "emergency"});
    ASSERT_TRUE(done.has_value()) << failure_of(done);
    ASSERT_EQ(done->changes.size(), 1U) << "nothing but what was asked for";
    EXPECT_EQ(manager->snapshot()->trading.max_position_size, 0.02);
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
    EXPECT_EQ(manager->snapshot()->name, "one");
    EXPECT_FALSE(manager->health().last_reload_ok);
    EXPECT_TRUE(manager->health().last_error.contains("QC1721"));
    EXPECT_FALSE(manager->reload().has_value()) << "the files are as wrong as before";
    EXPECT_TRUE(manager->update(set("trading.max_position_size", std::nullopt), {}).has_value());
    EXPECT_FALSE(manager->health().last_reload_ok);
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
    bring_back("development.yaml");
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(manager->health().last_reload_ok);
    EXPECT_EQ(manager->snapshot()->name, "other");
}

TEST_F(MissingLayers, a_process_tightens_whatever_is_wrong_with_the_files) {
    auto manager = Manager::open(options());
    put("base.yaml", "name: other\ntrading: [half of a");
    auto done = manager->update(set("trading.max_position_size", 0.04), {.reason = "emergency"});
    ASSERT_TRUE(done.has_value()) << failure_of(done);
    EXPECT_FALSE(manager->health().last_reload_ok);
    EXPECT_TRUE(manager->health().last_error.contains("base.yaml")) << manager->health().last_error;
    EXPECT_TRUE(failure_of(manager->update(set("trading.max_position_size", 5.0), {})).contains("QC1203"))
        << "which is no fault of the files";

    fs::rename(config() / "base.yaml", config() / "aside");
    fs::create_symlink("base.yaml", config() / "base.yaml");  // Nobody can say what this is.
    done = manager->update(set("trading.max_position_size", 0.02), {.reason = "emergency"});
    ASSERT_TRUE(done.has_value()) << failure_of(done);
    EXPECT_EQ(done->changes.size(), 1U) << "nothing but what was asked for";
    EXPECT_EQ(manager->snapshot()->trading.max_position_size, 0.02);
    EXPECT_EQ(manager->snapshot()->name, "one");
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
    EXPECT_FALSE(manager->health().last_reload_ok) << "the files are as wrong as before";

    fs::remove(config() / "base.yaml");
    put("base.yaml", "name: whole\n");
    ASSERT_TRUE(manager->reload().has_value());
    EXPECT_EQ(manager->snapshot()->name, "whole");
    EXPECT_EQ(manager->snapshot()->trading.max_position_size, 0.02);
}

TEST_F(MissingLayers, a_value_that_new_files_do_not_allow_is_refused_for_its_own_sake) {
    auto manager = Manager::open(options());
    put("base.yaml", "name: other\n");  // Valid, and not loaded yet.
    const auto refused = manager->update(set("trading.max_orders", 0), {});
    EXPECT_TRUE(failure_of(refused).contains("QC1203")) << failure_of(refused);
    EXPECT_TRUE(manager->health().last_reload_ok);
}

TEST_F(MissingLayers, an_override_that_changes_nothing_clears_no_alarm) {
    auto manager = Manager::open(options());
    take_away("development.yaml");
    ASSERT_FALSE(manager->reload().has_value());
    const auto done = manager->update(set("trading.max_orders", 3), {});
    ASSERT_TRUE(done.has_value()) << failure_of(done);
    EXPECT_TRUE(done->changes.empty());
    EXPECT_FALSE(manager->health().last_reload_ok);
}

TEST_F(MissingLayers, whoever_started_from_the_history_misses_what_that_version_had) {
    ASSERT_TRUE(Manager::open(options()).has_value());
    put("development.yaml", "trading: [");
    auto wanting = options();
    wanting.start_from_last_good = true;
    auto manager = Manager::open(wanting);
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(failure_of(manager->reload()).contains("QC1721"));
    EXPECT_TRUE(failure_of(manager->update(set("name", "x"), {})).contains("QC1721"));
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
}

TEST_F(MissingLayers, shared_overrides_are_kept_until_they_are_cleared) {
    auto manager = Manager::open(options());
    const fs::path file = state() / "overrides.development.yaml";
    ASSERT_TRUE(manager->update(set("trading.max_orders", 2), {.scope = Scope::Shared}).has_value());
    fs::rename(file, file.string() + "~");
    EXPECT_TRUE(failure_of(manager->reload()).contains("overrides.development.yaml had content"));
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 2);
    { std::ofstream{file}; }
    EXPECT_TRUE(failure_of(manager->reload()).contains("is empty now"));
    fs::rename(file.string() + "~", file);
    EXPECT_TRUE(manager->reload().has_value());
    ASSERT_TRUE(
        manager->update(set("trading.max_orders", std::nullopt), {.scope = Scope::Shared}).has_value());
    EXPECT_NE(text_of(file), "") << "what was cleared does not look like what was lost";
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 3);
    EXPECT_TRUE(manager->reload().has_value());
    ASSERT_TRUE(manager->update(set("trading.max_orders", 2), {.scope = Scope::Shared}).has_value());
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 2);
}

TEST_F(MissingLayers, a_tool_misses_what_the_newest_version_had) {
    ASSERT_TRUE(Manager::open(options()).has_value());
    take_away("development.yaml");
    const auto refused = tool();
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(to_text(refused.error()).contains("QC1721")) << to_text(refused.error());
    bring_back("development.yaml");
    EXPECT_TRUE(tool().has_value());
}

TEST_F(MissingLayers, whoever_accepts_the_loss_is_believed_by_those_who_come_later) {
    put("development.yaml", "# nothing\n");
    auto manager = Manager::open(options());
    take_away("development.yaml");
    EXPECT_FALSE(tool().has_value());
    const auto accepted = manager->reload({.accept_missing = true});
    ASSERT_TRUE(accepted.has_value()) << failure_of(accepted);
    EXPECT_EQ(accepted->version.number, 2U) << "the same for readers, and yet something that somebody did";
    EXPECT_TRUE(tool().has_value());
    EXPECT_EQ(manager->reload({.accept_missing = true})->version.number, 2U);
}

TEST_F(MissingLayers, an_optional_layer_counts_only_where_somebody_runs_who_may_see_it_come_back) {
    put("local.yaml", "trading: {max_orders: 2}\n");
    auto manager = std::make_optional(Manager::open(options()));
    take_away("local.yaml");
    const auto refused = tool();
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(to_text(refused.error()).contains("local.yaml")) << to_text(refused.error());
    manager.reset();
    EXPECT_TRUE(tool().has_value()) << "a start would not wait for it";
}

TEST_F(MissingLayers, a_file_of_several_environments_is_missed_by_each_of_them) {
    auto how = options();
    how.environment = "testing";
    ASSERT_TRUE(Manager::open(how).has_value());
    take_away("base.yaml");
    auto engine = tool();  // Of an environment that has no history yet.
    ASSERT_TRUE(engine.has_value()) << to_text(engine.error());
    const auto done = (*engine)->update_layer(set("name", "x"), {.layer = "base"});
    ASSERT_FALSE(done.has_value());
    EXPECT_TRUE(to_text(done.error()).contains("base.yaml had content")) << to_text(done.error());
    EXPECT_FALSE(fs::exists(config() / "base.yaml"));
}

}  // namespace
}  // namespace quantconf::live::test
