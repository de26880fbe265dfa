#include "sources/key_plan.hpp"

#include <gtest/gtest.h>

#include "sources/key_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace test;
using enum KeyStatus;
using Kind = KeyEvent::Kind;

constexpr Duration kInterval = 24h;

class Due : public testing::Test {
protected:
    void hear(KeyStatus status, std::optional<Duration> wait = {}, std::string detail = {}) {
        record_ = apply(record_, {.status = status, .detail = std::move(detail), .wait = wait},
                        moment_of(timeline_), polygon());
    }
    [[nodiscard]] Duration due(double jitter = 0, Duration interval = kInterval) const {
        return due_in(record_, interval, moment_of(timeline_), jitter);
    }

    FakeTimeline timeline_;
    KeyRecord record_;
};

TEST_F(Due, a_new_key_is_due_at_once) {
    EXPECT_EQ(due(1), 0s);
}

TEST_F(Due, a_definite_verdict_holds_for_an_interval) {
    for (const KeyStatus status : {Valid, Invalid, Expired, NotEntitled}) {
        record_ = {};
        hear(status);
        EXPECT_EQ(due(), kInterval);
    }
    timeline_.advance(23h);
    EXPECT_EQ(due(), 1h);
    timeline_.advance(2h);
    EXPECT_EQ(due(), 0s);
}

TEST_F(Due, jitter_adds_up_to_a_tenth) {
    hear(Valid);
    EXPECT_EQ(due(0.5, 10h), 10h + 30min);
    EXPECT_EQ(due(1, 10h), 11h);
    EXPECT_EQ(due(7, 10h), 11h);
}

TEST_F(Due, a_doubt_is_looked_into_after_30_s) {
    hear(Valid);
    timeline_.advance(1h);
    hear(Invalid);
    EXPECT_EQ(due(), 30s);
    EXPECT_GE(due(1), 30s);
}

TEST_F(Due, no_answer_to_a_doubt_does_not_make_it_urgent) {
    hear(Valid);
    timeline_.advance(1h);
    hear(Invalid);
    timeline_.advance(31s);
    hear(Unreachable);
    EXPECT_EQ(due(), 5min);
}

TEST_F(Due, no_answer_is_asked_for_less_and_less_often) {
    const std::vector<Duration> expected{5min, 10min, 20min, 40min, 80min, 160min};
    for (const Duration pause : expected) {
        hear(Unreachable);
        EXPECT_EQ(due(), pause);
        timeline_.advance(1min);
    }
    for (int i = 0; i < 100; ++i) {
        hear(Unknown);
    }
    EXPECT_EQ(due(), kInterval);
    EXPECT_EQ(due(0, 1min), 1min);  // Never less often than the interval.
}

TEST_F(Due, what_is_being_activated_is_asked_after_ten_minutes) {
    hear(Unknown, {}, "pending_activation");
    hear(Unknown, {}, "pending_activation");
    EXPECT_EQ(due(), 10min);
}

TEST_F(Due, nobody_is_asked_while_it_wants_to_be_left_alone) {
    hear(RateLimited, 3h);
    EXPECT_EQ(due(), 3h);
    timeline_.advance(1h);
    EXPECT_EQ(due(), 2h);
    hear(RateLimited, 1s);
    EXPECT_EQ(due(), 10min);
    hear(QuotaExhausted, Duration::max());
    EXPECT_EQ(due(), 24h);
}

TEST_F(Due, clocks_that_jump_neither_hurry_nor_silence) {
    hear(Valid);
    timeline_.now -= 24h * 365;
    EXPECT_EQ(due(), kInterval);
    timeline_.now += 24h * 3650;
    EXPECT_EQ(due(), kInterval);
    timeline_.reboot("boot-b", timeline_.now - 24h * 7300);
    EXPECT_EQ(due(), 0s);
}

class Plan : public testing::Test {
protected:
    KeyLook look() { return plan_.look(keys_, kInterval, moment_of(timeline_)); }
    void hear(std::size_t index, KeyStatus status) {
        keys_[index].record = apply(keys_[index].record, verdict(status), moment_of(timeline_), polygon());
    }
    static std::vector<Kind> kinds(const KeyLook& look) {
        std::vector<Kind> result;
        for (const KeyEvent& event : look.events) {
            result.push_back(event.kind);
        }
        return result;
    }

    FakeTimeline timeline_;
    KeyPlan plan_{[] { return 0.0; }};
    std::vector<PlannedKey> keys_{{.record = {.fingerprint = "a"}}, {.record = {.fingerprint = "b"}}};
};

