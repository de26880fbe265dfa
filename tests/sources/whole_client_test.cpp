// A SourceClient as programs have it, with its files: what hostile providers leave behind, and what is told
// of the file of facts.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/descriptor.hpp"
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
    ConfigManager<quantbot::Config>& manager() { return *manager_; }
    /// Takes over another key of Polygon's, and tells whether that worked.
    [[nodiscard]] bool change_key(const std::string& key) {
        std::ofstream{bot.config() / "testing.yaml"} << "data_sources: {polygon_api_key: " << json_text(key)
                                                     << "}\n";
        return manager().reload().has_value();
    }
    [[nodiscard]] std::set<std::filesystem::path> ledgers() const {
        std::set<std::filesystem::path> found;
        for (const auto& entry : std::filesystem::directory_iterator{bot.quota()}) {
            if (entry.path().extension() == ".ledger") {
                found.insert(entry.path());
            }
        }
        return found;
    }
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
    // So many threads may wait long for a processor; a connection would have been waited for without end.
    EXPECT_LT(std::ranges::max(took), kDeadline + 5s);
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

/// As if a program had been stopped in the middle of opening a ledger: it holds the lock of that file.
TEST_F(WholeClient, a_ledger_that_somebody_holds_up_keeps_nobody_from_other_sources) {
    const std::set<std::filesystem::path> before = ledgers();
    ASSERT_TRUE(change_key("another-polygon-key-1"));
    std::set<std::filesystem::path> added;
    const auto patience = std::chrono::steady_clock::now() + 20s;
    while (added.empty() && std::chrono::steady_clock::now() < patience) {
        std::this_thread::yield();
        std::ranges::set_difference(ledgers(), before, std::inserter(added, added.end()));
    }
    ASSERT_FALSE(added.empty()) << "the new key has no ledger";
    ASSERT_TRUE(change_key(simulator.key("polygon")));
    const std::string lock = added.begin()->string() + ".lock";
    const Descriptor held{::open(lock.c_str(), O_RDWR | O_CLOEXEC)};
    ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);

    std::jthread changing{[&] { EXPECT_TRUE(change_key("another-polygon-key-1")); }};
    Duration longest{};
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < 2s) {
        const auto asked = std::chrono::steady_clock::now();
        EXPECT_TRUE(client().get({.source = Provider::Finnhub, .path = "/quote?symbol=AAPL"}).has_data());
        longest = std::max<Duration>(longest, std::chrono::steady_clock::now() - asked);
    }

    EXPECT_LT(longest, 5s) << "the lock is waited for ten seconds";
    ::flock(held.get(), LOCK_UN);
}

TEST_F(WholeClient, options_out_of_their_bounds_open_no_client) {
    const std::filesystem::path untouched = bot.path() / "no-quota-here";
    const auto opened = SourceClient::open(manager(), {.reserve_percent = -1, .quota_dir = untouched});
    ASSERT_FALSE(opened);
    EXPECT_TRUE(to_text(opened.error()).contains("ClientOptions::reserve_percent"))
        << to_text(opened.error());
    EXPECT_FALSE(std::filesystem::exists(untouched));
}

/// What TSan looks at: the schedule of checks begins while a change of the configuration may wake it.
TEST_F(WholeClient, clients_are_opened_while_the_configuration_changes) {
    std::jthread changing{[&](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
            EXPECT_TRUE(change_key("polygon-key-number-" + std::to_string(i % 3)));
        }
    }};
    for (int i = 0; i < 10; ++i) {
        const auto opened = SourceClient::open(
            manager(), {.check_keys = true, .quota_dir = bot.quota(), .catalogue_file = facts()});
        EXPECT_TRUE(opened) << to_text(opened.error());
    }
}

}  // namespace
}  // namespace quantconf::sources::test
