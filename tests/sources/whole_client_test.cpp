// A SourceClient as programs have it, with its files: what hostile providers leave behind, and what is told
// of the file of facts.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "quantconf/sources.hpp"
#include "support/simulated_bot.hpp"
#include "support/simulator.hpp"

namespace quantconf::sources::test {
namespace {

using namespace std::chrono_literals;

class WholeClient : public testing::Test {
protected:
    void SetUp() override {
        auto manager =
            ConfigManager<quantbot::Config>::open({.environment = "testing", .config_dir = bot.config()});
        ASSERT_TRUE(manager) << to_text(manager.error());
        manager_.emplace(*std::move(manager));
        auto opened = SourceClient::open(*manager_, {.quota_dir = bot.quota(), .catalogue_file = facts()});
        ASSERT_TRUE(opened) << to_text(opened.error());
        client_.emplace(*std::move(opened));
    }

    SourceClient& client() { return *client_; }
    [[nodiscard]] std::filesystem::path facts() const { return bot.path() / "sources.yaml"; }
    void put_facts(const std::string& text) const {
        std::ofstream{facts()} << text;
        ::chmod(facts().c_str(), 0600);
    }
    /// Every byte of every file but the configuration itself.
    [[nodiscard]] std::string everything_kept() const {
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{bot.path()}) {
            if (entry.is_regular_file() && entry.path().parent_path() != bot.config()) {
                std::ifstream file{entry.path(), std::ios::binary};
                all += entry.path().filename().string();
                all.append(std::istreambuf_iterator<char>{file}, {});
            }
        }
        return all;
    }

    Simulator simulator{{"--limit", "polygon=none", "--limit", "finnhub=none", "--limit", "fred=none"}};
    SimulatedBot bot{simulator};

private:
    std::optional<ConfigManager<quantbot::Config>> manager_;
    std::optional<SourceClient> client_;
};

TEST_F(WholeClient, a_key_that_a_provider_prints_stands_in_no_file_and_no_report) {
    const std::vector<std::pair<Provider, std::string>> keys{{Provider::Polygon, simulator.key("polygon")},
                                                             {Provider::Finnhub, simulator.key("finnhub")},
                                                             {Provider::Fred, simulator.key("fred")}};
    std::string told;
    for (const int status : {200, 401, 403, 429, 503}) {
        for (const auto& [provider, key] : keys) {
            const std::string body = R"({"status":"ERROR","error":"Invalid API key )" + key +
                                     R"(, rate limit exceeded for )" + key + R"("})";
            simulator.fault("*", "status",
                            R"("status":)" + std::to_string(status) + R"(,"content_type":"text/)" + key +
                                R"(","body":)" + json_text(body) + R"(,"headers":{"x-key":")" + key +
                                R"("})");
            const Answer answer =
                client().get({.source = provider, .path = "/v1/x", .deadline = 200ms, .stale_if_error = 1h});
            told += answer.verdict.reason + answer.verdict.detail + answer.content_type + '\n';
        }
        for (const KeyReport& report : client().check_keys()) {
            told += report.reason + report.last_reason + report.detail + report.fingerprint + '\n';
        }
    }
    for (const SourceReport& report : client().sources()) {
        told += report.endpoint + report.why_not + report.title + '\n';
    }
    ASSERT_TRUE(told.contains("[redacted]")) << told;
    const std::string kept = everything_kept();
    ASSERT_TRUE(kept.contains(".ledger") && kept.contains("state.db")) << "the files have other names";
    for (const auto& [provider, key] : keys) {
        EXPECT_FALSE(told.contains(key)) << told;
        EXPECT_FALSE(kept.contains(key));
    }
}

TEST_F(WholeClient, a_provider_that_is_silent_keeps_nobody_longer_than_its_deadline) {
    // More than libcurl's usual connections to one host: who waited for one would be late, and so would its
    // request be, after it had been charged.
    constexpr int kCallers = 48;
    constexpr Duration kDeadline = 1s;
    simulator.fault("finnhub", "hang");
    static_cast<void>(simulator.arrivals());
    std::vector<Duration> took(kCallers);
    {
        std::vector<std::jthread> callers;
        for (Duration& mine : took) {
            callers.emplace_back([&] {
                mine = client()
                           .get({.source = Provider::Finnhub,
                                 .path = "/quote?symbol=AAPL",
                                 .deadline = kDeadline,
                                 .max_age = Duration{}})
                           .took;
            });
        }
    }
    EXPECT_LT(std::ranges::max(took), kDeadline + 900ms);
    EXPECT_EQ(std::ssize(simulator.arrivals()), kCallers);
}

TEST_F(WholeClient, a_client_tells_why_the_file_of_facts_is_not_used) {
    EXPECT_EQ(client().catalogue_problem(), "");
    put_facts("sources: {polygon: {titel: Massive}}\n");
    std::string problem;
    for (int i = 0; i < 500 && problem.empty(); ++i) {  // It is looked at once a second.
        std::this_thread::sleep_for(10ms);
        static_cast<void>(client().sources());
        problem = client().catalogue_problem();
    }
    EXPECT_TRUE(problem.contains("sources.yaml:1:")) << problem;
    EXPECT_EQ(client().sources().front().title, "Polygon.io");
}

}  // namespace
}  // namespace quantconf::sources::test
