#include "quota/ledger.hpp"

#include <array>
#include <deque>
#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "quota/bounds.hpp"
#include "quota/manual_timeline.hpp"

namespace quantconf::quota {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Window rolling(std::int64_t requests, Duration per) {
    return {.requests = requests, .per = per};
}

class LedgerTest : public testing::Test {
protected:
    bool go(const Limits& limits, Class purpose = Class::Signal, std::int64_t cost = 1) {
        last_ = ledger_.acquire(limits, purpose, cost).value();
        return last_.granted.has_value();
    }
    int count(const Limits& limits, int asked, Class purpose = Class::Signal) {
        int granted = 0;
        for (int i = 0; i < asked; ++i) {
            granted += go(limits, purpose) ? 1 : 0;
        }
        return granted;
    }

    ManualTimeline time_;
    Ledger ledger_ = Ledger::in_memory(time_);
    Decision last_;
};

TEST_F(LedgerTest, rolling_window_never_holds_one_request_too_many) {
    const Limits limits{.windows = {rolling(3, seconds{10})}};
    EXPECT_EQ(count(limits, 2), 2);
    time_.advance(seconds{4});
    EXPECT_EQ(count(limits, 5), 1);
    EXPECT_EQ(last_.wait, seconds{6});
    EXPECT_EQ(last_.because, "3 in 10s");

    time_.advance(seconds{6} - Duration{1});
    EXPECT_FALSE(go(limits));
    EXPECT_EQ(last_.wait, Duration{1});
    time_.advance(Duration{1});
    EXPECT_EQ(count(limits, 5), 2);
    EXPECT_EQ(last_.wait, seconds{4});
}

TEST_F(LedgerTest, all_windows_hold_together_and_the_longest_wait_is_told) {
    const Limits limits{.windows = {rolling(2, seconds{1}), rolling(3, minutes{1}), rolling(100, days{1})}};
    EXPECT_EQ(count(limits, 5), 2);
    EXPECT_EQ(last_.because, "2 per second");
    time_.advance(seconds{1});
    EXPECT_EQ(count(limits, 5), 1);
    EXPECT_EQ(last_.because, "3 per minute");
    EXPECT_EQ(last_.wait, seconds{59});
}

TEST_F(LedgerTest, a_refused_request_costs_nothing) {
    const Limits limits{.windows = {rolling(1, seconds{1}), rolling(10, minutes{1})}};
    EXPECT_EQ(count(limits, 50), 1);
    EXPECT_EQ(ledger_.usage(limits)->windows[1].used, 1);
}

TEST_F(LedgerTest, changed_limits_hold_against_all_that_has_happened) {
    EXPECT_EQ(count({.windows = {rolling(10, minutes{1})}}, 6), 6);
    EXPECT_FALSE(go({.windows = {rolling(5, hours{1})}}));
    EXPECT_TRUE(go({.windows = {rolling(7, hours{1})}}));
    EXPECT_FALSE(go({.windows = {rolling(7, days{30})}}));
}

/// Every admission that still counts, remembered one by one.
struct Reference {
    std::deque<Duration> times;

