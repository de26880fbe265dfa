#include <sys/wait.h>
#include <unistd.h>

#include "audit/log.hpp"
#include "history/file_change.hpp"
#include "history/history.hpp"
#include "live/change_note.hpp"
#include "live/engine.hpp"
#include "live/parts.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

/// Several processes change one folder, and some of them die in between.
class InterruptedTest : public LiveTest {
protected:
    /// Alice's process changes development.yaml, and dies when it is in place and not yet recorded.
    void die_in_the_middle() const {
        const pid_t child = ::fork();
        if (child == 0) {
            const history::FileChange change{
                .edits = {{.path = config() / "development.yaml", .after = "name: hers\n"}},
                .note = note_of({.kind = history::Kind::Update, .author = "alice", .reason = "hers"})};
            (void)history::apply(change, state(), []() -> Outcome<void> { ::_exit(0); });
            ::_exit(1);
        }
        int status = 1;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_EQ(status, 0);
    }
    [[nodiscard]] history::VersionRecord version(VersionNumber number) const {
        const SystemClock clock;
        state::Database database = state::Database::open(state() / "state.db").value();
        audit::Log log{database, std::nullopt, {.clock = clock}};
        return history::History{database, log, clock}.find(number).value().value();
    }
    [[nodiscard]] std::unique_ptr<Engine> tool(RecorderRole role = RecorderRole::Tool,
                                               bool start_from_last_good = false) const {
        auto parts = make_parts(Bot::schema(), options());
        parts->role = role;
        parts->decode = [](const Value& /*root*/) { return std::shared_ptr<const void>{}; };
        parts->show = [](const std::shared_ptr<const Version>& /*version*/) {};
        auto opened = Engine::open(*std::move(parts), start_from_last_good);
        return opened ? *std::move(opened) : nullptr;
    }
};

TEST_F(InterruptedTest, what_another_process_began_keeps_its_name_and_the_next_change_has_its_own) {
    auto manager = Manager::open(options());
    die_in_the_middle();
    const auto mine =
        manager->update({{"trading.max_orders", 3}}, {.reason = "mine", .persist = true, .author = "bob"});
    ASSERT_TRUE(mine.has_value()) << failure_of(mine);
    EXPECT_EQ(mine->version.number, 3U);
    EXPECT_EQ(version(2).info.author, "alice");
    EXPECT_EQ(version(2).info.reason, "hers");
    EXPECT_EQ(version(3).info.author, "bob");
    EXPECT_EQ(version(3).info.reason, "mine");
    EXPECT_EQ(text_of(config() / "development.yaml"), "name: hers\ntrading:\n  max_orders: 3\n");
}

TEST_F(InterruptedTest, a_tool_that_finishes_a_change_records_it_though_a_bot_runs) {
    auto manager = Manager::open(options());
    die_in_the_middle();
    const auto engine = tool();
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(engine->interrupted_change(), true);
    EXPECT_EQ(version(2).info.author, "alice");
    EXPECT_EQ(version(2).info.kind, history::Kind::Update);
}

TEST_F(InterruptedTest, who_works_with_the_last_good_version_hears_of_a_change_that_was_given_up) {
    auto manager = Manager::open(options());
    die_in_the_middle();
    put("development.yaml", "name: by hand\n");
    const auto engine = tool(RecorderRole::Tool, true);
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(engine->interrupted_change(), std::nullopt);
    ASSERT_TRUE(engine->given_up_change());
    EXPECT_TRUE(to_text(*engine->given_up_change()).contains("change.journal.conflict"));
    EXPECT_EQ(text_of(config() / "development.yaml"), "name: by hand\n");
    EXPECT_EQ(tool()->given_up_change(), std::nullopt) << "once";
}

TEST_F(InterruptedTest, who_only_looks_finishes_nothing_and_says_that_there_is_something_to_finish) {
    auto manager = Manager::open(options());
    die_in_the_middle();
    EXPECT_EQ(tool(RecorderRole::Reader), nullptr);
    EXPECT_TRUE(history::is_changing(state()));
    ASSERT_TRUE(manager->reload().has_value());
    EXPECT_NE(tool(RecorderRole::Reader), nullptr);
    EXPECT_EQ(version(2).info.author, "alice");
}

TEST_F(InterruptedTest, a_finished_change_that_is_shown_already_gives_nobody_its_name) {
    put("development.yaml", "name: hers\n");
    auto manager = Manager::open(options());
    fs::remove(config() / "development.yaml");
    die_in_the_middle();
    ASSERT_TRUE(manager->reload()->changes.empty());
    ASSERT_TRUE(
        manager->update({{"trading.max_orders", 3}}, {.reason = "mine", .author = "bob"}).has_value());
    EXPECT_EQ(version(2).info.author, "bob");
}

// 56: a change of one file is made for what the others say.
TEST_F(InterruptedTest, t56_a_change_is_refused_if_another_file_has_changed_meanwhile) {
    put("development.yaml", "name: dev\n");
    auto manager = Manager::open(options());
    bool is_first = true;
    const auto subscription = manager->watch(
        "", {.prepare = [&](const Transition<Bot>&) {
            if (std::exchange(is_first, false)) {  // Between reading and writing.
                put_atomically("base.yaml", "name: one\ntrading: {max_position_size: 0.02, max_orders: 5}\n");
            }
            return std::optional<std::string>{};
        }});
    const auto refused = manager->update({{"name", "mine"}}, {.reason = "mine", .persist = true});
    EXPECT_TRUE(failure_of(refused).contains("base.yaml")) << failure_of(refused);
    EXPECT_TRUE(failure_of(refused).contains("try again"));
    EXPECT_EQ(text_of(config() / "development.yaml"), "name: dev\n");
    EXPECT_EQ(manager->version().number, 1U);
    EXPECT_TRUE(manager->health().last_reload_ok) << "somebody was faster: nothing is wrong with the files";
    const auto again = manager->update({{"name", "mine"}}, {.reason = "mine", .persist = true});
    ASSERT_TRUE(again.has_value()) << failure_of(again);
    EXPECT_TRUE(version(2).canonical.contains("\"max_position_size\":0.02"))
        << "what is recorded was on disk";
}

TEST_F(InterruptedTest, a_tool_gives_no_content_the_number_of_another) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager->update({{"name", "mine"}}).has_value());
    const auto label = tool()->current()->label;
    EXPECT_EQ(label.number, 0U) << "version 2 has an override that a tool does not see";
    EXPECT_NE(label.hash, manager->version().hash);
    ASSERT_TRUE(manager->update({{"name", std::nullopt}}).has_value());
    EXPECT_EQ(tool()->current()->label.number, 3U);
}

}  // namespace
}  // namespace quantconf::live::test
