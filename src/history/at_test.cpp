#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

using namespace std::chrono_literals;
using Shown = std::vector<VersionNumber>;

class AtAMoment : public TestHistory {
protected:
    [[nodiscard]] Time second(int seconds) const { return start_ + std::chrono::seconds{seconds}; }
    void publish_at(Opened& bot, int seconds, int value, ProcessId process) {
        clock_.set(second(seconds));
        publish(bot, version_of(value), process);
    }

    Time start_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
};

TEST_F(AtAMoment, each_process_shows_its_last_publication_up_to_then) {
    Opened bot = start();
    const ProcessId a = process_in(bot);
    const ProcessId b = process_in(bot);
    publish_at(bot, 10, 1, a);
    publish_at(bot, 20, 1, b);
    publish_at(bot, 30, 2, a);

    EXPECT_EQ(at(bot, second(10) - 1us), Shown{});
    EXPECT_EQ(at(bot, second(10)), Shown{1});
    EXPECT_EQ(at(bot, second(20)), (Shown{1, 1}));
    EXPECT_EQ(at(bot, second(30) - 1us), (Shown{1, 1}));
    EXPECT_EQ(at(bot, second(30)), (Shown{2, 1}));
    EXPECT_EQ(at(bot, second(1'000'000)), (Shown{2, 1}));
    const LiveAt one = bot.history.at(second(25))->front();
    EXPECT_EQ(one.process, a);
    EXPECT_EQ(one.host, "elsewhere");
    EXPECT_EQ(one.pid, 7);
    EXPECT_EQ(one.program, "bot");
    EXPECT_EQ(one.since, second(10));
    EXPECT_FALSE(one.may_have_ended);
}

TEST_F(AtAMoment, two_versions_of_one_microsecond_the_later_one_counts) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish_at(bot, 10, 1, process);
    publish_at(bot, 10, 2, process);
    EXPECT_EQ(at(bot, second(10)), Shown{2});
}

TEST_F(AtAMoment, a_process_that_ended_showed_its_version_until_then) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish_at(bot, 10, 1, process);
    clock_.set(second(20));
    ASSERT_TRUE(bot.processes.remove(process));
    EXPECT_EQ(at(bot, second(20)), Shown{1});
    EXPECT_EQ(at(bot, second(20) + 1us), Shown{});
}

// 69: clock jumps: versions by counter, not by time.
TEST_F(AtAMoment, t69_versions_keep_their_order_when_the_clock_jumps_back_a_day) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish_at(bot, 0, 1, process);
    publish_at(bot, -86'400, 2, process);
    publish_at(bot, -86'300, 3, process);
    EXPECT_EQ(numbers(bot), (Shown{3, 2, 1}));
    EXPECT_EQ(bot.history.head(Environment::Production).value()->number, 3U);
    EXPECT_EQ(bot.history.find(3).value()->info.parent, 2U);

    EXPECT_EQ(at(bot, second(-86'401)), Shown{});
    EXPECT_EQ(at(bot, second(-86'400)), Shown{2});
    EXPECT_EQ(at(bot, second(-86'300)), Shown{3});
    EXPECT_EQ(at(bot, second(0)), Shown{3}) << "the last one made, not the one with the highest time";
    EXPECT_EQ(at(bot, second(10)), Shown{3});
}

TEST_F(AtAMoment, t69_a_clock_that_was_a_day_ahead_for_one_publication_hides_nothing) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish_at(bot, 0, 1, process);
    publish_at(bot, 86'400, 2, process);
    publish_at(bot, 100, 3, process);
    EXPECT_EQ(at(bot, second(50)), Shown{1});
    EXPECT_EQ(at(bot, second(100)), Shown{3});
    EXPECT_EQ(at(bot, second(86'400)), Shown{3});
}

TEST_F(AtAMoment, t69_a_process_that_ends_behind_a_jump_back_has_shown_what_it_showed) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish_at(bot, 100, 1, process);
    clock_.set(second(50));
    ASSERT_TRUE(bot.processes.remove(process));
    EXPECT_EQ(at(bot, second(100)), Shown{1});
    EXPECT_EQ(at(bot, second(101)), Shown{});
}

TEST_F(AtAMoment, of_a_process_that_died_without_a_word_nobody_knows_more_than_its_last_one) {
    Opened bot = start();
    // Of an earlier boot of this machine: dead beyond doubt.
    ProcessIdentity identity = this_process();
    identity.boot = "an earlier one";
    const ProcessId process = bot.processes.add(identity, {}).value_or(0);
    publish_at(bot, 10, 1, process);
    clock_.set(second(20));
    ASSERT_TRUE(bot.processes.update(process, {.environment = Environment::Production, .version = 1}));
    clock_.set(second(90));
    EXPECT_EQ(bot.processes.live()->size(), 0U);

    EXPECT_FALSE(bot.history.at(second(20))->front().may_have_ended);
    ASSERT_EQ(at(bot, second(60)), Shown{1}) << "an order of that second may be its own";
    EXPECT_TRUE(bot.history.at(second(60))->front().may_have_ended);
    EXPECT_EQ(at(bot, second(91)), Shown{});
}

TEST_F(AtAMoment, a_publication_whose_successor_is_forgotten_does_not_last_for_ever) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish_at(bot, 10, 1, process);
    publish_at(bot, 20, 2, process);
    publish_at(bot, 30, 3, process);
    edit(bot.database, "DELETE FROM version WHERE number = 2");
    EXPECT_EQ(at(bot, second(15)), Shown{1});
    EXPECT_EQ(at(bot, second(25)), Shown{}) << "what was shown then is forgotten, and it was not version 1";
    EXPECT_EQ(at(bot, second(35)), Shown{3});
}

}  // namespace
}  // namespace quantconf::history
