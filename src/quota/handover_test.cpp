#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <random>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quota/ledger.hpp"
#include "quota/manual_timeline.hpp"
#include "support/test_folder.hpp"

namespace quantconf::quota {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Limits kMinute{.windows = {{.requests = 5, .per = minutes{1}}}};
const Limits kDay{.windows = {{.requests = 5, .per = days{1}}}};

/// A ledger whose file is deleted while programs have it open.
class Handover : public state::TestFolder {
protected:
    [[nodiscard]] fs::path path() const { return folder_ / "key.ledger"; }
    Ledger open() { return Ledger::open(path(), time_).value(); }
    static int count(Ledger& ledger, const Limits& limits, int asked = 9) {
        int granted = 0;
        for (int i = 0; i < asked; ++i) {
            granted += ledger.acquire(limits, Class::Signal)->granted ? 1 : 0;
        }
        return granted;
    }
    static std::int64_t used(const Ledger& ledger, const Limits& limits) {
        return ledger.usage(limits)->windows.at(0).used;
    }

    ManualTimeline time_;
};

TEST_F(Handover, what_was_counted_goes_on_with_its_times) {
    Ledger lost = open();
    time_.advance(hours{5});
    EXPECT_EQ(count(lost, kMinute, 2), 2);
    time_.advance(seconds{20});
    EXPECT_EQ(count(lost, kMinute, 1), 1);
    fs::remove(path());
    time_.advance(seconds{10});
    Ledger fresh = open();

    ASSERT_TRUE(fresh.take_over(lost));

    EXPECT_EQ(count(fresh, kMinute), 2);
    time_.advance(seconds{30});
    EXPECT_EQ(count(fresh, kMinute), 2) << "the first two are a minute old";
    time_.advance(seconds{20});
    EXPECT_EQ(count(fresh, kMinute), 1);
}

TEST_F(Handover, two_that_had_it_open_hand_it_over_once) {
    Ledger first = open();
    Ledger second = open();
    EXPECT_EQ(count(first, kDay, 2), 2);
    fs::remove(path());
    Ledger fresh = open();
    Ledger again = open();

    ASSERT_TRUE(fresh.take_over(first));
    ASSERT_TRUE(again.take_over(second));
    ASSERT_TRUE(fresh.take_over(first));

    EXPECT_EQ(used(fresh, kDay), 2);
    EXPECT_EQ(count(again, kDay), 3);
}

TEST_F(Handover, nothing_is_counted_in_the_deleted_one_afterwards) {
    Ledger lost = open();
    Ledger other = open();
    fs::remove(path());
    Ledger fresh = open();
    ASSERT_TRUE(fresh.take_over(lost));

    const auto decision = other.acquire(kMinute, Class::Signal);

    ASSERT_FALSE(decision.has_value());
    EXPECT_EQ(decision.error().cause, std::errc::no_such_file_or_directory);
}

TEST_F(Handover, what_was_counted_on_both_sides_counts_together) {
    Ledger lost = open();
    EXPECT_EQ(count(lost, kMinute, 1), 1);
    fs::remove(path());
    Ledger fresh = open();
    time_.advance(seconds{1});
    EXPECT_EQ(count(fresh, kMinute, 2), 2);
    time_.advance(seconds{1});
    EXPECT_EQ(count(lost, kMinute, 1), 1) << "by one who has not noticed yet";

    ASSERT_TRUE(fresh.take_over(lost));

    EXPECT_EQ(used(fresh, kMinute), 4);
    EXPECT_EQ(count(fresh, kMinute), 1);
    time_.advance(seconds{58});
    EXPECT_EQ(count(fresh, kMinute), 1) << "only the first one is a minute old";
}

TEST_F(Handover, a_file_that_is_deleted_again_and_again_forgets_nothing) {
    Ledger first = open();
    EXPECT_EQ(count(first, kDay, 1), 1);
    fs::remove(path());
    Ledger second = open();
    ASSERT_TRUE(second.take_over(first));
    EXPECT_EQ(count(second, kDay, 1), 1);
    fs::remove(path());
    Ledger third = open();

    ASSERT_TRUE(third.take_over(second));
    EXPECT_EQ(used(third, kDay), 2);
    // Whoever has the first one still open cannot know that. Twice is safe.
    ASSERT_TRUE(third.take_over(first));
    EXPECT_EQ(used(third, kDay), 3);
}

TEST_F(Handover, days_and_months_go_on) {
    const Limits limits{
        .windows = {{.requests = 5, .per = days{1}, .kind = WindowKind::Calendar, .zone = "America/New_York"},
                    {.requests = 9, .per = days{31}, .kind = WindowKind::Calendar}}};
    Ledger lost = open();
    EXPECT_EQ(count(lost, limits, 3), 3);
    time_.advance(days{2});
    EXPECT_EQ(count(lost, limits, 2), 2);
    fs::remove(path());
    Ledger fresh = open();
    EXPECT_EQ(count(fresh, limits, 1), 1);

    ASSERT_TRUE(fresh.take_over(lost));

    EXPECT_EQ(fresh.usage(limits)->windows.at(0).used, 3);
    EXPECT_EQ(fresh.usage(limits)->windows.at(1).used, 6);
    EXPECT_EQ(count(fresh, limits), 2);
}

TEST_F(Handover, the_word_of_the_provider_and_the_pace_hold_on) {
    const Limits paced{.windows = {{.requests = 50, .per = hours{1}}},
                       .pacing = {.requests = 1, .per = seconds{10}}};
    Ledger lost = open();
    EXPECT_EQ(count(lost, paced), 1);
    lost.observe_remaining(hours{1}, 1, minutes{30}, paced);
    lost.pause(seconds{4}, "slowly");
    fs::remove(path());
    Ledger fresh = open();

    ASSERT_TRUE(fresh.take_over(lost));

    EXPECT_EQ(fresh.usage(paced)->pause_reason, "slowly");
    EXPECT_EQ(fresh.usage(paced)->windows.at(0).remaining, 1);
    time_.advance(seconds{9});
    EXPECT_EQ(count(fresh, paced), 0);
    time_.advance(seconds{1});
    EXPECT_EQ(count(fresh, paced), 1);
    time_.advance(seconds{10});
    EXPECT_EQ(fresh.acquire(paced, Class::Risk)->because, "the provider says that nothing is left");
}

TEST_F(Handover, of_a_damaged_one_nothing_is_taken_over) {
    Ledger lost = open();
    EXPECT_EQ(count(lost, kMinute, 3), 3);
    const int file = ::open(path().c_str(), O_WRONLY | O_CLOEXEC);
    for (const off_t sector : {off_t{100}, off_t{4196}}) {
        ASSERT_EQ(::pwrite(file, "x", 1, sector), 1);
    }
    ::close(file);
    Ledger fresh = open();

    ASSERT_TRUE(fresh.take_over(lost));

    EXPECT_EQ(used(fresh, kMinute), 0);
    EXPECT_EQ(count(fresh, kDay), 0) << "long windows are used up";
}

TEST_F(Handover, a_reboot_after_it_loses_nothing) {
    {
        Ledger lost = open();
        EXPECT_EQ(count(lost, kDay, 3), 3);
        fs::remove(path());
        Ledger fresh = open();
        ASSERT_TRUE(fresh.take_over(lost));
    }
    time_.reboot("second boot", seconds{5}, time_.wall() + minutes{1});
    Ledger ledger = open();
    EXPECT_LE(count(ledger, kDay), 2);
}

/// Whatever was admitted where and when: no window of the new one counts less than was admitted in it.
TEST_F(Handover, never_counts_too_few) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 engine{seed};
    const Limits plenty{.windows = {{.requests = 1 << 20, .per = hours{1}}}};
    constexpr std::array kLengths{Duration{seconds{2}}, Duration{seconds{60}}, Duration{hours{1}}};
    for (const int size : {5, 300, 6000, 20'000}) {
        std::deque<Duration> admitted;
        const auto admit = [&](Ledger& ledger, int times) {
            for (int i = 0; i < times; ++i) {
                time_.advance(std::chrono::microseconds{engine() % (engine() % 50 == 0 ? 900'000 : 9'000)});
                ASSERT_TRUE(ledger.acquire(plenty, Class::Signal)->granted);
                admitted.push_back(time_.since_boot());
            }
        };
        Ledger lost = open();
        admit(lost, size);
        fs::remove(path());
        Ledger fresh = open();
        for (int turn = 0; turn < 4; ++turn) {
            admit(fresh, static_cast<int>(engine() % 9));
            admit(lost, static_cast<int>(engine() % 9));
        }
        if (size == 300) {
            admit(fresh, 9000);  // More than it can keep exactly.
        }
        ASSERT_TRUE(fresh.take_over(lost));
        for (int step = 0; step < 40; ++step) {
            admit(fresh, static_cast<int>(engine() % 30));
            time_.advance(std::chrono::milliseconds{engine() % 4'000});
            for (const Duration length : kLengths) {
                const Limits limits{.windows = {{.requests = 1 << 20, .per = length}}};
                const auto since = std::ranges::upper_bound(admitted, time_.since_boot() - length);
                ASSERT_GE(used(fresh, limits), admitted.end() - since) << size << " " << length.count();
                ASSERT_LE(used(fresh, limits), std::ssize(admitted)) << size << " " << length.count();
            }
        }
        fs::remove(path());
    }
}

/// What a program does when it finds its ledger deleted, and how many requests it gets through then.
int go_on(Ledger& lost, const fs::path& path, int asked) {
    int granted = 0;
    std::optional<Ledger> ledger;
    for (int i = 0; i < asked; ++i) {
        Ledger& now = ledger ? *ledger : lost;
        auto decision = now.acquire(kDay, Class::Signal);
        if (!ledger && (!decision || !lost.is_in_place())) {
            granted += decision && decision->granted ? 1 : 0;
            ledger.emplace(Ledger::open(path).value());
            if (!ledger->take_over(lost)) {
                return 100;
            }
            continue;
        }
        granted += decision && decision->granted ? 1 : 0;
    }
    return granted;
}

TEST_F(Handover, two_processes_never_get_more_than_there_is) {
    for (int round = 0; round < 25; ++round) {
        Ledger lost = Ledger::open(path()).value();
        EXPECT_EQ(count(lost, kDay, 2), 2);
        std::array<int, 2> gate{};
        ASSERT_EQ(::pipe(gate.data()), 0);
        std::array<pid_t, 2> children{};
        for (pid_t& child : children) {
            child = ::fork();
            if (child == 0) {
                ::close(gate[1]);
                char byte = 0;
                [[maybe_unused]] const ssize_t end = ::read(gate[0], &byte, 1);  // Until the file is gone.
                ::_exit(go_on(lost, path(), 6));
            }
        }
        ::close(gate[0]);
        fs::remove(path());
        ::close(gate[1]);
        int granted = 0;
        for (const pid_t child : children) {
            int status = 0;
            ASSERT_EQ(::waitpid(child, &status, 0), child);
            ASSERT_TRUE(WIFEXITED(status));
            granted += WEXITSTATUS(status);
        }
        EXPECT_EQ(granted, 3) << "in round " << round;
        fs::remove(path());
    }
}

}  // namespace
}  // namespace quantconf::quota
