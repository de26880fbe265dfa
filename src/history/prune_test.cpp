#include "history/forget.hpp"
#include "history/limits.hpp"
#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<VersionNumber>;
using std::chrono::days;

class Pruning : public TestHistory {
protected:
    /// One version a day, numbers 1 to `count`.
    void fill(Opened& bot, ProcessId process, int count) {
        for (int i = 1; i <= count; ++i) {
            publish(bot, version_of(i), process);
            clock_.advance(days{1});
        }
    }
    static std::size_t prune(Opened& bot, const Retention& retention) {
        const Outcome<std::size_t> forgotten = bot.history.prune(retention);
        EXPECT_TRUE(forgotten) << to_text(forgotten.error());
        return forgotten.value_or(0);
    }
};

TEST_F(Pruning, the_newest_stay_whatever_their_age_and_the_young_whatever_their_number) {
    Opened bot = start();
    fill(bot, process_in(bot), 10);
    EXPECT_EQ(prune(bot, {.versions = 10, .age = days{0}}), 0U);
    EXPECT_EQ(prune(bot, {.versions = 4, .age = days{6}}), 4U);
    EXPECT_EQ(numbers(bot), (Numbers{10, 9, 8, 7, 6, 5}));
    EXPECT_EQ(prune(bot, {.versions = 4, .age = days{0}}), 2U);
    EXPECT_EQ(numbers(bot), (Numbers{10, 9, 8, 7}));
    EXPECT_EQ(count(bot, "version_layer"), 8);
    EXPECT_EQ(count(bot, "version_secret"), 4);
    EXPECT_EQ(count(bot, "publication"), 4);
}

TEST_F(Pruning, however_young_no_more_than_the_most_stay) {
    Opened bot = start();
    fill(bot, process_in(bot), 10);
    EXPECT_EQ(prune(bot, {.versions = 2, .age = days{100}, .most = 3}), 7U);
    EXPECT_EQ(numbers(bot), (Numbers{10, 9, 8}));
}

TEST_F(Pruning, what_is_live_in_a_living_process_stays_with_its_parent) {
    Opened bot = start();
    const ProcessId old = process_in(bot);
    const ProcessId active = process_in(bot);
    fill(bot, active, 4);
    publish(bot, version_of(4), old);
    for (int i = 5; i <= 9; ++i) {
        publish(bot, version_of(i), active);
    }
    prune(bot, {.versions = 0, .age = days{0}, .most = 0});
    EXPECT_EQ(numbers(bot), (Numbers{9, 8, 4, 3}));
    EXPECT_EQ(at(bot, clock_.now()), (Numbers{4, 9}));

    ASSERT_TRUE(bot.processes.remove(old));
    prune(bot, {.versions = 0, .age = days{0}, .most = 0});
    EXPECT_EQ(numbers(bot), (Numbers{9, 8}));
}

TEST_F(Pruning, the_head_of_each_environment_stays) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1, Environment::Staging), process);
    publish(bot, version_of(2, Environment::Testing), process);
    publish(bot, version_of(3), process);
    ASSERT_TRUE(bot.processes.remove(process));
    EXPECT_EQ(prune(bot, {.versions = 0, .age = days{0}, .most = 0}), 0U);
}

TEST_F(Pruning, what_a_kept_version_was_rolled_back_to_stays_and_so_on) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    fill(bot, process, 3);
    const auto roll_back = [&](int value, VersionNumber to) {
        NewVersion back = version_of(value);
        back.kind = Kind::Rollback;
        back.rolled_back_to = to;
        publish(bot, back, process);
    };
    roll_back(1, 1);        // 4
    fill(bot, process, 3);  // 5 and 6; the first is what the head has already.
    roll_back(1, 4);        // 7
    prune(bot, {.versions = 0, .age = days{0}, .most = 0});
    EXPECT_EQ(numbers(bot), (Numbers{7, 6, 4, 1}));
}

TEST_F(Pruning, numbers_of_forgotten_versions_are_not_given_again) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    fill(bot, process, 3);
    prune(bot, {.versions = 0, .age = days{0}, .most = 0});
    EXPECT_EQ(publish(bot, version_of(9), process).number, 4U);
}

