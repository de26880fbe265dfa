#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <gtest/gtest.h>

#include "net/http_client.hpp"
#include "sources/key_check.hpp"
#include "sources/key_testing.hpp"
#include "support/raw_server.hpp"

namespace quantconf::sources {
namespace {

using namespace test;
using quantbot::Provider;

constexpr int kAll = 10;

TEST(KeyChecksOverSockets, all_ten_are_asked_at_the_same_time_and_paid_for) {
    // No request is answered before all have come: one after the other, the test would never end well.
    std::latch all_are_here{kAll};
    std::mutex mutex;
    std::string received;
    net::RawServer server{[&](net::Peer& peer) {
        const std::string request = peer.read_request();
        {
            const std::lock_guard lock{mutex};
            received += request;
        }
        all_are_here.arrive_and_wait();
        peer.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }};
    auto http = net::HttpClient::create();
    ASSERT_TRUE(http) << to_text(http.error());
    const FakeTimeline timeline;
    std::map<Provider, std::shared_ptr<quota::Limiter>> limiters;
    std::vector<KeyToCheck> keys;
    for (const Source& source : Catalogue::built_in().sources()) {
        KeyToCheck key{.source = &source, .fingerprint = source.name};
        key.settings.credentials = {
            .key = Secret::plain("0123456789abcdef0123456789abcdef"),
            .secret = uses_tokens(source) ? Secret::plain("its-other-part") : Secret{}};
        key.settings.endpoint = server.url("/api");
        key.settings.token_endpoint = server.url("/token");
        key.settings.timeout = 20s;
        key.settings.limits = {.windows = {{.requests = 1, .per = 24h}}};
        limiters[source.provider] =
            std::make_shared<quota::Limiter>(quota::Ledger::in_memory(timeline), key.settings.limits);
        keys.push_back(std::move(key));
    }
    LimiterQuota quota{[&](Provider provider) { return limiters.at(provider); }};
    VerdictStore store{{}, timeline};
    const ManualClock clock{timeline.now};
    KeyChecker checker{
        {.send =
             [&](net::Request request, net::HttpClient::Completion done, std::stop_token stop) {
                 http->send(std::move(request), std::move(done), std::move(stop));
             },
         .quota = quota,
         .store = store,
         .classify =
             [&](const Source& source, const Asked& asked, const net::Response& answer) {
                 return classify(Catalogue::built_in(), source, asked, answer, secrets::Redactor{}, clock);
             }},
        Environment::Testing};

    const std::vector<KeyReport> reports = checker.check(keys);

    ASSERT_EQ(reports.size(), static_cast<std::size_t>(kAll));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        EXPECT_EQ(reports[i].status, KeyStatus::Unreachable) << keys[i].source->name << reports[i].reason;
        EXPECT_EQ(reports[i].daily_used, uses_tokens(*keys[i].source) ? 0 : 1) << keys[i].source->name;
    }
    EXPECT_TRUE(received.contains("GET /api?function=MARKET_STATUS&apikey="));
    EXPECT_TRUE(received.contains("POST /token "));

    // The one request of the day is used up: the second time nobody but Reddit's token is asked for.
    const int before = server.connections();
    const KeyReport again = checker.check(std::span{keys}.first(1)).front();
    EXPECT_EQ(again.last_status, KeyStatus::QuotaExhausted) << again.last_reason;
    EXPECT_EQ(server.connections(), before);
}

}  // namespace
}  // namespace quantconf::sources
