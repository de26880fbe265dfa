#include <algorithm>

#include <gtest/gtest.h>

#include "audit/log.hpp"
#include "history/file_change.hpp"
#include "history/history.hpp"
#include "live/engine.hpp"
#include "live/parts.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class UpdateLayerTest : public LiveTest {
protected:
    [[nodiscard]] std::unique_ptr<Engine> engine(RecorderRole role = RecorderRole::Tool) const {
        auto parts = make_parts(Bot::schema(), options());
        EXPECT_TRUE(parts.has_value());
        parts->role = role;
        parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
        parts->show = [](const std::shared_ptr<const Version>& /*version*/) {};
        auto opened = Engine::open(*std::move(parts), false);
        EXPECT_TRUE(opened.has_value()) << to_text(opened.error());
        return *std::move(opened);
    }
    /// What has been recorded, by another one than those who did it.
    template <typename Look>
    void look_at_history(const Look& look) const {
        auto database = state::Database::open(state() / "state.db", {.access = state::Access::Read});
        ASSERT_TRUE(database.has_value()) << to_text(database.error());
        const SystemClock clock;
        audit::Log log{*database, std::nullopt, {.clock = clock}};
        history::History history{*database, log, clock};
        look(history);
    }
    [[nodiscard]] history::VersionRecord version(history::VersionNumber number) const {
        history::VersionRecord found;
        look_at_history([&](history::History& history) {
            auto record = history.find(number);
            ASSERT_TRUE(record && *record) << "version " << number;
            found = **std::move(record);
        });
        return found;
    }
    [[nodiscard]] history::VersionNumber head() const {
        history::VersionNumber number = 0;
        look_at_history([&](history::History& history) {
            const auto newest = history.head(Environment::Development);
            ASSERT_TRUE(newest.has_value());
            number = *newest ? (*newest)->number : 0;
        });
        return number;
    }
    [[nodiscard]] static std::vector<Setting> set(const std::string& path, SettingValue value) {
        return {{.path = path, .value = std::move(value)}};
    }
};

TEST_F(UpdateLayerTest, a_value_of_base_changes_in_base_and_its_comment_stays) {
    const auto done = engine()->update_layer(set("trading.max_position_size", 0.04),
                                             {.layer = "base", .author = "alice", .reason = "calm"});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    EXPECT_EQ(done->report.version.number, 2U) << "what was there is recorded before it";
    EXPECT_TRUE(text_of(config() / "base.yaml").contains("max_position_size: 0.04  # careful"));
}

TEST_F(UpdateLayerTest, a_dry_run_writes_neither_a_file_nor_a_version) {
    const std::string before = text_of(config() / "base.yaml");
    const auto done = engine(RecorderRole::Reader)
                          ->update_layer(set("trading.max_position_size", 0.04),
                                         {.layer = "base", .author = {}, .reason = {}, .dry_run = true});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    ASSERT_EQ(done->report.changes.size(), 1U);
    EXPECT_EQ(done->report.changes[0].to, "0.04");
    EXPECT_EQ(text_of(config() / "base.yaml"), before);
    EXPECT_FALSE(fs::exists(state() / "state.db"));
}

TEST_F(UpdateLayerTest, a_higher_layer_that_wins_refuses_by_name) {
    put("development.yaml", "trading: {max_orders: 7}\n");
    const auto done = engine()->update_layer(set("trading.max_orders", 6), {.layer = "base"});
    ASSERT_FALSE(done.has_value());
    EXPECT_TRUE(to_text(done.error()).contains("QC1723"));
    EXPECT_TRUE(to_text(done.error()).contains("development.yaml"));
}

TEST_F(UpdateLayerTest, an_environment_that_was_invalid_before_refuses_nothing) {
    put("production.yaml", "trading: {max_orders: 0}\n");
    EXPECT_TRUE(engine()->update_layer(set("port", 9090), {.layer = "base"}).has_value());
}

