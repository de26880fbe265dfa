#include "sources/key_state.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sources/key_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace test;
using enum KeyStatus;

/// A key, its record and a clock.
class KeyState : public testing::Test {
protected:
    KeyStatus hear(const Verdict& said, Evidence evidence = Evidence::Check) {
        record_ = apply(record_, said, moment_of(timeline_), source_, evidence);
        return record_.status;
    }
    KeyStatus hear(KeyStatus status, Evidence evidence = Evidence::Check) {
        return hear(verdict(status, "because"), evidence);
    }
    KeyStatus hear_after(Duration pause, KeyStatus status) {
        timeline_.advance(pause);
        return hear(status);
    }

    FakeTimeline timeline_;
    Source source_ = polygon();
    KeyRecord record_;
};

/// One line: what was known, what came once, what is known then; twice within 29 s, and at 30 s.
struct Line {
    KeyStatus before;
    KeyStatus heard;
    KeyStatus once;
    KeyStatus soon;
    KeyStatus later;
};

class EveryPair : public testing::TestWithParam<Line> {};

TEST_P(EveryPair, comes_to_what_the_table_says) {
    const Line& line = GetParam();
    FakeTimeline timeline;
    KeyRecord record;
    const auto hear = [&](KeyStatus status) {
        record = apply(record, verdict(status), moment_of(timeline), polygon());
    };
    if (line.before != Unknown) {
        hear(line.before);
    }
    timeline.advance(1h);
    hear(line.heard);
    EXPECT_EQ(record.status, line.once);
    timeline.advance(kConfirmAfter - 1ns);
    hear(line.heard);
    EXPECT_EQ(record.status, line.soon);
    timeline.advance(1ns);
    hear(line.heard);
    EXPECT_EQ(record.status, line.later);
    EXPECT_EQ(record.last_status, line.heard);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EveryPair,
    testing::Values(
        // Bad from the start: at once.
        Line{Unknown, Invalid, Invalid, Invalid, Invalid}, Line{Unknown, Expired, Expired, Expired, Expired},
        Line{Unknown, Valid, Valid, Valid, Valid},
        Line{Unknown, NotEntitled, NotEntitled, NotEntitled, NotEntitled},
        // A good key needs two bad answers 30 s apart.
        Line{Valid, Invalid, Valid, Valid, Invalid}, Line{Valid, Expired, Valid, Valid, Expired},
        Line{Valid, NotEntitled, NotEntitled, NotEntitled, NotEntitled},
        // From bad to anything else, one.
        Line{Invalid, Valid, Valid, Valid, Valid}, Line{Expired, Valid, Valid, Valid, Valid},
        Line{Invalid, Expired, Expired, Expired, Expired}, Line{Expired, Invalid, Invalid, Invalid, Invalid},
        // What says nothing changes nothing.
        Line{Unknown, RateLimited, Unknown, Unknown, Unknown}, Line{Valid, RateLimited, Valid, Valid, Valid},
        Line{Valid, QuotaExhausted, Valid, Valid, Valid}, Line{Valid, Unreachable, Valid, Valid, Valid},
        Line{Valid, Unknown, Valid, Valid, Valid}, Line{Invalid, Unreachable, Invalid, Invalid, Invalid},
        Line{Expired, RateLimited, Expired, Expired, Expired},
        Line{NotEntitled, Unknown, NotEntitled, NotEntitled, NotEntitled}));

TEST_F(KeyState, a_plan_that_was_good_once_is_not_called_bad_by_one_answer_either) {
    hear(Valid);
    hear_after(1h, NotEntitled);
    EXPECT_EQ(hear_after(1h, Invalid), NotEntitled);
    EXPECT_EQ(hear_after(30s, Invalid), Invalid);
}

TEST_F(KeyState, bad_answers_count_from_the_last_one_that_counted) {
    hear(Valid);
    hear_after(1h, Invalid);
    for (int i = 0; i < 29; ++i) {
        EXPECT_EQ(hear_after(1s, Invalid), Valid);
    }
    EXPECT_EQ(hear_after(1s, Invalid), Invalid);
}

TEST_F(KeyState, a_good_answer_in_between_ends_the_doubt) {
    hear(Valid);
    hear_after(1h, Invalid);
    hear_after(31s, Valid);
    EXPECT_EQ(hear_after(31s, Invalid), Valid);
    EXPECT_EQ(hear_after(31s, Invalid), Invalid);
}

