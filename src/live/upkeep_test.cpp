#include <atomic>

#include "history/limits.hpp"
#include "history/processes.hpp"
#include "live/engine.hpp"
#include "live/parts.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<history::VersionNumber>;

/// An engine without a follower, and both clocks in the hands of the test.
class UpkeepTest : public LiveTest {
protected:
    void open(Retention retention = {}, RecorderRole role = RecorderRole::Process) {
        auto choice = options();
        choice.retention = retention;
        auto parts = make_parts(Bot::schema(), choice);
        ASSERT_TRUE(parts.has_value());
        parts->decode = [](const Value& root) -> std::shared_ptr<const void> {
            return std::make_shared<const Bot>(decode<Bot>(root));
        };
        parts->show = [](const std::shared_ptr<const Version>&) {};
        parts->role = role;
        parts->clock = &clock_;
        parts->steady_now = [this] { return now_; };
        auto engine = Engine::open(*std::move(parts), false);
        ASSERT_TRUE(engine.has_value());
        engine_ = *std::move(engine);
    }
    void pass(std::chrono::minutes time) {
        now_ += time;
        clock_.advance(time);
    }
    void change(int number) {
        put_atomically("base.yaml", "name: bot" + std::to_string(number) + "\n");
        const auto report = engine_->reload({});
        ASSERT_TRUE(report.has_value()) << failure_of(report);
    }
    template <typename Use>
    auto with_state(Use use) {
        auto database = state::Database::open(state() / "state.db", {.access = state::Access::Write});
        EXPECT_TRUE(database.has_value());
        return use(*database);
    }
    std::vector<history::ProcessRow> processes() {
        return with_state([&](state::Database& database) {
            return history::Processes{database, clock_}.live().value_or(std::vector<history::ProcessRow>{});
        });
    }
    Numbers versions() {
        return with_state([&](state::Database& database) {
            audit::Log log{database, std::nullopt, {.clock = clock_}};
            Numbers numbers;
            const auto all = history::History{database, log, clock_}.list({});
            EXPECT_TRUE(all.has_value());
            for (const auto& info : all.value_or(std::vector<history::VersionInfo>{})) {
                numbers.push_back(info.number);
            }
            return numbers;
        });
    }
    /// As if another host had made the row: only its last word tells whether it lives.
    void move_to_another_host() {
        with_state([](state::Database& database) {
            EXPECT_TRUE(database.run("UPDATE process SET host = CAST('elsewhere' AS BLOB)").has_value());
            return 0;
        });
    }

    ManualClock clock_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
    std::unique_ptr<Engine> engine_;
};

TEST_F(UpkeepTest, a_sign_of_life_is_given_when_nothing_was_said_for_some_minutes) {
    open();
    const Time started = clock_.now();
    pass(Upkeep::kWordEvery - 1min);
    engine_->upkeep();
    EXPECT_EQ(processes().at(0).updated, started);
    EXPECT_EQ(engine_->upkeep_at(), now_ + 1min);

    pass(1min);
    engine_->upkeep();
    EXPECT_EQ(processes().at(0).updated, clock_.now());

    pass(1min);
    change(1);  // That says something, too.
    pass(Upkeep::kWordEvery - 1min);
    engine_->upkeep();
    EXPECT_EQ(processes().at(0).updated, clock_.now() - (Upkeep::kWordEvery - 1min));
}

TEST_F(UpkeepTest, new_files_that_give_nothing_new_are_followed_by_a_sign_of_life_soon) {
    open();
    const Time started = clock_.now();
    put_atomically("base.yaml", text_of(config() / "base.yaml"));
    ASSERT_TRUE(engine_->reload({}).has_value());
    EXPECT_EQ(engine_->upkeep_at(), now_ + Upkeep::kWordEvery) << "the same bytes are no new files";

    put_atomically("base.yaml", text_of(config() / "base.yaml") + "# said again\n");
    ASSERT_TRUE(engine_->reload({}).has_value());
    EXPECT_EQ(engine_->upkeep_at(), now_ + Upkeep::kWordAfterLook);
    engine_->upkeep();
    EXPECT_EQ(processes().at(0).updated, started) << "not at each of many";
    pass(1min);
    engine_->upkeep();
    EXPECT_EQ(processes().at(0).updated, clock_.now());
}

TEST_F(UpkeepTest, whoever_gives_signs_of_life_lives_for_other_hosts_and_who_gives_none_does_not) {
    open();
    move_to_another_host();
    for (auto time = 0min; time < 2 * history::limits::kForeignSilence; time += Upkeep::kWordEvery) {
        pass(Upkeep::kWordEvery);
        engine_->upkeep();
    }
    EXPECT_EQ(processes().size(), 1U);
    pass(history::limits::kForeignSilence + 1min);
    EXPECT_TRUE(processes().empty());
    engine_->upkeep();
    EXPECT_EQ(processes().size(), 1U) << "who was taken for dead and speaks again lives";
}