TEST_F(UpdateLayerTest, another_environment_may_have_a_value_of_its_own) {
    put("production.yaml", "trading: {max_orders: 7}\n");
    EXPECT_TRUE(engine()->update_layer(set("trading.max_orders", 6), {.layer = "base"}).has_value())
        << "production has a value of its own";
}

TEST_F(UpdateLayerTest, a_value_can_mend_a_file_that_is_broken) {
    (void)engine(RecorderRole::Process);  // Records what was good.
    put("base.yaml", "name: one\ntrading: {max_orders: 0}\n");
    auto parts = make_parts(Bot::schema(), options());
    ASSERT_TRUE(parts.has_value());
    parts->role = RecorderRole::Tool;
    parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
    parts->show = [](const std::shared_ptr<const Version>& /*version*/) {};
    const auto broken = Engine::open(*std::move(parts), true);
    ASSERT_TRUE(broken.has_value()) << to_text(broken.error());
    EXPECT_FALSE((*broken)->update_layer(set("name", "two"), {.layer = "base"}).has_value());
    const auto done = (*broken)->update_layer(set("trading.max_orders", 3), {.layer = "base"});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    EXPECT_FALSE(done->before->ok);
}

TEST_F(UpdateLayerTest, what_a_tool_finds_is_recorded_with_its_change_and_is_no_part_of_it) {
    {
        const auto bot = engine(RecorderRole::Process);
        put("base.yaml", "name: by hand\nport: 9090\n");
        EXPECT_EQ(engine()->update_layer(set("name", "by a tool"), {.layer = "base"})->report.version.number,
                  3U);
        EXPECT_EQ(version(3).info.parent, 2U);
        EXPECT_EQ(version(3).info.changes, 1U) << "the port is somebody else's";
        EXPECT_EQ(version(2).info.kind, history::Kind::Load);
        EXPECT_EQ(engine()->update_layer(set("name", "again"), {.layer = "base"})->report.version.number, 4U)
            << "it is known now";
    }
    put("base.yaml", "name: by hand\nport: 9090\n");
    EXPECT_EQ(engine()->update_layer(set("name", "third"), {.layer = "base"})->report.version.number, 6U)
        << "nobody runs: what was there is the newest version first";
}

TEST_F(UpdateLayerTest, a_tool_that_is_refused_records_nothing) {
    const auto refused = engine()->update_layer(set("trading.max_orders", 0), {.layer = "base"});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(head(), 0U);
    EXPECT_TRUE(engine()->update_layer(set("name", "one"), {.layer = "base"}).has_value());
    EXPECT_EQ(head(), 0U) << "nor one that changes nothing";
}

TEST_F(UpdateLayerTest, no_program_starts_from_what_only_a_tool_has_seen) {
    (void)engine(RecorderRole::Process);
    auto with_a_variable = options();
    with_a_variable.variables = std::vector<std::string>{"BOT_TRADING_MAX_ORDERS=99"};
    auto parts = make_parts(Bot::schema(), with_a_variable);
    ASSERT_TRUE(parts.has_value());
    parts->role = RecorderRole::Tool;
    parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
    parts->show = [](const std::shared_ptr<const Version>& /*version*/) {};
    const auto tool = Engine::open(*std::move(parts), false);
    ASSERT_TRUE(tool.has_value()) << to_text(tool.error());
    const auto done = (*tool)->update_layer(set("name", "two"), {.layer = "base"});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    const auto layers = version(done->report.version.number).layers;
    EXPECT_EQ(std::ranges::count(layers, "variable", &history::LayerRecord::layer), 1) << "it says so";

    put("base.yaml", "name: [broken\n");
    auto from_last_good = options();
    from_last_good.start_from_last_good = true;
    const auto manager = Manager::open(from_last_good);
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
}

