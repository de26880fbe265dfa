#include "quota/limiter.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "quota/manual_timeline.hpp"

namespace quantconf::quota {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

using Answer = Outcome<std::expected<Receipt, Refused>>;

class LimiterTest : public testing::Test {
protected:
    /// Another thread that asks, and writes its letter down once it was admitted.
    std::future<Answer> ask(Limiter& limiter, Class purpose, char letter, Duration patience = hours{1},
                            std::stop_token stop = {}) {
        auto answer = std::async(std::launch::async, [&limiter, this, purpose, letter, patience, stop] {
            Answer result = limiter.acquire(purpose, patience, stop);
            if (result && *result) {
                const std::lock_guard hold{mutex_};
                order_ += letter;
                admitted_.notify_all();
            }
            return result;
        });
        return answer;
    }
    std::string order() {
        const std::lock_guard hold{mutex_};
        return order_;
    }
    Limiter limiter(const Limits& limits) { return {Ledger::in_memory(time_), limits}; }
    /// Each step admits one of those who wait.
    void run(std::size_t waiting, Duration step) {
        for (; waiting > 0; --waiting) {
            time_.await_sleepers(waiting);
            const std::size_t before = order().size();
            time_.advance(step);
            std::unique_lock hold{mutex_};
            admitted_.wait(hold, [&] { return order_.size() > before; });
        }
    }

    ManualTimeline time_;
    const Limits one_a_second_{.windows = {{.requests = 1, .per = seconds{1}}}};
    std::mutex mutex_;
    std::condition_variable admitted_;
    std::string order_;
};

TEST_F(LimiterTest, admits_at_once_what_has_room_and_refuses_at_once_what_has_none) {
    Limiter limiter = this->limiter(one_a_second_);
    EXPECT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    const Answer refused = limiter.try_acquire(Class::Signal);
    ASSERT_FALSE(refused->has_value());
    EXPECT_EQ(refused->error().wait, seconds{1});
    EXPECT_EQ(refused->error().because, "1 per second");
}

TEST_F(LimiterTest, a_deadline_that_cannot_be_met_is_refused_without_waiting) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    const Answer refused = limiter.acquire(Class::Signal, milliseconds{999});
    ASSERT_FALSE(refused->has_value());
    EXPECT_EQ(refused->error().wait, seconds{1});
    EXPECT_FALSE(limiter.acquire(Class::Signal, Duration::max(), {}, 2)->has_value()) << "it can never go";
}

TEST_F(LimiterTest, who_waits_is_admitted_when_its_time_has_come) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    auto answer = ask(limiter, Class::Signal, 'a', seconds{1});
    time_.await_sleepers(1);
    time_.advance(seconds{1});
    EXPECT_TRUE(answer.get()->has_value());
}

TEST_F(LimiterTest, the_queue_counts_when_a_deadline_is_judged) {
    Limiter limiter = this->limiter(
        {.windows = {{.requests = 2, .per = seconds{10}}}, .pacing = {.requests = 1, .per = seconds{1}}});
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    auto first = ask(limiter, Class::Signal, 'a');
    time_.await_sleepers(1);
    const Answer refused = limiter.acquire(Class::Signal, milliseconds{1999});
    ASSERT_FALSE(refused->has_value()) << "a second for the first, another one for this";
    EXPECT_EQ(refused->error().wait, seconds{10}) << "and the window has room for two only";
    run(1, seconds{1});
    EXPECT_TRUE(first.get()->has_value());
}

TEST_F(LimiterTest, first_come_first_served_inside_a_class_and_urgent_ones_go_first) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    std::vector<std::future<Answer>> answers;
    const std::vector<std::pair<Class, char>> arrivals{{Class::Backfill, 'x'},  {Class::Signal, 'm'},
                                                       {Class::Signal, 'n'},    {Class::Risk, 'b'},
                                                       {Class::Execution, 'a'}, {Class::Backfill, 'y'}};
    for (const auto& [purpose, letter] : arrivals) {
        answers.push_back(ask(limiter, purpose, letter));
        time_.await_sleepers(answers.size());
    }
    run(arrivals.size(), seconds{1});
    for (auto& answer : answers) {
        EXPECT_TRUE(answer.get()->has_value());
    }
    EXPECT_EQ(order(), "abmnxy");
}

