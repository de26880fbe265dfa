#include <chrono>
#include <memory>

#include <gtest/gtest.h>

#include "quota/manual_timeline.hpp"
#include "sources/catalogue.hpp"
#include "sources/key_quota.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
using quantbot::Provider;

class PaidByLedger : public testing::Test {
protected:
    [[nodiscard]] std::optional<Duration> paused() const {
        return limiter_->ledger().usage(limiter_->limits())->paused;
    }

    quota::ManualTimeline time_;
    std::shared_ptr<quota::Limiter> limiter_ = std::make_shared<quota::Limiter>(
        quota::Ledger::in_memory(time_), quota::Limits{.windows = {{.requests = 5, .per = 1min}}});
    LimiterQuota quota_{[this](Provider) { return limiter_; }};
    const Source& polygon_ = Catalogue::built_in().at(Provider::Polygon);
};

TEST_F(PaidByLedger, a_good_key_lifts_no_pause_that_the_provider_asked_for) {
    limiter_->ledger().pause(90s, "too many requests");

    quota_.heard(polygon_, {.status = KeyStatus::Valid});

    EXPECT_EQ(paused(), 90s);
}

TEST_F(PaidByLedger, a_check_is_not_sent_in_a_pause) {
    limiter_->ledger().pause(90s, "too many requests");
    const auto charged = quota_.charge(polygon_, 1);
    ASSERT_FALSE(charged);
    EXPECT_EQ(charged.error().status, KeyStatus::RateLimited);
}

TEST_F(PaidByLedger, what_a_check_hears_of_limits_and_outages_holds_for_all) {
    quota_.heard(polygon_, {.status = KeyStatus::Unreachable, .wait = 20s});
    EXPECT_EQ(paused(), 20s);
    quota_.heard(polygon_, {.status = KeyStatus::RateLimited, .wait = 40s});
    EXPECT_EQ(paused(), 40s);
}

}  // namespace
}  // namespace quantconf::sources