    std::size_t used(Duration now, Duration per) {
        while (!times.empty() && now - times.front() >= per) {
            times.pop_front();
        }
        return times.size();
    }
};

TEST_F(LedgerTest, random_requests_agree_with_a_simple_count_of_each_of_them) {
    const std::uint32_t seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random{seed};
    const Limits limits{
        .windows = {rolling(7, milliseconds{90}), rolling(40, seconds{3}), rolling(300, minutes{1})}};
    std::array<Reference, 3> references;
    for (int i = 0; i < 20'000; ++i) {
        time_.advance(Duration{random() % 60'000'000});
        const std::int64_t cost = 1 + static_cast<std::int64_t>(random() % 3);
        bool expected = true;
        for (std::size_t w = 0; w < 3; ++w) {
            expected = expected && static_cast<std::int64_t>(
                                       references[w].used(time_.since_boot(), limits.windows[w].per)) +
                                           cost <=
                                       limits.windows[w].requests;
        }
        ASSERT_EQ(go(limits, Class::Signal, cost), expected) << "step " << i;
        if (expected) {
            for (Reference& reference : references) {
                reference.times.insert(reference.times.end(), static_cast<std::size_t>(cost),
                                       time_.since_boot());
            }
        } else {
            time_.advance(*last_.wait - Duration{1});
            ASSERT_FALSE(go(limits, Class::Signal, cost)) << "the wait was too long, step " << i;
            time_.advance(Duration{1});
        }
    }
}

TEST_F(LedgerTest, a_window_beyond_the_exact_limit_is_never_too_generous_and_hardly_late) {
    for (const Duration per :
         std::initializer_list<Duration>{milliseconds{300}, seconds{5}, minutes{5}, hours{5}, days{30}}) {
        Ledger ledger = Ledger::in_memory(time_);
        const Limits limits{.windows = {rolling(5000, per)}};
        const Duration step = per / 1000;
        const Duration start = time_.since_boot();
        Reference reference;
        std::size_t granted = 0;
        while (time_.since_boot() - start < 10 * per) {
            for (; ledger.acquire(limits, Class::Signal)->granted.has_value(); ++granted) {
                reference.times.push_back(time_.since_boot());
            }
            ASSERT_LE(reference.used(time_.since_boot(), per), 5000U);
            time_.advance(step);
        }
        EXPECT_GE(granted, per < seconds{1} ? 45'000U : 49'000U) << per.count();
    }
}

TEST_F(LedgerTest, both_sides_of_the_exact_limit_count_the_same) {
    for (const std::int64_t requests : {limits::kExactRequests, limits::kExactRequests + 1}) {
        Ledger ledger = Ledger::in_memory(time_);
        const Limits limits{.windows = {rolling(requests, seconds{10})}};
        std::int64_t granted = 0;
        while (ledger.acquire(limits, Class::Signal)->granted) {
            ++granted;
        }
        EXPECT_EQ(granted, requests);
        time_.advance(seconds{11});
        EXPECT_TRUE(ledger.acquire(limits, Class::Signal, limits::kCost)->granted);
    }
}

TEST_F(LedgerTest, the_guard_makes_rolling_windows_longer) {
    const Limits limits{.windows = {{.requests = 1, .per = seconds{1}, .guard = milliseconds{50}}}};
    EXPECT_TRUE(go(limits));
    time_.advance(milliseconds{1049});
    EXPECT_FALSE(go(limits));
    time_.advance(milliseconds{1});
    EXPECT_TRUE(go(limits));
}

TEST_F(LedgerTest, a_request_that_costs_more_than_a_window_can_never_go) {
    const Limits limits{.windows = {rolling(5, seconds{1})}};
    EXPECT_FALSE(go(limits, Class::Signal, 6));
    EXPECT_FALSE(last_.wait.has_value());
    EXPECT_TRUE(go(limits, Class::Signal, 5));
}

TEST_F(LedgerTest, what_was_not_sent_is_given_back) {
    const Limits limits{
        .windows = {rolling(3, seconds{10}), {.requests = 4, .per = days{1}, .kind = WindowKind::Calendar}}};
    EXPECT_TRUE(go(limits));
    const Receipt first = *last_.granted;
    time_.advance(seconds{1});
    EXPECT_EQ(count(limits, 3), 2);
    ledger_.refund(first);
    EXPECT_EQ(ledger_.usage(limits)->windows[0].used, 2);
    EXPECT_EQ(ledger_.usage(limits)->windows[1].used, 2);
    EXPECT_TRUE(go(limits));
    EXPECT_FALSE(go(limits));
    EXPECT_EQ(last_.wait, seconds{10}) << "the two that were sent after it count from when they were sent";
}

TEST_F(LedgerTest, given_back_requests_are_forgotten_by_large_windows_too) {
    const Limits limits{.windows = {rolling(5000, seconds{100})}};
    std::vector<Receipt> receipts;
    for (int i = 0; i < 5000; ++i) {
        receipts.push_back(*ledger_.acquire(limits, Class::Signal)->granted);
        time_.advance(milliseconds{10});
    }
    for (int i = 2000; i < 3000; ++i) {
        ledger_.refund(receipts[static_cast<std::size_t>(i)]);
    }
    EXPECT_EQ(ledger_.usage(limits)->windows[0].used, 4000);
    EXPECT_EQ(count(limits, 2000), 1000);
}

TEST_F(LedgerTest, a_token_bucket_lets_its_burst_through_and_then_one_at_a_time) {
    const Limits limits{.pacing = {.requests = 10, .per = seconds{1}, .burst = 4}};
    EXPECT_EQ(count(limits, 10), 4);
    EXPECT_EQ(last_.because, "10 per second, spread evenly after 4 at once");
    EXPECT_EQ(last_.wait, milliseconds{100});
    time_.advance(milliseconds{250});
    EXPECT_EQ(count(limits, 10), 2);
    time_.advance(hours{1});
    EXPECT_EQ(count(limits, 10), 4);
}

TEST_F(LedgerTest, a_leaky_bucket_spreads_evenly) {
    const Limits limits{.pacing = {.requests = 2, .per = seconds{1}}};
    EXPECT_EQ(count(limits, 5), 1);
    EXPECT_EQ(last_.because, "2 per second, spread evenly");
    time_.advance(milliseconds{499});
    EXPECT_EQ(count(limits, 5), 0);
    time_.advance(milliseconds{1});
    EXPECT_EQ(count(limits, 5), 1);
}

TEST_F(LedgerTest, a_request_larger_than_the_bucket_waits_for_a_full_one_and_is_paid_off_later) {
    const Limits limits{.pacing = {.requests = 10, .per = seconds{1}, .burst = 2}};
    EXPECT_TRUE(go(limits, Class::Signal, 5));
    EXPECT_FALSE(go(limits));
    EXPECT_EQ(last_.wait, milliseconds{400});
}

TEST_F(LedgerTest, what_is_owed_stays_owed_as_requests_when_the_rate_changes) {
    EXPECT_TRUE(go({.pacing = {.requests = 1, .per = hours{1}}}));
    const Limits faster{.pacing = {.requests = 1, .per = seconds{1}}};
    EXPECT_FALSE(go(faster));
    EXPECT_LE(*last_.wait, seconds{1} + Duration{1});
}

TEST_F(LedgerTest, an_adaptive_pacing_slows_down_by_three_tenths_and_recovers_in_ten_minutes) {
    const Limits limits{.pacing = {.requests = 100, .per = seconds{1}, .burst = 1, .adaptive = true}};
    EXPECT_EQ(ledger_.usage(limits)->speed, 1.0);
    ledger_.pause(seconds{1}, "429");
    ledger_.pause(seconds{1}, "429 of one that was under way");
    EXPECT_NEAR(ledger_.usage(limits)->speed, 0.7, 1e-6);
    time_.advance(seconds{1} + minutes{5});
    EXPECT_NEAR(ledger_.usage(limits)->speed, 0.85, 1e-6);
    for (int i = 0; i < 20; ++i) {
        ledger_.pause(seconds{1}, "429");
        time_.advance(seconds{1});
    }
    EXPECT_NEAR(ledger_.usage(limits)->speed, 0.1, 0.01);
    time_.advance(minutes{10});
    EXPECT_EQ(ledger_.usage(limits)->speed, 1.0);
}

TEST_F(LedgerTest, slowing_down_makes_no_bucket_deeper) {
    const Limits limits{.pacing = {.requests = 10, .per = seconds{1}, .burst = 5, .adaptive = true}};
    EXPECT_EQ(count(limits, 9), 5);
    ledger_.pause(milliseconds{1}, "429");
    time_.advance(milliseconds{99});
    EXPECT_EQ(count(limits, 9), 0);
    time_.advance(milliseconds{1});
    EXPECT_EQ(count(limits, 9), 1);
}

TEST_F(LedgerTest, of_a_window_that_is_spread_evenly_it_is_said_when_the_next_request_may_go) {
    const Limits limits{.windows = {rolling(5, minutes{1}), rolling(100, days{1})},
                        .pacing = {.requests = 5, .per = minutes{1}, .burst = 1}};
    EXPECT_EQ(ledger_.usage(limits)->windows[0].reset, Duration{});
    EXPECT_TRUE(go(limits));
    const auto usage = ledger_.usage(limits);
    EXPECT_EQ(usage->windows[0].remaining, 4);
    EXPECT_EQ(usage->windows[0].reset, seconds{12});
    EXPECT_EQ(usage->windows[1].reset, Duration{}) << "the day is not what is spread";
    EXPECT_FALSE(go(limits));
    EXPECT_EQ(last_.wait, seconds{12});
    time_.advance(seconds{12} - Duration{1});
    EXPECT_EQ(ledger_.usage(limits)->windows[0].reset, Duration{1});
    time_.advance(Duration{1});
    EXPECT_EQ(ledger_.usage(limits)->windows[0].reset, Duration{});
    EXPECT_TRUE(go(limits));
}

TEST_F(LedgerTest, the_reserve_is_for_urgent_requests_alone) {
    const Limits limits{.windows = {rolling(10, minutes{1})}, .reserve_percent = 20};
    EXPECT_EQ(count(limits, 20, Class::Backfill), 8);
    EXPECT_TRUE(last_.is_for_others);
    EXPECT_EQ(last_.because, "10 per minute, of which the rest is kept for urgent requests");
    EXPECT_EQ(count(limits, 1, Class::Risk), 1);
    EXPECT_EQ(count(limits, 5, Class::Execution), 1);
}

TEST_F(LedgerTest, windows_of_less_than_five_have_no_reserve) {
    EXPECT_EQ(count({.windows = {rolling(4, minutes{1})}, .reserve_percent = 50}, 9, Class::Backfill), 4);
    Ledger other = Ledger::in_memory(time_);
    std::swap(ledger_, other);
    EXPECT_EQ(count({.windows = {rolling(5, minutes{1})}, .reserve_percent = 50}, 9, Class::Backfill), 3);
}

TEST_F(LedgerTest, of_ten_admissions_one_belongs_to_the_others_if_they_wait) {
    const Limits limits{.windows = {rolling(1000, minutes{1})}, .reserve_percent = 20};
    EXPECT_EQ(count(limits, 30, Class::Execution), 30) << "nobody waits";
    ledger_.wait_for_turn(milliseconds{100});
    EXPECT_FALSE(go(limits, Class::Execution));
    EXPECT_EQ(last_.because, "the turn of less urgent requests");
    EXPECT_EQ(last_.wait, milliseconds{10});
    EXPECT_TRUE(go(limits, Class::Backfill));
    EXPECT_EQ(count(limits, 30, Class::Execution), 9);
    time_.advance(milliseconds{100});
    EXPECT_EQ(count(limits, 30, Class::Execution), 30) << "who does not come is not waited for";
}

TEST_F(LedgerTest, a_pause_stops_everybody_until_it_is_over) {
    const Limits limits{.windows = {rolling(10, seconds{1})}};
    ledger_.pause(seconds{30}, "slow down");
    ledger_.pause(seconds{10}, "shorter");
    EXPECT_FALSE(go(limits, Class::Execution));
    EXPECT_EQ(last_.wait, seconds{30});
    EXPECT_EQ(last_.because, "the provider asked for a pause: slow down");
    EXPECT_EQ(ledger_.usage(limits)->paused, seconds{30});
    EXPECT_EQ(ledger_.usage(limits)->pause_reason, "slow down");
    ledger_.resume();
    EXPECT_TRUE(go(limits));
    EXPECT_FALSE(ledger_.usage(limits)->paused.has_value());
}

TEST_F(LedgerTest, a_reason_that_is_too_long_is_cut) {
    ledger_.pause(seconds{1}, std::string(limits::kReasonBytes, 'a'));
    EXPECT_EQ(ledger_.usage({})->pause_reason, std::string(limits::kReasonBytes, 'a'));
    time_.advance(seconds{1});
    ledger_.pause(seconds{1}, std::string(limits::kReasonBytes + 1, 'b'));
    EXPECT_EQ(ledger_.usage({})->pause_reason, std::string(limits::kReasonBytes - 3, 'b') + "…");
}

TEST_F(LedgerTest, a_reason_that_is_too_long_is_cut_behind_a_word_and_never_inside_a_character) {
    const std::string words(limits::kReasonBytes - 10, 'w');
    ledger_.pause(seconds{1}, words + " and everything else");
    EXPECT_EQ(ledger_.usage({})->pause_reason, words + " and…");
    time_.advance(seconds{2});
    ledger_.pause(seconds{1}, "ü" + words + "ÄÖÜÄÖÜÄÖÜÄÖÜ");
    EXPECT_EQ(ledger_.usage({})->pause_reason, "ü" + words + "ÄÖ…");
}

TEST_F(LedgerTest, the_provider_may_lower_our_count_and_never_raise_it) {
    const Limits limits{.windows = {rolling(10, minutes{1})}};
    EXPECT_EQ(count(limits, 4), 4);
    ledger_.observe_remaining(minutes{1}, 8, seconds{30}, limits);
    EXPECT_FALSE(ledger_.usage(limits)->windows[0].from_provider);
    ledger_.observe_remaining(minutes{1}, 2, seconds{30}, limits);
    EXPECT_TRUE(ledger_.usage(limits)->windows[0].from_provider);
    EXPECT_EQ(ledger_.usage(limits)->windows[0].remaining, 2);
    ledger_.observe_remaining(minutes{1}, 5, seconds{30}, limits);
    EXPECT_EQ(count(limits, 9), 2);
    EXPECT_EQ(last_.wait, seconds{30});
    EXPECT_EQ(last_.because, "the provider says that nothing is left");
    time_.advance(seconds{30});
    EXPECT_EQ(count(limits, 9), 4);
}

TEST_F(LedgerTest, senseless_headers_are_bounded) {
    const Limits limits{.windows = {rolling(10, minutes{1})}};
    ledger_.observe_remaining(minutes{1}, -5, days{9999}, limits);
    EXPECT_FALSE(go(limits));
    EXPECT_EQ(last_.wait, minutes{1});
    ledger_.observe_remaining(Duration{-1}, 0, seconds{1}, limits);
    ledger_.observe_remaining(minutes{1}, 0, Duration{-1}, limits);
    time_.advance(minutes{1});
    EXPECT_TRUE(go(limits));
}

TEST_F(LedgerTest, a_forecast_charges_nothing_and_counts_who_goes_first) {
    const Limits limits{.windows = {rolling(2, seconds{10})}};
    EXPECT_EQ(ledger_.forecast(limits, Class::Signal, 1)->wait, Duration::zero());
    EXPECT_TRUE(go(limits));
    time_.advance(seconds{4});
    EXPECT_EQ(ledger_.forecast(limits, Class::Signal, 1)->wait, Duration::zero());
    EXPECT_EQ(ledger_.forecast(limits, Class::Signal, 1, 1)->wait, seconds{6});
    EXPECT_EQ(count(limits, 2), 1);
}

struct Bound {
    const char* name;
    Limits limits;
    std::int64_t cost;
    bool is_possible;
};

TEST_F(LedgerTest, limits_are_checked_on_both_sides) {
    const auto with = [](Window window) { return Limits{.windows = {std::move(window)}}; };
    const auto paced = [](Pacing pacing) { return Limits{.pacing = pacing}; };
    const std::vector<Bound> bounds{
        {"cost", {}, limits::kCost, true},
        {"cost", {}, limits::kCost + 1, false},
        {"cost", {}, 0, false},
        {"windows", {.windows = std::vector(limits::kWindows, rolling(1, seconds{1}))}, 1, true},
        {"windows", {.windows = std::vector(limits::kWindows + 1, rolling(1, seconds{1}))}, 1, false},
        {"requests", with(rolling(limits::kRequests, seconds{1})), 1, true},
        {"requests", with(rolling(limits::kRequests + 1, seconds{1})), 1, false},
        {"requests", with(rolling(0, seconds{1})), 1, false},
        {"per", with(rolling(1, limits::kPerMin)), 1, true},
        {"per", with(rolling(1, limits::kPerMin - Duration{1})), 1, false},
        {"per", with(rolling(1, limits::kPerMax)), 1, true},
        {"per", with(rolling(1, limits::kPerMax + Duration{1})), 1, false},
        {"reserve", {.reserve_percent = limits::kReservePercent}, 1, true},
        {"reserve", {.reserve_percent = limits::kReservePercent + 1}, 1, false},
        {"reserve", {.reserve_percent = -1}, 1, false},
        {"guard", {.windows = {{.requests = 1, .per = seconds{1}, .guard = limits::kGuardMax}}}, 1, true},
        {"guard",
         {.windows = {{.requests = 1, .per = seconds{1}, .guard = limits::kGuardMax + Duration{1}}}},
         1,
         false},
        {"guard", {.windows = {{.requests = 1, .per = seconds{1}, .guard = Duration{-1}}}}, 1, false},
        {"burst", paced({.requests = 1, .per = seconds{1}, .burst = limits::kRequests}), 1, true},
        {"burst", paced({.requests = 1, .per = seconds{1}, .burst = limits::kRequests + 1}), 1, false},
        {"burst", paced({.requests = 1, .per = seconds{1}, .burst = 0}), 1, false},
        {"rate", paced({.requests = limits::kRequests, .per = limits::kPerMax, .burst = limits::kRequests}),
         1, true},
        {"rate", paced({.requests = limits::kRequests + 1, .per = seconds{1}}), 1, false},
        {"rate", paced({.adaptive = true}), 1, false},
        {"zone",
         with({.requests = 1, .per = days{1}, .kind = WindowKind::Calendar, .zone = "America/New_York"}), 1,
         true},
        {"zone", with({.requests = 1, .per = days{1}, .kind = WindowKind::Calendar, .zone = "Mars/Olympus"}),
         1, false},
    };
    for (const Bound& bound : bounds) {
        Ledger ledger = Ledger::in_memory(time_);
        EXPECT_EQ(ledger.acquire(bound.limits, Class::Risk, bound.cost).has_value(), bound.is_possible)
            << bound.name;
    }
}

TEST_F(LedgerTest, slow_and_huge_pacings_do_not_overflow) {
    const Limits slow{
        .pacing = {.requests = 1, .per = limits::kPerMax, .burst = limits::kRequests, .adaptive = true}};
    ledger_.pause(Duration::zero(), "");
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(go(slow, Class::Signal, limits::kCost));
    }
    const Limits tight{.pacing = {.requests = 1, .per = limits::kPerMax}};
    EXPECT_FALSE(go(tight));
    EXPECT_GT(*last_.wait, limits::kPerMax);
}

}  // namespace
}  // namespace quantconf::quota