TEST_F(LimiterTest, of_ten_admissions_one_belongs_to_the_longest_waiting_of_the_others) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    std::vector<std::future<Answer>> answers;
    answers.push_back(ask(limiter, Class::Backfill, 'x'));
    time_.await_sleepers(1);
    for (int i = 0; i < 20; ++i) {
        answers.push_back(ask(limiter, Class::Execution, 'a'));
        time_.await_sleepers(answers.size());
    }
    run(answers.size(), seconds{1});
    for (auto& answer : answers) {
        EXPECT_TRUE(answer.get()->has_value());
    }
    EXPECT_EQ(order().find('x'), 9U) << order();
}

TEST_F(LimiterTest, a_request_that_is_cancelled_stops_waiting) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    std::stop_source stop;
    auto cancelled = ask(limiter, Class::Signal, 'a', hours{1}, stop.get_token());
    time_.await_sleepers(1);
    auto next = ask(limiter, Class::Signal, 'b');
    time_.await_sleepers(2);
    stop.request_stop();
    EXPECT_TRUE(cancelled.get()->error().was_cancelled);
    run(1, seconds{1});
    EXPECT_TRUE(next.get()->has_value());
}

TEST_F(LimiterTest, lowered_limits_refuse_those_who_can_no_longer_make_it) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    auto answer = ask(limiter, Class::Signal, 'a', seconds{5});
    time_.await_sleepers(1);
    limiter.set_limits({.windows = {{.requests = 1, .per = minutes{1}}}});
    const Answer refused = answer.get();
    ASSERT_FALSE(refused->has_value());
    EXPECT_EQ(refused->error().wait, minutes{1});
}

TEST_F(LimiterTest, raised_limits_let_everybody_go_at_once) {
    Limiter limiter = this->limiter(one_a_second_);
    ASSERT_TRUE(limiter.try_acquire(Class::Signal)->has_value());
    auto first = ask(limiter, Class::Signal, 'a');
    time_.await_sleepers(1);
    auto second = ask(limiter, Class::Backfill, 'b');
    time_.await_sleepers(2);
    limiter.set_limits({.windows = {{.requests = 3, .per = seconds{1}}}});
    EXPECT_TRUE(first.get()->has_value());
    EXPECT_TRUE(second.get()->has_value());
    EXPECT_EQ(limiter.limits().windows[0].requests, 3);
}

TEST_F(LimiterTest, the_reserve_makes_only_the_others_wait) {
    Limiter limiter =
        this->limiter({.windows = {{.requests = 10, .per = minutes{1}}}, .reserve_percent = 20});
    for (int i = 0; i < 8; ++i) {
        ASSERT_TRUE(limiter.try_acquire(Class::Backfill)->has_value());
    }
    auto waiting = ask(limiter, Class::Backfill, 'x', minutes{2});
    time_.await_sleepers(1);
    EXPECT_TRUE(limiter.try_acquire(Class::Execution)->has_value());
    EXPECT_TRUE(limiter.try_acquire(Class::Risk)->has_value());
    EXPECT_FALSE(limiter.try_acquire(Class::Risk)->has_value());
    for (int i = 0; i < 600; ++i) {  // It looks again every 100 ms.
        time_.await_sleepers(1);
        EXPECT_EQ(order(), "");
        time_.advance(milliseconds{100});
    }
    EXPECT_TRUE(waiting.get()->has_value());
}

TEST_F(LimiterTest, many_threads_never_get_more_than_there_is) {
    Limiter limiter{Ledger::in_memory(), {.windows = {{.requests = 500, .per = hours{1}}}}};
    std::atomic<int> granted = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                for (int j = 0; j < 300; ++j) {
                    const auto answer = limiter.acquire(static_cast<Class>((i + j) % 5), milliseconds{j % 3});
                    granted += answer && *answer ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(granted, 500);
}

}  // namespace
}  // namespace quantconf::quota
