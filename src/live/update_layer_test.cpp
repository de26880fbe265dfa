#include <gtest/gtest.h>

#include "history/history.hpp"
#include "live/engine.hpp"
#include "live/parts.hpp"
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
    (void)engine();  // Records what was good.
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

TEST_F(UpdateLayerTest, a_tool_has_no_row_in_the_process_table_and_records_only_what_nobody_else_does) {
    {
        const auto bot = engine(RecorderRole::Process);
        put("base.yaml", "name: by hand\n");
        EXPECT_EQ(engine()->update_layer(set("name", "by a tool"), {.layer = "base"})->report.version.number,
                  2U)
            << "a process runs, and will record the edit by hand itself";
    }
    put("base.yaml", "name: by hand again\n");
    EXPECT_EQ(engine()->update_layer(set("name", "by a tool"), {.layer = "base"})->report.version.number, 4U)
        << "nobody runs: the edit by hand is version 3";
}

}  // namespace
}  // namespace quantconf::live::test
