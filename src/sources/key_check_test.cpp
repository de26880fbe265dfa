#include "sources/key_check.hpp"

#include <map>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "sources/key_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace test;
using quantbot::Provider;

const Source& source(Provider provider) {
    return Catalogue::built_in().at(provider);
}

/// Counts what is paid; refuses when told to.
class FakeQuota final : public KeyQuota {
public:
    [[nodiscard]] std::expected<quota::Receipt, Verdict> charge(const Source& of,
                                                                std::int64_t cost) override {
        if (refusal) {
            return std::unexpected{*refusal};
        }
        paid[of.provider] += cost;
        return quota::Receipt{.first = 1, .cost = cost};
    }
    void refund(const Source& of, const quota::Receipt& receipt) override {
        paid[of.provider] -= receipt.cost;
    }
    void heard(const Source& of, const Verdict& verdict) override {
        said.emplace_back(of.provider, verdict.status);
    }
    [[nodiscard]] std::optional<DailyUse> today(const Source&) override { return daily; }

    std::optional<Verdict> refusal;
    std::optional<DailyUse> daily;
    std::map<Provider, std::int64_t> paid;
    std::vector<std::pair<Provider, KeyStatus>> said;
};

/// A network in which the answer to each request is decided by its host.
class KeyChecks : public testing::Test {
protected:
    [[nodiscard]] KeyTools tools() {
        return {.send = [this](net::Request request, net::HttpClient::Completion done,
                               std::stop_token) { send(std::move(request), std::move(done)); },
                .quota = quota_,
                .store = store_,
                .classify =
                    [this](const Source& of, const Asked& asked, const net::Response& answer) {
                        asked_.push_back(asked.is_token_request);
                        return classify(Catalogue::built_in(), of, asked, answer, secrets::Redactor{},
                                        clock_);
                    }};
    }
    void send(net::Request request, net::HttpClient::Completion done) {
        const std::string host = request.url.substr(0, request.url.find('/', 8));
        sent_.push_back(request.url);
        if (holds_back_) {
            held_.push_back({host, std::move(done)});
            return;
        }
        done(answer_of(host));
    }
    [[nodiscard]] net::Response answer_of(const std::string& host) {
        const auto found = answers_.find(host);
        return found == answers_.end() ? net::Response{.transport = net::Transport::Timeout} : found->second;
    }
    [[nodiscard]] static KeyToCheck key(Provider provider, std::string_view text = "some-key-of-mine") {
        KeyToCheck result{.source = &source(provider), .fingerprint = "print"};
        result.settings.credentials.key = Secret::plain(text);
        result.settings.timeout = 30s;
        return result;
    }
    KeyReport check(const KeyToCheck& one) {
        return KeyChecker{tools(), Environment::Production}.check(std::span{&one, 1}).front();
    }
    static net::Response answer(int status, std::string body) {
        return {.status = status,
                .headers = {{.name = "content-type", .value = "application/json"}},
                .body = std::move(body)};
    }

    static constexpr auto kPolygon = "https://api.polygon.io";
    static constexpr auto kGood =
        R"({"market":"open","serverTime":"2026-03-01T10:00:00-05:00","exchanges":{"nyse":"open"}})";
    static constexpr auto kBad = R"({"status":"ERROR","request_id":"1","error":"Unknown API Key"})";

    FakeTimeline timeline_;
    ManualClock clock_{timeline_.now};
    VerdictStore store_{{}, timeline_};
    FakeQuota quota_;
    std::map<std::string, net::Response> answers_;
    std::vector<std::string> sent_;
    std::vector<bool> asked_;
    bool holds_back_ = false;
    std::vector<std::pair<std::string, net::HttpClient::Completion>> held_;
};

TEST_F(KeyChecks, a_good_key_is_valid_and_its_check_is_paid_for) {
    answers_[kPolygon] = answer(200, kGood);
    quota_.daily = DailyUse{.used = 3, .limit = 25};
    const KeyReport report = check(key(Provider::Polygon));
    EXPECT_EQ(report.status, KeyStatus::Valid) << report.reason;
    EXPECT_EQ(report.checked_at, timeline_.now);
    EXPECT_EQ(report.daily_used, 3);
    EXPECT_EQ(report.daily_limit, 25);
    EXPECT_EQ(quota_.paid[Provider::Polygon], 1);
    EXPECT_EQ(store_.find(Provider::Polygon, "print").status, KeyStatus::Valid);
    EXPECT_EQ(quota_.said.front().second, KeyStatus::Valid);
}