TEST_F(Plan, all_that_are_due_are_named_and_the_next_one_decides_the_rest) {
    EXPECT_EQ(look().due, (std::vector<std::size_t>{0, 1}));
    hear(0, Valid);
    hear(1, Unreachable);
    const KeyLook next = look();
    EXPECT_TRUE(next.due.empty());
    EXPECT_EQ(next.rest, 5min);
    timeline_.advance(5min);
    EXPECT_EQ(look().due, std::vector<std::size_t>{1});
}

TEST_F(Plan, looks_again_within_an_hour) {
    hear(0, Valid);
    hear(1, Valid);
    EXPECT_EQ(look().rest, kLookAtLeast);
    keys_.clear();
    EXPECT_EQ(look().rest, kLookAtLeast);
}

TEST_F(Plan, a_key_whose_check_left_no_trace_is_not_asked_all_the_time) {
    EXPECT_EQ(look().due.size(), 2U);
    plan_.checked(keys_, moment_of(timeline_));
    KeyLook next = look();
    EXPECT_TRUE(next.due.empty());
    EXPECT_EQ(next.rest, kCheckAtMost);
    timeline_.advance(kCheckAtMost);
    EXPECT_EQ(look().due.size(), 2U);
}

TEST_F(Plan, a_change_is_told_once) {
    EXPECT_TRUE(look().events.empty());
    hear(0, Valid);
    EXPECT_EQ(kinds(look()), std::vector{Kind::VerdictChanged});
    EXPECT_TRUE(look().events.empty());
    hear(0, Unreachable);
    EXPECT_TRUE(look().events.empty());
    hear(0, Invalid);  // Not yet confirmed.
    EXPECT_TRUE(look().events.empty());
    timeline_.advance(30s);
    hear(0, Invalid);
    const KeyLook changed = look();
    ASSERT_EQ(changed.events.size(), 1U);
    EXPECT_EQ(changed.events[0].report.status, Invalid);
    EXPECT_EQ(changed.events[0].report.fingerprint, "a");
    EXPECT_TRUE(look().events.empty());
}

TEST_F(Plan, what_was_good_before_is_no_news_and_what_was_bad_is) {
    hear(0, Valid);
    hear(1, Expired);
    const KeyLook first = look();
    ASSERT_EQ(first.events.size(), 1U);
    EXPECT_EQ(first.events[0].report.status, Expired);
}

TEST_F(Plan, each_stage_of_the_way_to_the_end_is_told_once) {
    hear(0, Valid);
    keys_.pop_back();
    const Time end = timeline_.now + 24h * 15;
    keys_[0].expires = end;
    const auto told_at = [&](Time now) {
        timeline_.now = now;
        const KeyLook seen = look();
        const bool is_told = !seen.events.empty();
        if (is_told) {
            EXPECT_EQ(seen.events[0].report.expires, end);
        }
        EXPECT_TRUE(look().events.empty());
        return is_told ? std::optional{seen.events[0].kind} : std::nullopt;
    };
    EXPECT_EQ(told_at(end - 24h * 14 - 1us), std::nullopt);
    EXPECT_EQ(look().rest, 1us);
    EXPECT_EQ(told_at(end - 24h * 14), Kind::AboutToExpire);
    EXPECT_EQ(told_at(end - 24h * 3 - 1us), std::nullopt);
    EXPECT_EQ(told_at(end - 24h * 3), Kind::AboutToExpire);
    EXPECT_EQ(told_at(end - 24h), Kind::AboutToExpire);
    EXPECT_EQ(told_at(end - 1us), std::nullopt);
    EXPECT_EQ(told_at(end), Kind::HasExpired);
    EXPECT_EQ(told_at(end - 24h), std::nullopt);  // The clock went back: nobody is told twice.
    EXPECT_EQ(told_at(end + 24h * 365), std::nullopt);
}

TEST_F(Plan, who_comes_late_is_told_the_last_stage_alone) {
    hear(0, Valid);
    hear(1, Valid);
    keys_[0].expires = timeline_.now + 1h;
    EXPECT_EQ(kinds(look()), std::vector{Kind::AboutToExpire});
}

TEST_F(Plan, ends_at_the_ends_of_time_are_no_trouble) {
    keys_[0].expires = Time::max();
    keys_[1].expires = Time::min() + std::chrono::days{30};
    EXPECT_EQ(kinds(look()), std::vector{Kind::HasExpired});
}

}  // namespace
}  // namespace quantconf::sources
