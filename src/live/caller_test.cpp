#include "live/caller.hpp"

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace quantconf::live {
namespace {

using namespace std::chrono_literals;

void wait_for(const std::atomic<bool>& flag) {
    flag.wait(false);
}

void raise(std::atomic<bool>& flag) {
    flag = true;
    flag.notify_all();
}

TEST(Caller, runs_work_on_one_other_thread_and_waits_for_it) {
    Caller caller;
    std::thread::id first;
    std::thread::id second;
    EXPECT_TRUE(caller.run([&] { first = std::this_thread::get_id(); }, 10s));
    EXPECT_TRUE(caller.run([&] { second = std::this_thread::get_id(); }, 10s));
    EXPECT_NE(first, std::this_thread::get_id());
    EXPECT_EQ(first, second);
}

TEST(Caller, work_that_misses_its_deadline_goes_on_alone_and_others_do_not_wait_for_it) {
    const auto may_end = std::make_shared<std::atomic<bool>>(false);
    const auto has_ended = std::make_shared<std::atomic<bool>>(false);
    {
        Caller caller;
        EXPECT_FALSE(caller.run(
            [may_end, has_ended] {
                wait_for(*may_end);
                raise(*has_ended);
            },
            1ms));
        bool is_done = false;
        EXPECT_TRUE(caller.run([&] { is_done = true; }, 10s));
        EXPECT_TRUE(is_done);
        EXPECT_FALSE(*has_ended);
    }
    raise(*may_end);
    wait_for(*has_ended);
}

TEST(Caller, a_deadline_of_nothing_is_missed) {
    const auto may_end = std::make_shared<std::atomic<bool>>(false);
    Caller caller;
    EXPECT_FALSE(caller.run([may_end] { wait_for(*may_end); }, 0ms));
    raise(*may_end);
}

TEST(Caller, what_the_work_owned_is_gone_when_it_is_done) {
    Caller caller;
    const auto owned = std::make_shared<int>(1);
    EXPECT_TRUE(caller.run([owned] {}, 10s));
    EXPECT_EQ(owned.use_count(), 1);
}

TEST(Caller, what_the_work_owned_is_destroyed_within_its_deadline) {
    struct Slow {
        std::shared_ptr<std::atomic<bool>> may_end;
        ~Slow() { wait_for(*may_end); }
    };
    const auto may_end = std::make_shared<std::atomic<bool>>(false);
    auto slow = std::make_shared<Slow>(may_end);
    Caller caller;
    EXPECT_FALSE(caller.run([kept = std::move(slow)] {}, 1ms)) << "and under no lock that run() needs";
    raise(*may_end);
}

TEST(Caller, may_be_destroyed_by_what_its_work_owned) {
    // The last one who holds the caller is the work itself.
    struct Owner {
        Caller caller;
    };
    auto owner = std::make_shared<Owner>();
    Caller& caller = owner->caller;
    const auto may_end = std::make_shared<std::atomic<bool>>(false);
    const std::weak_ptr<Owner> weak = owner;
    EXPECT_FALSE(caller.run([kept = std::move(owner), may_end] { wait_for(*may_end); }, 1ms));
    raise(*may_end);
    while (!weak.expired()) {
        std::this_thread::sleep_for(1ms);
    }
}

}  // namespace
}  // namespace quantconf::live