TEST_F(KeyChecks, a_bad_one_is_invalid_and_a_good_one_needs_two_answers_for_that) {
    answers_[kPolygon] = answer(401, kBad);
    EXPECT_EQ(check(key(Provider::Polygon)).status, KeyStatus::Invalid);
    answers_[kPolygon] = answer(200, kGood);
    EXPECT_EQ(check(key(Provider::Polygon)).status, KeyStatus::Valid);
    answers_[kPolygon] = answer(401, kBad);
    const KeyReport doubtful = check(key(Provider::Polygon));
    EXPECT_EQ(doubtful.status, KeyStatus::Valid);
    EXPECT_EQ(doubtful.last_status, KeyStatus::Invalid);
    EXPECT_TRUE(doubtful.is_confirming);
    timeline_.advance(30s);
    EXPECT_EQ(check(key(Provider::Polygon)).status, KeyStatus::Invalid);
}

TEST_F(KeyChecks, no_answer_changes_nothing_and_is_paid_for_unless_nothing_left) {
    answers_[kPolygon] = answer(200, kGood);
    check(key(Provider::Polygon));
    answers_[kPolygon] = {.transport = net::Transport::Timeout, .problem = "no answer in 30 s"};
    KeyReport report = check(key(Provider::Polygon));
    EXPECT_EQ(report.status, KeyStatus::Valid);
    EXPECT_EQ(report.last_status, KeyStatus::Unreachable);
    EXPECT_EQ(quota_.paid[Provider::Polygon], 2);
    answers_[kPolygon] = {.transport = net::Transport::NameLookup, .was_not_sent = true};
    report = check(key(Provider::Polygon));
    EXPECT_EQ(report.last_status, KeyStatus::Unreachable);
    EXPECT_EQ(quota_.paid[Provider::Polygon], 2);
}

TEST_F(KeyChecks, what_is_no_key_by_its_looks_is_not_sent) {
    const KeyReport report = check(key(Provider::Polygon, "REPLACE_ME"));
    EXPECT_EQ(report.status, KeyStatus::Invalid);
    EXPECT_EQ(report.detail, "malformed");
    EXPECT_TRUE(sent_.empty());
    EXPECT_TRUE(quota_.paid.empty());
}

TEST_F(KeyChecks, without_quota_nothing_is_sent_and_nothing_is_forgotten) {
    answers_[kPolygon] = answer(200, kGood);
    check(key(Provider::Polygon));
    quota_.refusal = Verdict{.status = KeyStatus::QuotaExhausted, .reason = "25 per day", .wait = 2h};
    const KeyReport report = check(key(Provider::Polygon));
    EXPECT_EQ(report.status, KeyStatus::Valid);
    EXPECT_EQ(report.last_status, KeyStatus::QuotaExhausted);
    EXPECT_EQ(sent_.size(), 1U);
    EXPECT_EQ(quota_.said.size(), 1U);  // Our own refusal is no word of the provider's.
}

TEST_F(KeyChecks, an_unresolved_reference_says_nothing_about_the_key) {
    KeyToCheck one = key(Provider::Polygon);
    one.settings.credentials.key = Secret::reference("SECURE:polygon_key");
    const KeyReport report = check(one);
    EXPECT_EQ(report.status, KeyStatus::Unknown);
    EXPECT_EQ(report.detail, "not_resolved");
    EXPECT_TRUE(sent_.empty());
}

TEST_F(KeyChecks, a_key_that_may_not_go_there_is_not_called_bad) {
    KeyToCheck one = key(Provider::Polygon);
    one.settings.endpoint = "https://evil.example";
    const KeyReport report = check(one);
    EXPECT_EQ(report.status, KeyStatus::Unknown);
    EXPECT_TRUE(report.reason.contains("evil.example")) << report.reason;
    EXPECT_TRUE(sent_.empty());
    EXPECT_TRUE(quota_.paid.empty());
}

