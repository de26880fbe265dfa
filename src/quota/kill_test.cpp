// A process that is killed between two of its instructions: at most one request too many is counted,
// never one too few.

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <random>

#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quota/ledger.hpp"
#include "quota/manual_timeline.hpp"

namespace quantconf::quota {
namespace {

using std::chrono::seconds;

constexpr int kPlaces = 40;   ///< So many instructions of one admission, evenly spread.
constexpr int kMoments = 50;  ///< So many times an operation is killed at a random moment.

/// Does this in a child, one instruction after the other, and kills it after `steps`. How many it took, if it
/// came to its end.
std::optional<int> do_and_kill(const std::function<void()>& act, int steps) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        act();
        ::raise(SIGSTOP);
        ::_exit(0);
    }
    int status = 0;
    std::optional<int> taken;
    ::waitpid(child, &status, 0);
    for (int step = 0; step < steps && !taken; ++step) {
        ::ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
        if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) {
            taken = step;
        }
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return taken;
}

/// Does this in a child, and kills it at a random moment. For operations of many instructions.
void do_and_kill_at_random(const std::function<void()>& act, std::mt19937& random) {
    int ready[2] = {};
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        [[maybe_unused]] const ssize_t written = ::write(ready[1], "x", 1);
        act();
        ::pause();
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds{random() % 40'000};
    while (std::chrono::steady_clock::now() < until) {
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
}

class KillTest : public testing::Test {
protected:
    /// A ledger with three of five requests used; then `act` is killed at each of its places, and `check`
    /// looks.
    void kill_everywhere(const std::function<void(Ledger&)>& act,
                         const std::function<void(Ledger&, bool was_done)>& check) {
        const auto length = do_and_kill([&] { act(fresh()); }, 10'000'000);
        ASSERT_TRUE(length.has_value());
        for (int place = 0; place <= kPlaces; ++place) {
            Ledger& ledger = fresh();
            const int steps = static_cast<int>(static_cast<long>(*length) * place / kPlaces) + 1;
            const auto taken = do_and_kill([&] { act(ledger); }, steps);
            check(ledger, taken.has_value());
            if (HasFailure()) {
                FAIL() << "killed after instruction " << steps << " of " << *length;
            }
        }
    }
    Ledger& fresh() {
        ledger_.emplace(Ledger::in_memory(time_));
        for (Receipt& receipt : receipts_) {
            receipt = *ledger_->acquire(limits_, Class::Signal)->granted;
            time_.advance(seconds{1});
        }
        return *ledger_;
    }
    std::int64_t used(Ledger& ledger) const { return ledger.usage(limits_)->windows[0].used; }
    int count(Ledger& ledger) const {
        int granted = 0;
        for (int i = 0; i < 9; ++i) {
            granted += ledger.acquire(limits_, Class::Execution)->granted ? 1 : 0;
        }
        return granted;
    }

    ManualTimeline time_;
    std::optional<Ledger> ledger_;
    std::array<Receipt, 3> receipts_{};
    const Limits limits_{
        .windows = {{.requests = 5, .per = seconds{100}},
                    {.requests = 5, .per = std::chrono::days{1}, .kind = WindowKind::Calendar},
                    {.requests = 6000, .per = seconds{100}}}};
};

TEST_F(KillTest, an_admission) {
    kill_everywhere([&](Ledger& ledger) { (void)ledger.acquire(limits_, Class::Signal); },
                    [&](Ledger& ledger, bool was_done) {
                        const std::int64_t counted = used(ledger);
                        EXPECT_GE(counted, was_done ? 4 : 3);
                        EXPECT_LE(counted, 4);
                        EXPECT_EQ(count(ledger), 5 - counted);
                    });
}

TEST_F(KillTest, giving_back) {
    std::mt19937 random{std::random_device{}()};
    for (int moment = 0; moment < kMoments; ++moment) {
        Ledger& ledger = fresh();
        do_and_kill_at_random([&] { ledger.refund(receipts_[1]); }, random);
        EXPECT_GE(used(ledger), 2);
        EXPECT_LE(used(ledger), 3);
        EXPECT_LE(count(ledger), 3);
        time_.advance(seconds{98});
        EXPECT_LE(count(ledger), 1) << "the first one may have left the window, no other";
    }
}

TEST_F(KillTest, the_first_question_after_a_long_time) {
    std::mt19937 random{std::random_device{}()};
    for (int moment = 0; moment < kMoments; ++moment) {
        Ledger& ledger = fresh();
        do_and_kill_at_random(
            [&] {
                time_.advance(seconds{95});
                (void)ledger.acquire(limits_, Class::Signal);
            },
            random);
        time_.advance(seconds{96});
        const auto windows = ledger.usage(limits_)->windows;
        EXPECT_GE(windows[0].used, 3);
        EXPECT_GE(windows[2].used, 3);
        EXPECT_LE(windows[0].used, 4);
    }
}

}  // namespace
}  // namespace quantconf::quota
