#include "quantconf/manager.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class ManagerSubscribers : public LiveTest {};

// 63: subscriber throws / hangs / calls back into the manager / unsubscribes in callback.
TEST_F(ManagerSubscribers, t63_a_veto_keeps_everything_as_it_was) {
    auto manager = Manager::open(options());
    bool committed = false;
    const auto other = manager->watch("name", {.commit = [&](const Transition<Bot>&) { committed = true; }});
    auto refusing = manager->watch(
        "trading", {.prepare = [](const Transition<Bot>& change) -> std::optional<std::string> {
            return change.after.trading.max_orders > 5 ? std::optional<std::string>{"orders are open"}
                                                       : std::nullopt;
        }});
    put_atomically("base.yaml", "name: two\ntrading: {max_orders: 6}\n");
    const auto report = manager->reload();
    EXPECT_TRUE(failure_of(report).contains("orders are open"));
    EXPECT_EQ(manager->snapshot()->name, "one");
    EXPECT_FALSE(committed);
    refusing.reset();
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(committed);
}

TEST_F(ManagerSubscribers, t63_who_throws_or_hangs_is_a_veto_before_and_only_counted_after) {
    auto manager = Manager::open(options());
    auto throwing = manager->watch("", {.prepare = [](const Transition<Bot>&) -> std::optional<std::string> {
                                       throw std::runtime_error{"broken"};
                                   }});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(failure_of(manager->reload()).contains("broken"));
    throwing.reset();
    std::atomic<bool> may_end = false;
    {
        auto hanging =
            manager->watch("", {.prepare = [&](const Transition<Bot>&) -> std::optional<std::string> {
                                    while (!may_end) {
                                        std::this_thread::yield();
                                    }
                                    return std::nullopt;
                                },
                                .deadline = std::chrono::milliseconds{20}});
        EXPECT_TRUE(failure_of(manager->reload()).contains("20 ms"));
        may_end = true;
    }
    const auto counted = manager->watch("", {.commit = [](const Transition<Bot>&) { throw 5; }});
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_EQ(manager->snapshot()->name, "two");
    EXPECT_EQ(manager->health().callback_failures, 1U);
}

TEST_F(ManagerSubscribers, t63_a_subscriber_that_asks_for_a_change_is_refused_and_may_unsubscribe_itself) {
    auto manager = Manager::open(options());
    std::string inner;
    Subscription subscription;
    subscription = manager->watch("", {.commit = [&](const Transition<Bot>& change) {
                                      EXPECT_EQ(change.version.number, 2U);
                                      inner = failure_of(manager->update({{"name", "inside"}}));
                                      EXPECT_EQ(manager->snapshot()->name, "two") << "looking is fine";
                                      subscription.reset();
                                  }});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(inner.contains("subscriber cannot change"));
    put_atomically("base.yaml", "name: three\n");
    inner.clear();
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(inner.empty());
}

}  // namespace
}  // namespace quantconf::live::test
