#include "sources/key_schedule.hpp"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sources/key_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace test;

/// One key, checked by a function of the test; what the schedule does is counted.
class Schedule : public testing::Test {
protected:
    [[nodiscard]] ScheduleTools tools() {
        return {.keys = [this] { return keys(); },
                .record_of =
                    [this](const KeyToCheck&) {
                        const std::lock_guard lock{mutex_};
                        return record_;
                    },
                .check =
                    [this](std::span<const KeyToCheck> due, const std::stop_token&) {
                        const std::lock_guard lock{mutex_};
                        checked_ += due.size();
                        record_ = apply(record_, verdict(KeyStatus::Valid), moment_of(timeline_), polygon());
                    },
                .tell =
                    [this](const KeyEvent& event) {
                        const std::lock_guard lock{mutex_};
                        told_.push_back(event.report.status);
                        changed_.notify_all();
                    },
                .timeline = timeline_,
                .random = [] { return 0.0; }};
    }
    ScheduledKeys keys() {
        const std::lock_guard lock{mutex_};
        ++turns_;
        changed_.notify_all();
        return {.keys = {{.source = &polygon(), .fingerprint = "a"}}, .interval = 24h};
    }
    /// Waits until the schedule has come so far; that it does is expected.
    template <typename Condition>
    void await(const Condition& condition) {
        std::unique_lock lock{mutex_};
        EXPECT_TRUE(changed_.wait_for(lock, 20s, condition));
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    FakeTimeline timeline_;
    KeyRecord record_{.fingerprint = "a"};
    std::size_t checked_ = 0;
    int turns_ = 0;
    std::vector<KeyStatus> told_;
};

TEST_F(Schedule, begins_at_once_and_rests_until_it_is_woken) {
    KeySchedule schedule{tools()};
    await([this] { return !told_.empty(); });
    schedule.wake();
    await([this] { return turns_ >= 2; });
    const std::lock_guard lock{mutex_};
    EXPECT_EQ(told_, std::vector{KeyStatus::Valid});
    EXPECT_EQ(checked_, 1U);  // Nothing is due the second time.
}

TEST_F(Schedule, a_wake_while_it_works_is_not_lost) {
    int wakes = 0;
    std::optional<KeySchedule> schedule;
    std::mutex ready;
    ScheduleTools with_wake = tools();
    with_wake.record_of = [&, find = with_wake.record_of](const KeyToCheck& key) {
        const std::lock_guard lock{ready};
        if (++wakes == 1) {
            schedule->wake();
        }
        return find(key);
    };
    {
        const std::lock_guard lock{ready};
        schedule.emplace(std::move(with_wake));
    }
    await([this] { return turns_ >= 2; });
}

TEST_F(Schedule, a_check_under_way_is_taken_back_at_the_end) {
    bool is_waiting = false;
    ScheduleTools slow = tools();
    slow.check = [&](std::span<const KeyToCheck>, const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any ended;
        {
            const std::lock_guard lock{mutex_};
            is_waiting = true;
            changed_.notify_all();
        }
        std::unique_lock lock{mutex};
        ended.wait(lock, stop, [] { return false; });
    };
    std::optional<KeySchedule> schedule{std::in_place, std::move(slow)};
    await([&] { return is_waiting; });
    schedule.reset();  // Ends, or the test does not.
    EXPECT_TRUE(told_.empty());
}

TEST_F(Schedule, ends_quietly_in_a_forked_child) {
    std::optional<KeySchedule> schedule{std::in_place, tools()};
    await([this] { return !told_.empty(); });
    const pid_t child = ::fork();
    if (child == 0) {
        schedule.reset();
        ::_exit(0);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace quantconf::sources
