#include "live/subscribers.hpp"

#include <atomic>
#include <thread>

#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using namespace std::chrono_literals;
using detail::UntypedCallbacks;
using detail::UntypedTransition;

std::shared_ptr<const Announcement> change_of(std::vector<std::string> paths) {
    Announcement announcement;
    for (std::string& path : paths) {
        announcement.changes.push_back({.path = std::move(path), .from = "1", .to = "2"});
    }
    return std::make_shared<const Announcement>(std::move(announcement));
}

UntypedCallbacks told(std::function<void()> commit, std::chrono::milliseconds deadline = 10s) {
    return {.prepare = {}, .commit = [commit](const UntypedTransition&) { commit(); }, .deadline = deadline};
}

UntypedCallbacks asked(std::function<std::optional<std::string>()> prepare,
                       std::chrono::milliseconds deadline = 10s) {
    return {.prepare = [prepare](const UntypedTransition&) { return prepare(); },
            .commit = {},
            .deadline = deadline};
}

TEST(Subscribers, a_path_concerns_itself_and_what_is_above_and_beneath_it) {
    EXPECT_TRUE(concerns("", "a"));
    EXPECT_TRUE(concerns("a", "a"));
    EXPECT_TRUE(concerns("a", "a.b"));
    EXPECT_TRUE(concerns("a.b", "a"));
    EXPECT_FALSE(concerns("a", "ab"));
    EXPECT_FALSE(concerns("ab", "a"));
    EXPECT_FALSE(concerns("a.b", "a.c"));
}

TEST(Subscribers, only_those_are_called_whose_path_changes_in_the_order_of_their_coming) {
    Subscribers subscribers;
    std::string calls;
    const auto first = subscribers.add("a", told([&] { calls += "1"; }));
    const auto second = subscribers.add("b", told([&] { calls += "2"; }));
    const auto third = subscribers.add("", told([&] { calls += "3"; }));
    EXPECT_EQ(subscribers.commit(change_of({"a.x", "c"})), 0U);
    EXPECT_EQ(calls, "13");
}

TEST(Subscribers, the_first_veto_ends_the_asking) {
    Subscribers subscribers;
    bool is_asked = false;
    const auto first = subscribers.add("a", asked([] { return std::optional<std::string>{"no"}; }));
    const auto second = subscribers.add("a", asked([&]() -> std::optional<std::string> {
                                            is_asked = true;
                                            return std::nullopt;
                                        }));
    const auto veto = subscribers.prepare(change_of({"a"}));
    ASSERT_TRUE(veto.has_value());
    EXPECT_EQ(veto->path, "a");
    EXPECT_EQ(veto->reason, "no");
    EXPECT_FALSE(is_asked);
}

// 63: subscriber throws / hangs / calls back into the manager / unsubscribes in callback.
TEST(Subscribers, t63_who_throws_harms_nobody) {
    Subscribers subscribers;
    int others = 0;
    const auto throwing = subscribers.add("", told([] { throw std::runtime_error{"broken"}; }));
    const auto strange = subscribers.add("", told([] { throw 5; }));
    const auto other = subscribers.add("", told([&] { ++others; }));
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 2U);
    EXPECT_EQ(others, 1);
    const auto refusing = subscribers.add("", asked([]() -> std::optional<std::string> { throw 5; }));
    EXPECT_TRUE(subscribers.prepare(change_of({"a"}))->reason.contains("threw"));
}

TEST(Subscribers, t63_who_hangs_misses_the_deadline_alone) {
    Subscribers subscribers;
    std::atomic<bool> may_end = false;
    std::atomic<int> others = 0;
    auto hanging = subscribers.add("", told([&] { may_end.wait(false); }, 20ms));
    const auto other = subscribers.add("", told([&] { ++others; }));
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 1U);
    EXPECT_EQ(others, 1) << "told all the same";
    std::thread removing{[&] {
        hanging.reset();  // Waits for the call that still runs.
        EXPECT_TRUE(may_end);
    }};
    may_end = true;
    may_end.notify_all();
    removing.join();
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 0U);
}

TEST(Subscribers, t63_a_subscription_may_end_in_its_own_call_or_in_anothers) {
    Subscribers subscribers;
    std::string calls;
    std::unique_ptr<detail::Unsubscribe> own;
    std::unique_ptr<detail::Unsubscribe> later;
    own = subscribers.add("", told([&] {
                              calls += "1";
                              own.reset();
                              later.reset();
                          }));
    later = subscribers.add("", told([&] { calls += "2"; }));
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 0U);
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 0U);
    EXPECT_EQ(calls, "1");
}

TEST(Subscribers, t63_one_that_is_added_in_a_call_hears_of_the_next_change) {
    Subscribers subscribers;
    int calls = 0;
    std::unique_ptr<detail::Unsubscribe> inner;
    const auto outer = subscribers.add("", told([&] {
                                           if (inner == nullptr) {
                                               inner = subscribers.add("", told([&] { ++calls; }));
                                           }
                                       }));
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 0U);
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 0U);
    EXPECT_EQ(calls, 1);
}

TEST(Subscribers, inside_a_call_they_know_that_it_is_theirs) {
    Subscribers subscribers;
    Subscribers others;
    bool is_inside = false;
    bool is_inside_others = true;
    const auto handle = subscribers.add("", told([&] {
                                            is_inside = subscribers.is_inside();
                                            is_inside_others = others.is_inside();
                                        }));
    EXPECT_EQ(subscribers.commit(change_of({"a"})), 0U);
    EXPECT_TRUE(is_inside);
    EXPECT_FALSE(is_inside_others);
    EXPECT_FALSE(subscribers.is_inside());
}

TEST(Subscribers, a_subscription_may_outlive_them) {
    auto subscribers = std::make_unique<Subscribers>();
    const auto handle = subscribers->add("", told([] {}));
    subscribers.reset();
}

class ManagerInCallback : public LiveTest {};

TEST_F(ManagerInCallback, t63_a_manager_may_be_destroyed_inside_a_call_of_its_own) {
    auto following = options();
    following.auto_reload = true;
    following.debounce = 1ms;
    for (const bool is_asked : {true, false}) {
        auto manager = std::make_unique<Manager>(Manager::open(following).value());
        ASSERT_TRUE(comes_true([&] { return manager->health().watcher_active; }));
        std::atomic<bool> is_gone = false;
        const auto destroy = [&] {
            manager.reset();
            is_gone = true;
        };
        Subscriber<Bot> subscriber{.deadline = 100ms};
        if (is_asked) {
            subscriber.prepare = [&](const Transition<Bot>&) -> std::optional<std::string> {
                destroy();
                return std::nullopt;
            };
        } else {
            subscriber.commit = [&](const Transition<Bot>&) { destroy(); };
        }
        const auto subscription = manager->watch("", std::move(subscriber));
        put_atomically("base.yaml", is_asked ? "name: two\n" : "name: three\n");
        EXPECT_TRUE(comes_true([&] { return is_gone.load(); }));
    }
}

TEST_F(ManagerInCallback, t63_one_manager_may_change_another_inside_a_call) {
    auto first = Manager::open(options());
    auto second = Manager::open(options());
    std::string inner;
    const auto subscription = first->watch(
        "",
        {.commit = [&](const Transition<Bot>&) { inner = failure_of(second->reload()); }, .deadline = 10s});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(first->reload().has_value());
    EXPECT_EQ(inner, "(it succeeded)");
    EXPECT_EQ(second->snapshot()->name, "two");
}

}  // namespace
}  // namespace quantconf::live::test