TEST_F(Pruning, processes_that_ended_are_forgotten_with_their_last_publication) {
    Opened bot = start();
    const ProcessId stays = process_in(bot);
    publish(bot, version_of(1), stays);
    for (int i = 0; i < 5; ++i) {
        const ProcessId process = process_in(bot);
        publish(bot, version_of(1), process);
        ASSERT_TRUE(bot.processes.remove(process));
    }
    prune(bot, {.publications = 6});
    EXPECT_EQ(count(bot, "publication"), 6);
    prune(bot, {.publications = 3});
    EXPECT_EQ(count(bot, "publication"), 4) << "three of those that ended, and the one of who lives";
    EXPECT_EQ(count(bot, "process"), 4);
    EXPECT_EQ(at(bot, clock_.now()).size(), 4U);
}

TEST_F(Pruning, more_than_is_forgotten_at_once_is_forgotten_too) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    constexpr int kCount = static_cast<int>(limits::kForgottenAtOnce) + 3;
    fill(bot, process, kCount);
    EXPECT_EQ(prune(bot, {.versions = 2, .age = days{0}}), limits::kForgottenAtOnce + 1);
    EXPECT_EQ(numbers(bot), (Numbers{kCount, kCount - 1}));

    ASSERT_TRUE(bot.processes.remove(process));
    for (int i = 0; i < kCount; ++i) {
        const ProcessId other = process_in(bot);
        publish(bot, version_of(kCount), other);
        ASSERT_TRUE(bot.processes.remove(other));
    }
    prune(bot, {.publications = 1});
    EXPECT_EQ(count(bot, "publication"), 1);
    EXPECT_EQ(count(bot, "process"), 1);
}

TEST_F(Pruning, what_comes_into_use_while_it_is_being_forgotten_stays) {
    Opened bot = start();
    fill(bot, process_in(bot), 6);
    const auto found = find_forgettable(bot.database, {.versions = 2, .age = days{0}}, clock_.now());
    ASSERT_TRUE(found) << to_text(found.error());
    EXPECT_EQ(found->versions, (std::vector<std::int64_t>{1, 2, 3, 4}));
    EXPECT_EQ(found->known, 6);
    // It was taken for dead, and speaks again: what it shows is version 3.
    ASSERT_TRUE(bot.database.run(
        "INSERT INTO process SELECT 99, host, boot, pids, pid, started, program, environment, "
        "3, 1, last_error, 0, since, updated, NULL, NULL FROM process LIMIT 1"));
    ASSERT_TRUE(bot.database.run("INSERT INTO publication(version, process, at) VALUES(3, 99, 0)"));

    EXPECT_EQ(forget_versions(bot.database, found->versions, found->known).value_or(99), 2U);
    EXPECT_EQ(numbers(bot), (Numbers{6, 5, 3, 2})) << "with its parent";
}

TEST_F(Pruning, a_rollback_while_versions_are_being_forgotten_puts_it_off) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    fill(bot, process, 6);
    const auto found = find_forgettable(bot.database, {.versions = 2, .age = days{0}}, clock_.now());
    ASSERT_TRUE(found) << to_text(found.error());
    NewVersion back = version_of(2);
    back.kind = Kind::Rollback;
    back.rolled_back_to = 2;
    publish(bot, back, process);

    EXPECT_EQ(forget_versions(bot.database, found->versions, found->known).value_or(99), 0U);
    EXPECT_EQ(prune(bot, {.versions = 2, .age = days{0}}), 4U) << "found anew: 1, 3, 4 and 5";
    EXPECT_EQ(numbers(bot), (Numbers{7, 6, 2}));
}

TEST_F(Pruning, any_retention_can_be_asked_for) {
    Opened bot = start();
    fill(bot, process_in(bot), 3);
    EXPECT_EQ(
        prune(bot, {.versions = SIZE_MAX, .age = days::max(), .most = SIZE_MAX, .publications = SIZE_MAX}),
        0U);
    EXPECT_EQ(prune(bot, {.versions = 0, .age = days::max(), .most = SIZE_MAX}), 0U);
    EXPECT_EQ(prune(bot, {.versions = 0, .age = days::min(), .most = SIZE_MAX}), 1U);
}

}  // namespace
}  // namespace quantconf::history