TEST_F(KeyState, silence_in_between_neither_confirms_nor_ends_a_doubt) {
    hear(Valid);
    hear_after(1h, Invalid);
    hear_after(31s, Unreachable);
    hear_after(31s, RateLimited);
    EXPECT_EQ(record_.doubts, 1);
    EXPECT_EQ(hear_after(1s, Expired), Expired);
}

TEST_F(KeyState, a_source_decides_how_many_bad_answers_it_takes) {
    source_.confirmations = 3;
    hear(Valid);
    hear_after(1h, Invalid);
    EXPECT_EQ(hear_after(30s, Invalid), Valid);
    EXPECT_EQ(hear_after(30s, Invalid), Invalid);
    source_.confirmations = 1;
    hear(Valid);
    EXPECT_EQ(hear(Invalid), Invalid);
}

TEST_F(KeyState, a_wall_that_jumps_forward_confirms_nothing) {
    hear(Valid);
    hear_after(1h, Invalid);
    timeline_.now += 24h;
    EXPECT_EQ(hear_after(1s, Invalid), Valid);
    EXPECT_EQ(hear_after(29s, Invalid), Invalid);
}

TEST_F(KeyState, a_wall_that_jumps_back_delays_nothing) {
    hear(Valid);
    hear_after(1h, Invalid);
    timeline_.now -= 24h;
    EXPECT_EQ(hear_after(30s, Invalid), Invalid);
}

TEST_F(KeyState, after_a_boot_the_wall_decides) {
    hear(Valid);
    hear_after(1h, Invalid);
    timeline_.reboot("boot-b", timeline_.now + 29s);
    EXPECT_EQ(hear(Invalid), Valid);
    EXPECT_EQ(hear_after(1s, Invalid), Invalid);
}

TEST_F(KeyState, after_a_boot_with_an_earlier_wall_the_30_s_begin_anew) {
    hear(Valid);
    hear_after(1h, Invalid);
    timeline_.reboot("boot-b", timeline_.now - 24h);
    EXPECT_EQ(hear(Invalid), Valid);
    EXPECT_EQ(hear_after(29s, Invalid), Valid);
    EXPECT_EQ(hear_after(1s, Invalid), Invalid);
}

TEST_F(KeyState, since_is_the_change_and_confirmed_the_last_word) {
    hear(Valid);
    const Time first = timeline_.now;
    hear_after(1h, Valid);
    EXPECT_EQ(record_.since, first);
    EXPECT_EQ(record_.confirmed->wall, first + 1h);
    hear_after(1h, Unreachable);
    EXPECT_EQ(record_.confirmed->wall, first + 1h);
    EXPECT_EQ(record_.attempted->wall, first + 2h);
    EXPECT_EQ(record_.failures, 1);
    hear_after(1h, Valid);
    EXPECT_EQ(record_.failures, 0);
}

TEST_F(KeyState, a_request_that_succeeds_counts_as_a_check) {
    EXPECT_EQ(hear(Valid, Evidence::Traffic), Valid);
    EXPECT_TRUE(record_.attempted);
}

TEST_F(KeyState, a_request_that_succeeds_proves_nothing_where_any_key_is_accepted) {
    source_ = Catalogue::built_in().at(quantbot::Provider::AlphaVantage);
    ASSERT_FALSE(source_.proves_validity);
    EXPECT_EQ(hear(Valid, Evidence::Traffic), Unknown);
    EXPECT_FALSE(record_.attempted);
    Verdict empty = verdict(Valid);
    empty.detail = "no_data";
    EXPECT_EQ(hear(empty), Unknown);
    EXPECT_EQ(hear(Valid), Valid);
}

TEST_F(KeyState, an_ordinary_request_can_raise_a_doubt_but_not_judge_the_plan) {
    hear(Valid);
    timeline_.advance(1h);
    hear(NotEntitled, Evidence::Traffic);
    EXPECT_EQ(record_.status, Valid);
    hear(Invalid, Evidence::Traffic);
    EXPECT_EQ(record_.doubts, 1);
    EXPECT_EQ(hear_after(30s, Invalid), Invalid);
}

TEST_F(KeyState, how_well_a_source_answers_is_not_a_matter_of_the_key) {
    hear(Valid);
    const KeyRecord before = record_;
    timeline_.advance(1h);
    for (const KeyStatus status : {RateLimited, QuotaExhausted, Unreachable, Unknown}) {
        hear(status, Evidence::Traffic);
        EXPECT_EQ(record_, before);
    }
}