TEST_F(UpkeepTest, what_one_process_shows_is_kept_however_far_the_others_are) {
    open({.versions = 1, .age = {}, .most = 1});
    change(2);
    change(3);
    const auto behind = std::exchange(engine_, nullptr);  // Nobody asks it for anything any more.
    open({.versions = 1, .age = {}, .most = 1});
    for (int i = 4; i <= 250; ++i) {
        change(i);
        engine_->upkeep();
    }
    pass(24h);
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{250, 249, 3, 2})) << "the live ones and their parents";
    EXPECT_EQ(behind->current()->label.number, 3U);
    behind->upkeep();
    EXPECT_EQ(versions(), (Numbers{250, 249, 3, 2})) << "who is behind forgets nothing of the others";
    const auto back = behind->rollback(2, {.reason = "its parent"});
    EXPECT_TRUE(back.has_value()) << to_text(back.error());
    const auto there = engine_->rollback(249, {.reason = "its parent"});
    EXPECT_TRUE(there.has_value()) << to_text(there.error());
}

TEST_F(UpkeepTest, who_was_taken_for_dead_and_forgotten_is_in_the_history_again_when_it_speaks) {
    open({.versions = 1, .age = {}, .most = 1, .publications = 0});
    change(2);
    move_to_another_host();
    const auto behind = std::exchange(engine_, nullptr);
    pass(history::limits::kForeignSilence + 1min);
    ASSERT_TRUE(processes().empty());
    open({.versions = 1, .age = {}, .most = 1, .publications = 0});
    for (int i = 3; i <= 5; ++i) {
        change(i);
    }
    pass(24h);
    engine_->upkeep();
    ASSERT_EQ(versions(), (Numbers{5, 4}));
    behind->upkeep();
    EXPECT_EQ(behind->current()->label.number, 6U) << "the same for readers, with a number that is known";
    EXPECT_EQ(processes().size(), 2U);
    EXPECT_EQ(versions(), (Numbers{6, 5, 4}));
}

TEST_F(UpkeepTest, a_process_of_this_host_is_listed_as_long_as_it_lives_though_it_never_says_anything) {
    open();
    pass(30 * 24h);
    EXPECT_EQ(processes().size(), 1U);
}

TEST_F(UpkeepTest, what_need_not_be_kept_is_forgotten_after_a_while_and_then_once_a_day) {
    open({.versions = 2, .age = {}, .most = 2});
    for (int i = 2; i <= 5; ++i) {
        change(i);
    }
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{5, 4, 3, 2, 1})) << "who starts has better to do";
    pass(Upkeep::kWordEvery);
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{5, 4}));
    change(6);
    pass(23h);
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{6, 5, 4}));
    pass(1h);
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{6, 5}));
}

TEST_F(UpkeepTest, each_hundredth_version_has_the_others_looked_through) {
    open({.versions = 3, .age = {}, .most = 3});
    for (int i = 2; i <= 99; ++i) {
        change(i);
    }
    engine_->upkeep();
    EXPECT_EQ(versions().size(), 99U);
    change(100);
    EXPECT_LE(engine_->upkeep_at(), now_);
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{100, 99, 98}));
}

TEST_F(UpkeepTest, tools_and_those_that_keep_no_history_do_nothing) {
    open({.versions = 1, .age = {}, .most = 1}, RecorderRole::Tool);
    change(2);
    change(3);
    change(4);
    pass(48h);
    engine_->upkeep();
    EXPECT_EQ(versions(), (Numbers{3, 2, 1})) << "what a tool finds is no version";
    EXPECT_EQ(engine_->upkeep_at(), std::chrono::steady_clock::time_point::max());
}

TEST_F(UpkeepTest, a_sign_of_life_that_cannot_be_given_shows_in_health_until_one_can) {
    open();
    fs::rename(state() / "state.db", state() / "aside");
    pass(Upkeep::kWordEvery);
    engine_->upkeep();
    EXPECT_FALSE(engine_->health().history_ok);
    fs::rename(state() / "aside", state() / "state.db");
    pass(Upkeep::kWordEvery);
    engine_->upkeep();
    EXPECT_TRUE(engine_->health().history_ok);
    EXPECT_EQ(engine_->health().history_error, "");
}

TEST_F(UpkeepTest,
       a_subscriber_that_asks_for_a_change_of_a_manager_without_a_thread_is_refused_and_nobody_waits) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager.has_value());
    std::atomic<bool> was_refused = false;
    const auto subscription = manager->watch(
        "", {.commit = [&](const Transition<Bot>&) { was_refused = !manager->reload().has_value(); }});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(was_refused);
    EXPECT_EQ(manager->health().callback_failures, 0U);
}

}  // namespace
}  // namespace quantconf::live::test
