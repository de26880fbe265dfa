#include "quota/durability.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "quota/bounds.hpp"
#include "quota/ledger_impl.hpp"
#include "quota/manual_timeline.hpp"

namespace quantconf::quota {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t kPages = sizeof(Record) / kPage;

/// Memory with a disk behind it, whose plug can be pulled. Between two syncs the kernel may write any page.
class Plugged final : public Memory {
public:
    Record& record() noexcept override { return *record_; }
    bool is_durable() const noexcept override { return true; }
    std::string name() const override { return "a disk"; }
    Outcome<void> sync(std::size_t offset, std::size_t size) override {
        ++syncs;
        if (on_sync) {
            on_sync();
        }
        if (fails) {
            return std::unexpected{
                Error{.operation = "bring to disk", .cause = {EIO, std::generic_category()}}};
        }
        const bool is_data = offset == kDataOffset;
        order.push_back(is_data ? 'd' : 's');
        if (is_data ? !forgets_data : !forgets_sectors) {
            copy(offset, size);
        }
        return {};
    }

    /// What is on the disk, with these other pages as the kernel happened to write them.
    std::unique_ptr<Plugged> after_power_cut(std::mt19937* random = nullptr) {
        auto next = std::make_unique<Plugged>();
        for (std::size_t page = 0; page < kPages; ++page) {
            const bool is_written = random != nullptr && (*random)() % 2 == 0;
            const std::byte* from = is_written ? memory_.data() : disk_.data();
            std::memcpy(next->memory_.data() + page * kPage, from + page * kPage, kPage);
        }
        next->disk_ = next->memory_;
        return next;
    }

    std::size_t syncs = 0;
    std::string order;
    bool fails = false;
    bool forgets_data = false;
    bool forgets_sectors = false;
    std::function<void()> on_sync;

private:
    struct alignas(kPage) Pages {
        std::array<std::byte, sizeof(Record)> bytes{};
        std::byte* data() { return bytes.data(); }
    };

    void copy(std::size_t offset, std::size_t size) {
        std::memcpy(disk_.data() + offset, memory_.data() + offset, size);
    }

    Pages memory_;
    Pages disk_;
    Record* record_ = new (memory_.data()) Record;
};

class DurabilityTest : public testing::Test {
protected:
    void SetUp() override {
        auto disk = std::make_unique<Plugged>();
        ASSERT_TRUE(initialise(*disk, time_, Duration::zero()));
        disk->order.clear();
        take(std::move(disk));
    }
    void take(std::unique_ptr<Plugged> disk) {
        disk_ = disk.get();
        ledger_ = std::make_unique<Ledger>(Ledger::Impl::wrap(std::move(disk), time_));
    }
    /// The machine stops, and comes back after a while.
    bool cut_power(std::mt19937* random = nullptr, Duration off = seconds{5}) {
        auto disk = disk_->after_power_cut(random);
        time_.reboot(time_.boot() + "+", seconds{2},
                     time_.wall() + std::chrono::duration_cast<std::chrono::microseconds>(off));
        const bool is_good = recover(*disk, time_).value();
        disk->order.clear();
        disk->syncs = 0;
        take(std::move(disk));
        return is_good;
    }
    int count(const Limits& limits, int asked) {
        int granted = 0;
        for (int i = 0; i < asked; ++i) {
            granted += ledger_->acquire(limits, Class::Signal)->granted ? 1 : 0;
        }
        return granted;
    }
    static Limits rolling(std::int64_t requests, Duration per) {
        return {.windows = {{.requests = requests, .per = per}}};
    }

