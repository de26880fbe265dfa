// Every recorded answer over a real socket: given out by the simulator, read by the client.

#include <chrono>

#include "support/asking.hpp"
#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

constexpr Provider kNobody{};

Provider provider_named(const Case& one) {
    const auto provider = provider_of(one.provider);
    EXPECT_TRUE(provider.has_value()) << one.provider;
    return provider.value_or(kNobody);
}

class Fixtures : public AtTheSimulator {
protected:
    static const std::vector<Case>& all() {
        static const std::vector<Case> cases = cases_of("fixtures.json");
        return cases;
    }
    /// The next answers of its source.
    static void give(const Case& one) {
        simulator_->fault(one.provider, "fixture", R"("case":)" + json_text(one.name));
    }
    /// As old as the case says that its key is.
    static SecretFacts facts_of(const Case& one) {
        return {.since = SystemClock{}.now() -
                         std::chrono::duration_cast<std::chrono::microseconds>(one.key_age.value())};
    }
};

TEST_F(Fixtures, each_of_them_is_read_for_what_it_is_by_the_client_of_http_and_the_catalogue) {
    ASSERT_GT(all().size(), 100U);
    const SystemClock clock;
    for (const Case& one : all()) {
        const net::Response answer =
            http_->send_and_wait({.url = simulator_->url("/_fixture/" + one.provider + "/" + one.name)});
        const Verdict verdict =
            classify(Catalogue::built_in(), source_named(Catalogue::built_in(), one.provider),
                     {.key_age = one.key_age}, answer, secrets::Redactor{}, clock);

        EXPECT_EQ(answer.status, one.status) << one.provider << ' ' << one.name << answer.problem;
        EXPECT_EQ(answer.body, one.body) << one.provider << ' ' << one.name;
        EXPECT_EQ(name_of_status(verdict.status), name_of_status(one.expected))
            << one.provider << ' ' << one.name << ": " << verdict.reason;
    }
    EXPECT_EQ(simulator_->arrivals().size(), all().size());
}

TEST_F(Fixtures, each_of_them_is_what_a_request_through_the_client_says_and_is_sent_as_often_as_it_says) {
    for (const Case& one : all()) {
        give(one);
        Asking asking{*simulator_, *http_, provider_named(one), facts_of(one)};

        const Answer answer = asking.ask();

        EXPECT_EQ(name_of_status(answer.verdict.status), name_of_status(one.expected))
            << one.provider << ' ' << one.name << ": " << answer.verdict.reason;
        const auto arrivals = simulator_->arrivals();
        const auto sent = std::ranges::count(arrivals, one.provider, &Arrival::source);
        EXPECT_EQ(std::ssize(arrivals), answer.attempts) << one.provider << ' ' << one.name;
        EXPECT_EQ(sent, answer.cost) << one.provider << ' ' << one.name;
        EXPECT_EQ(sent, asking.charged()) << one.provider << ' ' << one.name;
        const bool may_be_repeated = (one.expected == KeyStatus::Unreachable && one.detail != "blocked") ||
                                     one.expected == KeyStatus::RateLimited || one.detail == "token_expired";
        EXPECT_TRUE(sent == 1 || may_be_repeated) << one.provider << ' ' << one.name << ": " << sent;
    }
}

}  // namespace
}  // namespace quantconf::sources::test