TEST_F(UpdateLayerTest, what_waits_for_a_restart_is_recorded_as_the_files_say_it) {
    const auto bot = engine(RecorderRole::Process);
    const auto done = engine()->update_layer(set("port", 9090), {.layer = "base", .reason = "ticket 42"});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    EXPECT_EQ(done->report.version.number, 2U);
    EXPECT_EQ(done->report.pending, std::vector<std::string>{"port"});
    EXPECT_EQ(version(2).info.reason, "ticket 42");
    EXPECT_TRUE(version(2).canonical.contains("\"port\":9090")) << version(2).canonical;

    const auto reloaded = bot->reload({});
    ASSERT_TRUE(reloaded.has_value());
    EXPECT_EQ(reloaded->version.number, 1U) << "readers see what they saw";
    EXPECT_EQ(reloaded->pending, std::vector<std::string>{"port"});
}

TEST_F(UpdateLayerTest, a_bot_that_changes_what_waits_for_its_own_restart_says_so_in_the_history) {
    const auto bot = engine(RecorderRole::Process);
    const std::vector<Setting> both{{"port", 9090}, {"name", "two"}};
    const auto mixed = bot->update(both, {.reason = "both", .persist = true, .author = "alice"});
    ASSERT_TRUE(mixed.has_value()) << to_text(mixed.error());
    EXPECT_EQ(version(2).info.reason, "both");
    EXPECT_EQ(version(2).info.author, "alice");
    EXPECT_TRUE(version(2).canonical.contains("\"port\":9090"));
    EXPECT_EQ(mixed->version.number, 3U) << "what readers see is another version";
    EXPECT_EQ(version(3).info.kind, history::Kind::Reload);
    EXPECT_TRUE(version(3).canonical.contains("\"port\":8080"));

    const std::vector<Setting> alone{{"port", 9091}};
    const auto waiting = bot->update(alone, {.reason = "alone", .persist = true});
    ASSERT_TRUE(waiting.has_value()) << to_text(waiting.error());
    EXPECT_EQ(waiting->version.number, 3U);
    EXPECT_EQ(version(4).info.reason, "alone");
    EXPECT_EQ(version(4).info.changes, 1U) << "against what the files said before";
    EXPECT_EQ(version(4).info.parent, 2U);
}

TEST_F(UpdateLayerTest, a_text_that_changes_nothing_effective_is_a_version_of_its_own) {
    const auto tool = engine();
    const auto done =
        tool->update_layer(set("name", "one"), {.layer = "environment", .reason = "to be sure"});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    EXPECT_TRUE(done->is_written);
    EXPECT_EQ(version(done->report.version.number).info.reason, "to be sure");
    EXPECT_EQ(version(done->report.version.number).info.changes, 0U);
}

TEST_F(UpdateLayerTest, a_tool_owes_nothing_so_that_it_tightens_nothing_without_a_record) {
    const auto tool = engine();
    const std::string before = text_of(config() / "base.yaml");
    fs::remove(state() / "state.db");
    put(".quantconf/state.db", "no database");
    fs::permissions(state() / "state.db", fs::perms::owner_read | fs::perms::owner_write);
    const auto done = tool->update_layer(set("trading.max_orders", 4), {.layer = "base"});
    ASSERT_FALSE(done.has_value());
    EXPECT_TRUE(to_text(done.error()).contains("it is damaged")) << to_text(done.error());
    EXPECT_EQ(text_of(config() / "base.yaml"), before);
    EXPECT_FALSE(history::is_changing(state()));
}

TEST_F(UpdateLayerTest, secrets_are_recorded_by_name_though_a_tool_looks_none_up) {
    put("development.yaml", "token: \"SECURE:bot_token\"\n");
    auto parts = make_parts(Bot::schema(), options(), References::Kept);
    ASSERT_TRUE(parts.has_value());
    parts->role = RecorderRole::Tool;
    parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
    parts->show = [](const std::shared_ptr<const Version>& /*version*/) {};
    const auto tool = Engine::open(*std::move(parts), false);
    ASSERT_TRUE(tool.has_value());
    const auto done = (*tool)->update_layer(set("name", "two"), {.layer = "base"});
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    const std::vector<std::pair<std::string, std::uint32_t>> named{{"bot_token", 0}};
    EXPECT_EQ(version(2).secrets, named);
}

}  // namespace
}  // namespace quantconf::live::test