    ManualTimeline time_;
    Plugged* disk_ = nullptr;
    std::unique_ptr<Ledger> ledger_;
};

TEST_F(DurabilityTest, windows_of_less_than_an_hour_never_touch_the_disk) {
    EXPECT_EQ(count(rolling(1000, hours{1} - Duration{1}), 2000), 1000);
    EXPECT_EQ(disk_->order, "");
}

TEST_F(DurabilityTest, times_are_on_disk_before_the_promise_and_both_before_the_grant) {
    EXPECT_EQ(count(rolling(25, limits::kDurableFrom), 3), 3);
    EXPECT_EQ(disk_->order, "dsdsds");
}

TEST_F(DurabilityTest, a_large_window_reserves_many_at_a_time) {
    EXPECT_EQ(count(rolling(100'000, days{1}), 3900), 3900);
    EXPECT_GE(disk_->order.size(), 2 * 3900U / 390);
    EXPECT_LE(disk_->order.size(), 4 * 3900U / 390 + 4);
}

TEST_F(DurabilityTest, whoever_shares_a_key_with_a_long_window_is_durable_too) {
    EXPECT_EQ(count(rolling(25, days{1}), 1), 1);
    EXPECT_EQ(count(rolling(100, seconds{10}), 3), 3);
    EXPECT_EQ(disk_->order, "dsdsdsds");
    cut_power();
    EXPECT_EQ(count(rolling(100, seconds{10}), 1), 1);
    EXPECT_EQ(disk_->order, "ds") << "also after the next boot";
}

TEST_F(DurabilityTest, nothing_is_granted_when_the_disk_fails) {
    disk_->fails = true;
    const Outcome<Decision> decision = ledger_->acquire(rolling(25, days{1}), Class::Signal);
    ASSERT_FALSE(decision.has_value());
    EXPECT_EQ(decision.error().cause.value(), EIO);
    disk_->fails = false;
    EXPECT_EQ(ledger_->usage(rolling(25, days{1}))->windows[0].used, 0);
    EXPECT_EQ(count(rolling(25, days{1}), 30), 25);
}

TEST_F(DurabilityTest, others_are_served_while_the_disk_works) {
    const Limits large = rolling(100'000, days{1});
    EXPECT_EQ(count(large, 1), 1);
    int served = 0;
    disk_->on_sync = [&] {
        if (served++ == 0) {
            EXPECT_TRUE(ledger_->acquire(large, Class::Signal)->granted.has_value());
        }
    };
    EXPECT_EQ(count(large, 300), 300);
    EXPECT_GT(served, 0);
}

/// Grants, cuts the power at a random moment, and looks whether anything was forgotten. How much too much was
/// counted.
std::int64_t forgotten_after_cuts(std::mt19937& random, bool forgets_data, bool forgets_sectors,
                                  std::int64_t requests, std::int64_t& too_much) {
    std::int64_t forgotten = 0;
    for (int round = 0; round < 10; ++round) {
        ManualTimeline time;
        auto first = std::make_unique<Plugged>();
        EXPECT_TRUE(initialise(*first, time, Duration::zero()));
        first->forgets_data = forgets_data;
        first->forgets_sectors = forgets_sectors;
        std::vector<std::unique_ptr<Plugged>> cuts;
        std::vector<std::int64_t> granted_at_cut;
        std::int64_t granted = 0;
        Plugged* disk = first.get();
        Ledger ledger = Ledger::Impl::wrap(std::move(first), time);
        const Limits limits{
            .windows = {{.requests = requests, .per = days{1}}, {.requests = requests * 2, .per = days{7}}}};
        const auto cut = [&] {
            cuts.push_back(disk->after_power_cut(random() % 2 == 0 ? &random : nullptr));
            granted_at_cut.push_back(granted);
        };
        disk->on_sync = [&] {
            if (random() % 8 == 0) {
                cut();
            }
        };
        const std::int64_t wanted =
            static_cast<std::int64_t>(random()) % std::min<std::int64_t>(requests / 2, 4000) + 1;
        while (granted < wanted) {
            granted += ledger.acquire(limits, Class::Signal)->granted ? 1 : 0;
            time.advance(Duration{random() % 1'000'000'000});
            if (random() % static_cast<std::uint32_t>(wanted) == 0) {
                cut();
            }
        }
        cut();
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            ManualTimeline later{time.wall() + seconds{3}, "another boot"};
            const bool is_good = recover(*cuts[i], later).value();
            if (!is_good) {
                ++forgotten;  // It is not good that a mere power cut looks like damage.
                continue;
            }
            Ledger next = Ledger::Impl::wrap(std::move(cuts[i]), later);
            const std::int64_t used = next.usage(limits)->windows[0].used;
            forgotten += std::max<std::int64_t>(0, granted_at_cut[i] - used);
            too_much = std::max(too_much, used - granted_at_cut[i]);
        }
    }
    return forgotten;
}

TEST_F(DurabilityTest, no_power_cut_forgets_a_request_of_a_long_window) {
    for (const std::int64_t requests : {10, 1000, 5000, 100'000}) {
        const std::uint32_t seed = std::random_device{}();
        SCOPED_TRACE(testing::Message() << "seed " << seed << ", requests " << requests);
        std::mt19937 random{seed};
        std::int64_t too_much = 0;
        EXPECT_EQ(forgotten_after_cuts(random, false, false, requests, too_much), 0);
        EXPECT_LE(too_much, requests <= 256 ? 1 : requests / 100);
    }
}

TEST_F(DurabilityTest, each_of_the_two_syncs_is_needed) {
    std::mt19937 random{7};
    std::int64_t ignored = 0;
    EXPECT_GT(forgotten_after_cuts(random, true, false, 1000, ignored), 0);
    EXPECT_GT(forgotten_after_cuts(random, false, true, 1000, ignored), 0);
}

TEST_F(DurabilityTest, time_goes_on_over_a_reboot) {
    EXPECT_EQ(count(rolling(5, hours{2}), 9), 5);
    EXPECT_TRUE(cut_power(nullptr, hours{1}));
    EXPECT_EQ(count(rolling(6, hours{2}), 9), 1);
    time_.advance(hours{1});
    EXPECT_EQ(count(rolling(6, hours{2}), 9), 4) << "the last one before the cut counts from the reboot";
}

TEST_F(DurabilityTest, a_clock_that_lost_its_battery_does_not_turn_time_back) {
    EXPECT_EQ(count(rolling(5, hours{2}), 9), 5);
    time_.set_wall(Time{});
    EXPECT_TRUE(cut_power());
    EXPECT_EQ(count(rolling(6, hours{2}), 9), 1);
    time_.advance(hours{2});
    EXPECT_EQ(count(rolling(6, hours{2}), 9), 6);
}

TEST_F(DurabilityTest, a_lock_that_was_held_when_the_power_went_does_not_survive) {
    EXPECT_EQ(count(rolling(5, hours{2}), 2), 2);
    ASSERT_EQ(::pthread_mutex_lock(&disk_->record().live.lock), 0);
    ASSERT_TRUE(disk_->sync(kDataOffset, sizeof(Record) - kDataOffset));
    pthread_mutex_t& held = disk_->record().live.lock;
    auto disk = disk_->after_power_cut();
    ::pthread_mutex_unlock(&held);
    time_.reboot("next", seconds{1}, time_.wall());
    ASSERT_TRUE(recover(*disk, time_).value());
    take(std::move(disk));
    EXPECT_EQ(count(rolling(5, hours{2}), 9), 3);
}

}  // namespace
}  // namespace quantconf::quota
