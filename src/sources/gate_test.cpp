#include "sources/gate.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 60s;

/// Threads that queue up one after the other and note in which order they came in.
class Queue {
public:
    explicit Queue(Gate& gate) : gate_{gate} {}

    /// Returns once the new one waits.
    void add(std::uint8_t rank, int name) {
        const std::size_t before = gate_.waiting();
        threads_.emplace_back([this, rank, name] {
            const auto pass = gate_.enter(rank, kLong, {});
            const std::scoped_lock lock{mutex_};
            order_.push_back(name);
        });
        while (gate_.waiting() == before) {
            std::this_thread::yield();
        }
    }
    std::vector<int> order() {
        threads_.clear();
        return order_;
    }

private:
    Gate& gate_;
    std::mutex mutex_;
    std::vector<int> order_;
    std::vector<std::jthread> threads_;
};

TEST(Gate, lets_as_many_in_as_there_are_places_and_no_more) {
    Gate gate{2};
    const auto first = gate.enter(0, 0s, {});
    auto second = gate.enter(0, 0s, {});
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(gate.enter(0, 0s, {}));
    EXPECT_FALSE(gate.enter(0, 1ms, {}));
    second.reset();
    EXPECT_TRUE(gate.enter(0, 0s, {}));
}

TEST(Gate, a_lower_rank_goes_first_and_equals_in_the_order_of_their_coming) {
    Gate gate{1};
    auto inside = gate.enter(0, 0s, {});
    Queue queue{gate};
    queue.add(2, 1);
    queue.add(1, 2);
    queue.add(1, 3);
    queue.add(0, 4);
    inside.reset();
    EXPECT_EQ(queue.order(), (std::vector{4, 2, 3, 1}));
}

TEST(Gate, every_tenth_place_belongs_to_whoever_waits_longest) {
    Gate gate{1};
    auto inside = gate.enter(0, 0s, {});  // The first admission.
    Queue queue{gate};
    queue.add(9, 0);
    for (int i = 1; i <= 12; ++i) {
        queue.add(0, i);
    }
    inside.reset();
    const std::vector<int> order = queue.order();
    EXPECT_EQ(order.at(8), 0);  // The tenth admission in all.
}

TEST(Gate, whoever_is_stopped_or_out_of_patience_leaves_no_trace) {
    Gate gate{1};
    auto inside = gate.enter(0, 0s, {});
    std::stop_source stop;
    std::jthread impatient{[&] { EXPECT_FALSE(gate.enter(0, kLong, stop.get_token())); }};
    while (gate.waiting() == 0) {
        std::this_thread::yield();
    }
    stop.request_stop();
    impatient.join();
    inside.reset();
    EXPECT_TRUE(gate.enter(0, 0s, {}));
}

TEST(Gate, fewer_places_throw_nobody_out_and_more_let_those_in_who_wait) {
    Gate gate{2};
    auto first = gate.enter(0, 0s, {});
    auto second = gate.enter(0, 0s, {});
    gate.set_places(1);
    first.reset();
    EXPECT_FALSE(gate.enter(0, 0s, {}));
    Queue queue{gate};
    queue.add(0, 1);
    gate.set_places(2);
    EXPECT_EQ(queue.order(), std::vector{1});
    second.reset();
}

TEST(Gate, never_holds_more_than_its_places_however_many_push) {
    Gate gate{3};
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                for (int round = 0; round < 500; ++round) {
                    const auto pass = gate.enter(static_cast<std::uint8_t>(i % 3), kLong, {});
                    ASSERT_TRUE(pass);
                    const int now = ++inside;
                    int seen = most;
                    while (now > seen && !most.compare_exchange_weak(seen, now)) {
                    }
                    --inside;
                }
            });
        }
    }
    EXPECT_LE(most, 3);
    EXPECT_EQ(inside, 0);
}

}  // namespace
}  // namespace quantconf::sources