TEST_F(KeyState, traffic_is_written_down_when_it_is_news) {
    const auto news = [&](KeyStatus status) {
        return is_news(record_, verdict(status), moment_of(timeline_), source_, Evidence::Traffic);
    };
    EXPECT_TRUE(news(Valid));
    hear(Valid);
    timeline_.advance(10min - 1ns);
    EXPECT_FALSE(news(Valid));
    EXPECT_FALSE(news(Unreachable));
    EXPECT_TRUE(news(Invalid));
    timeline_.advance(1ns);
    EXPECT_TRUE(news(Valid));
    hear(Invalid, Evidence::Traffic);
    EXPECT_FALSE(news(Invalid));
    EXPECT_TRUE(news(Valid));
    timeline_.advance(30s);
    EXPECT_TRUE(news(Invalid));
    EXPECT_TRUE(is_news(record_, verdict(Unknown), moment_of(timeline_), source_, Evidence::Check));
}

TEST_F(KeyState, a_report_shows_the_definite_verdict_beside_the_last_attempt) {
    hear(RateLimited);
    KeyReport report = report_of(record_, timeline_.now);
    EXPECT_EQ(report.status, RateLimited);  // Nothing definite yet.
    EXPECT_FALSE(report.checked_at);
    hear_after(1h, Valid);
    hear_after(1h, Unreachable);
    report = report_of(record_, timeline_.now);
    EXPECT_EQ(report.status, Valid);
    EXPECT_EQ(report.last_status, Unreachable);
    EXPECT_EQ(report.checked_at, timeline_.now - 1h);
    EXPECT_EQ(report.last_attempt, timeline_.now);
    EXPECT_FALSE(report.is_confirming);
    hear_after(1h, Invalid);
    EXPECT_TRUE(report_of(record_, timeline_.now).is_confirming);
}

TEST_F(KeyState, what_is_left_is_shown_until_it_is_full_again) {
    Verdict said = verdict(Valid);
    said.remaining = 0;
    said.reset = 60s;
    hear(said);
    hear_after(59s, Unreachable);  // Without headers: the older word holds.
    EXPECT_EQ(report_of(record_, timeline_.now).remaining, 0);
    timeline_.advance(1s);
    EXPECT_FALSE(report_of(record_, timeline_.now).remaining);
    EXPECT_FALSE(report_of(record_, timeline_.now).reset);
}

/// Random stories, told twice: to apply() and to a model that remembers everything.
class Story : public testing::TestWithParam<unsigned> {};

TEST_P(Story, ends_as_a_model_says_whatever_the_wall_does) {
    std::mt19937 random{GetParam()};
    const auto pick = [&](int below) { return std::uniform_int_distribution{0, below - 1}(random); };
    FakeTimeline timeline;
    KeyRecord record;
    KeyStatus known = Unknown;
    bool was_valid = false;
    std::vector<Duration> hits;  // Bad answers that counted, since the key was last good.
    for (int step = 0; step < 200; ++step) {
        timeline.advance(std::chrono::seconds{pick(45)});
        if (pick(10) == 0) {
            timeline.now += std::chrono::hours{pick(100) - 50};
        }
        const KeyStatus heard = kAllStatuses[pick(8)];
        const KeyRecord before = record;
        record = apply(record, verdict(heard), moment_of(timeline), polygon());

        if (heard == Invalid || heard == Expired) {
            const bool is_good = was_valid && (known == Valid || known == NotEntitled);
            if (is_good && (hits.empty() || timeline.uptime - hits.back() >= 30s)) {
                hits.push_back(timeline.uptime);
            }
            if (!is_good || hits.size() >= 2) {
                known = heard;
                hits.clear();
            }
        } else if (heard == Valid || heard == NotEntitled) {
            known = heard;
            was_valid = was_valid || heard == Valid;
            hits.clear();
        } else {
            EXPECT_EQ(record.status, before.status);
            EXPECT_EQ(record.since, before.since);
            EXPECT_EQ(record.confirmed, before.confirmed);
            EXPECT_EQ(record.doubted, before.doubted);
        }
        ASSERT_EQ(record.status, known) << "seed " << GetParam() << ", step " << step;
        ASSERT_EQ(record.last_status, heard);
        ASSERT_EQ(record.doubts, static_cast<int>(hits.size()));
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Story, testing::Range(1U, 101U));

}  // namespace
}  // namespace quantconf::sources
