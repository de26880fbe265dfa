// What a child of fork() keeps of the manager that it was forked with.
#include <sys/wait.h>
#include <unistd.h>

#include "history/history.hpp"
#include "quantconf/manager.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class ManagerFork : public LiveTest {
protected:
    /// Whether `act` says yes in a child.
    template <typename Act>
    static bool holds_in_child(Act act) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(act() ? 0 : 1);
        }
        int status = -1;
        return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
};

TEST_F(ManagerFork, its_first_reload_is_compared_with_what_readers_see) {
    auto manager = Manager::open(options());
    put_atomically("base.yaml", "name: two\ntrading: {max_position_size: 0.05, max_orders: 5}\n");
    EXPECT_TRUE(holds_in_child([&] {
        const auto report = manager->reload();
        return report && report->changes.size() == 1 && report->changes[0].path == "name" &&
               report->changes[0].from == "one" && report->version.number == 2 &&
               manager->health().reloads == 1;
    }));
}

TEST_F(ManagerFork, subscribers_are_asked_and_told) {
    auto manager = Manager::open(options());
    bool is_refused = true;
    int told = 0;
    auto subscription = manager->watch(
        "",
        {.prepare = [&](const auto&) { return is_refused ? std::optional<std::string>{"no"} : std::nullopt; },
         .commit = [&](const Transition<Bot>&) { ++told; }});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(holds_in_child([&] {
        const bool was_refused = failure_of(manager->reload()).contains("a subscriber refused");
        is_refused = false;
        const bool was_told = manager->reload().has_value() && told == 1;
        put_atomically("base.yaml", "name: three\n");
        subscription.reset();
        return was_refused && was_told && manager->reload().has_value() && told == 1;
    }));
    EXPECT_EQ(told, 0);
}

TEST_F(ManagerFork, overrides_of_the_process_hold_on) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager->update({{"trading.max_position_size", 0.01}}).has_value());
    put_atomically("base.yaml", "name: two\ntrading: {max_position_size: 0.05, max_orders: 5}\n");
    EXPECT_TRUE(holds_in_child([&] {
        const bool is_known = manager->health().overrides == 1;
        return manager->reload().has_value() && is_known && manager->snapshot()->name == "two" &&
               manager->snapshot()->trading.max_position_size == 0.01 && manager->health().overrides == 1 &&
               manager->update({{"trading.max_position_size", std::nullopt}}).has_value() &&
               manager->snapshot()->trading.max_position_size == 0.05;
    }));
}

TEST_F(ManagerFork, what_needs_a_restart_waits_for_one) {
    auto manager = Manager::open(options());
    put_atomically("base.yaml", "name: two\nport: 9090\n");
    EXPECT_TRUE(holds_in_child([&] {
        const auto report = manager->reload();
        return report && report->pending == std::vector<std::string>{"port"} &&
               manager->snapshot()->port == 8080;
    }));
}

TEST_F(ManagerFork, a_layer_that_is_gone_is_refused) {
    put("development.yaml", "name: dev\n");
    auto manager = Manager::open(options());
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(holds_in_child([&] {
        return failure_of(manager->reload()).contains("QC1721") && manager->snapshot()->name == "dev" &&
               failure_of(manager->reload()).contains("QC1721");
    }));
}

TEST_F(ManagerFork, an_update_changes_what_readers_see_and_leaves_changed_files_to_a_reload) {
    auto manager = Manager::open(options());
    EXPECT_TRUE(holds_in_child([&] {
        const auto report = manager->update({{"trading.max_orders", 4}});
        return report && report->changes.size() == 1 && report->changes[0].from == "5" &&
               manager->snapshot()->trading.max_orders == 4;
    }));
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
}

TEST_F(ManagerFork, variables_are_those_of_the_opening) {
    auto inherited = options();
    inherited.variables.reset();
    ::setenv("BOT_NAME", "variable", 1);
    auto manager = Manager::open(inherited);
    ::unsetenv("BOT_NAME");
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_TRUE(holds_in_child(
        [&] { return manager->reload().has_value() && manager->snapshot()->name == "variable"; }));
}

TEST_F(ManagerFork, the_child_is_in_the_process_table_beside_its_parent) {
    auto manager = Manager::open(options());
    EXPECT_TRUE(
        holds_in_child([&] { return manager->reload().has_value() && manager->health().history_ok; }));
    EXPECT_TRUE(manager->health().history_ok);
}

TEST_F(ManagerFork, a_child_that_asks_for_nothing_may_end_its_subscription) {
    auto manager = Manager::open(options());
    auto subscription = manager->watch("", {.commit = [](const Transition<Bot>&) {}});
    EXPECT_TRUE(holds_in_child([&] {
        subscription.reset();
        return true;
    }));
}

}  // namespace
}  // namespace quantconf::live::test