TEST_F(KeyChecks, a_client_is_checked_by_its_token_which_costs_nothing) {
    KeyToCheck one = key(Provider::Reddit, "id");
    one.settings.credentials.secret = Secret::plain("other-part");
    answers_["https://www.reddit.com"] =
        answer(200, R"({"access_token":"t","token_type":"bearer","expires_in":3600,"scope":"*"})");
    EXPECT_EQ(check(one).status, KeyStatus::Valid);
    EXPECT_EQ(asked_, std::vector{true});
    EXPECT_TRUE(quota_.paid.empty());

    one.settings.credentials.secret = {};
    EXPECT_EQ(check(one).last_status, KeyStatus::Invalid);
    EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(KeyChecks, a_source_without_a_key_is_asked_without_one_or_not_at_all) {
    KeyToCheck anonymous{.source = &source(Provider::StockTwits)};
    EXPECT_TRUE(can_be_checked(*anonymous.source, {}));
    EXPECT_EQ(check(anonymous).status, KeyStatus::Unreachable);
    EXPECT_EQ(sent_.size(), 1U);

    const KeyToCheck none{.source = &source(Provider::Fred)};
    EXPECT_FALSE(can_be_checked(*none.source, {}));
    EXPECT_EQ(check(none).status, KeyStatus::Unknown);
    EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(KeyChecks, all_are_sent_before_the_first_answer_and_reported_in_their_order) {
    holds_back_ = true;
    answers_[kPolygon] = answer(200, kGood);
    answers_["https://finnhub.io"] = answer(401, R"({"error":"Invalid API key."})");
    std::vector<KeyToCheck> keys{key(Provider::Polygon), key(Provider::Polygon, "REPLACE_ME"),
                                 key(Provider::Finnhub),
                                 key(Provider::Fred, "0123456789abcdef0123456789abcdef")};
    keys[1].fingerprint = "other";
    std::jthread answering;
    KeyTools slow = tools();
    slow.send = [&](net::Request request, net::HttpClient::Completion done, std::stop_token) {
        send(std::move(request), std::move(done));
        if (held_.size() == 3) {  // Only now, and the last one first.
            answering = std::jthread{[this] {
                while (!held_.empty()) {
                    auto [host, completion] = std::move(held_.back());
                    held_.pop_back();
                    completion(answer_of(host));
                }
            }};
        }
    };
    const std::vector<KeyReport> reports = KeyChecker{slow, Environment::Production}.check(keys);
    ASSERT_EQ(reports.size(), 4U);
    EXPECT_EQ(reports[0].status, KeyStatus::Valid);
    EXPECT_EQ(reports[1].status, KeyStatus::Invalid);
    EXPECT_EQ(reports[2].status, KeyStatus::Invalid);
    EXPECT_EQ(reports[2].source, Provider::Finnhub);
    EXPECT_EQ(reports[3].status, KeyStatus::Unreachable);
}

TEST_F(KeyChecks, what_was_taken_back_is_not_remembered) {
    answers_[kPolygon] = answer(200, kGood);
    check(key(Provider::Polygon));
    timeline_.advance(1h);
    answers_[kPolygon] = {.transport = net::Transport::Cancelled, .was_not_sent = true};
    const KeyReport report = check(key(Provider::Polygon));
    EXPECT_EQ(report.status, KeyStatus::Valid);
    EXPECT_EQ(report.last_attempt, timeline_.now - 1h);
    EXPECT_EQ(quota_.paid[Provider::Polygon], 1);
    EXPECT_EQ(store_.find(Provider::Polygon, "print").failures, 0);
}

TEST_F(KeyChecks, no_key_no_question) {
    EXPECT_TRUE(KeyChecker(tools(), Environment::Production).check({}).empty());
}

TEST_F(KeyChecks, a_key_that_is_not_to_be_remembered_is_not) {
    answers_[kPolygon] = answer(200, kGood);
    KeyToCheck one = key(Provider::Polygon);
    one.fingerprint.clear();
    EXPECT_EQ(check(one).status, KeyStatus::Valid);
    EXPECT_EQ(store_.find(Provider::Polygon, "").status, KeyStatus::Unknown);
}

TEST_F(KeyChecks, the_end_of_a_key_stands_in_its_report) {
    KeyToCheck one = key(Provider::Polygon);
    one.expires = timeline_.now + 24h;
    EXPECT_EQ(check(one).expires, one.expires);
}

TEST(KeyQuotaVerdict, long_windows_are_quotas_and_short_ones_are_rates) {
    const auto status = [](Duration wait, Duration per, std::int64_t remaining) {
        quota::Usage usage;
        usage.windows.push_back({.window = {.requests = 25, .per = per}, .remaining = remaining});
        return verdict_of({.wait = wait, .because = "a window"}, usage, 1).status;
    };
    EXPECT_EQ(status(1s, 24h, 0), KeyStatus::QuotaExhausted);
    EXPECT_EQ(status(1s, 12h, 0), KeyStatus::QuotaExhausted);
    EXPECT_EQ(status(1s, 12h - 1ns, 0), KeyStatus::RateLimited);
    EXPECT_EQ(status(1s, 24h, 1), KeyStatus::RateLimited);
    EXPECT_EQ(status(1h, 1min, 0), KeyStatus::QuotaExhausted);
    EXPECT_EQ(status(1h - 1ns, 1min, 0), KeyStatus::RateLimited);
    const Verdict never = verdict_of({.wait = {}, .because = "it costs too much"}, {}, 1);
    EXPECT_EQ(never.status, KeyStatus::QuotaExhausted);
    EXPECT_EQ(never.reason, "not asked: it costs too much");
    EXPECT_EQ(verdict_of({.wait = 90s, .because = "5 per minute"}, {}, 1).reason,
              "not asked: 5 per minute; possible again in 90 s");
}

TEST(KeyQuotaVerdict, the_use_of_a_day_is_that_of_its_window) {
    quota::Usage usage;
    EXPECT_FALSE(daily_use_of(usage));
    usage.windows.push_back({.window = {.requests = 5, .per = 60s}, .used = 1});
    usage.windows.push_back({.window = {.requests = 25, .per = 24h}, .used = 7});
    ASSERT_TRUE(daily_use_of(usage));
    EXPECT_EQ(daily_use_of(usage)->used, 7);
    EXPECT_EQ(daily_use_of(usage)->limit, 25);
}

}  // namespace
}  // namespace quantconf::sources
