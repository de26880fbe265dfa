// Requests that are taken back, clients that end, processes that fork.

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/test_memory.hpp"
#include "net/http_client.hpp"
#include "support/raw_server.hpp"

using namespace std::chrono_literals;

namespace quantconf::net {
namespace {

HttpClient client(HttpClientOptions options = {}) {
    return std::move(HttpClient::create(std::move(options)).value());
}

/// Never answers, and says when a request has come.
struct Hanging {
    std::atomic<int> requests = 0;
    RawServer server{[this](Peer& peer) {
        static_cast<void>(peer.read_request());
        ++requests;
        requests.notify_all();
        peer.wait_for_close();
    }};
};

TEST(Cancel, a_request_on_its_way_is_taken_back) {
    Hanging hanging;
    HttpClient http = client();
    std::stop_source stop;
    std::jthread canceller{[&] {
        hanging.requests.wait(0);
        stop.request_stop();
    }};

    const Response answer = http.send_and_wait({.url = hanging.server.url()}, stop.get_token());

    EXPECT_EQ(answer.transport, Transport::Cancelled);
    EXPECT_EQ(answer.problem, "cancelled");
    EXPECT_FALSE(answer.was_not_sent);
    EXPECT_LT(answer.time, 10s);
}

TEST(Cancel, a_request_that_waits_for_a_connection_was_not_sent) {
    Hanging hanging;
    HttpClient http = client({.max_connections = 1});
    http.send({.url = hanging.server.url()}, [](Response) {});
    hanging.requests.wait(0);
    std::stop_source stop;
    std::jthread canceller{[&] { stop.request_stop(); }};

    const Response answer = http.send_and_wait({.url = hanging.server.url()}, stop.get_token());

    EXPECT_EQ(answer.transport, Transport::Cancelled);
    EXPECT_TRUE(answer.was_not_sent);
    EXPECT_EQ(hanging.requests, 1);
}

TEST(Cancel, a_request_that_is_taken_back_before_it_begins_reaches_nobody) {
    Hanging hanging;
    HttpClient http = client();
    std::stop_source stop;
    stop.request_stop();

    const Response answer = http.send_and_wait({.url = hanging.server.url()}, stop.get_token());

    EXPECT_EQ(answer.transport, Transport::Cancelled);
    EXPECT_TRUE(answer.was_not_sent);
    EXPECT_EQ(hanging.server.connections(), 0);
}

TEST(Cancel, to_take_an_answered_request_back_does_nothing) {
    RawServer server{always(kFine)};
    HttpClient http = client();
    std::stop_source stop;

    EXPECT_EQ(http.send_and_wait({.url = server.url()}, stop.get_token()).body, "fine");
    stop.request_stop();
    EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");
}

TEST(Cancel, the_end_of_the_client_ends_every_request_exactly_once) {
    Hanging hanging;
    std::vector<std::atomic<int>> called(20);
    std::atomic<int> not_sent = 0;
    {
        HttpClient http = client({.max_connections = 4});
        for (auto& count : called) {
            http.send({.url = hanging.server.url()}, [&](Response answer) {
                EXPECT_EQ(answer.transport, Transport::Cancelled);
                not_sent += answer.was_not_sent ? 1 : 0;
                ++count;
            });
        }
        for (int seen = hanging.requests; seen < 4; seen = hanging.requests) {
            hanging.requests.wait(seen);
        }
    }
    for (const auto& count : called) {
        EXPECT_EQ(count, 1);
    }
    EXPECT_EQ(not_sent, 16);
}

TEST(Cancel, what_a_completion_sends_while_the_client_ends_is_cancelled_too) {
    Hanging hanging;
    std::atomic<int> called = 0;
    {
        HttpClient http = client();
        http.send({.url = hanging.server.url()}, [&](Response) {
            ++called;
            http.send({.url = hanging.server.url()}, [&](Response second) {
                EXPECT_EQ(second.transport, Transport::Cancelled);
                ++called;
            });
        });
        hanging.requests.wait(0);
    }
    EXPECT_EQ(called, 2);
}

TEST(Cancel, cancelling_and_answering_at_once_calls_back_once) {
    RawServer server{always(kFine)};
    std::vector<std::atomic<int>> called(200);  // They outlive the client: it may still be in notify_one().
    HttpClient http = client();
    for (auto& count : called) {
        std::stop_source stop;
        http.send(
            {.url = server.url()},
            [&count](Response) {
                ++count;
                count.notify_one();
            },
            stop.get_token());
        std::jthread canceller{[&] { stop.request_stop(); }};
        count.wait(0);
    }
    for (const auto& count : called) {
        EXPECT_EQ(count, 1);
    }
}

TEST(Cancel, a_moved_client_goes_on) {
    RawServer server{always(kFine)};
    HttpClient first = client();
    HttpClient second{std::move(first)};

    EXPECT_EQ(second.send_and_wait({.url = server.url()}).body, "fine");
}

TEST(Fork, a_child_neither_uses_nor_closes_the_connections_of_its_parent) {
    RawServer server{always(kFine)};
    std::optional<HttpClient> http{client()};
    ASSERT_EQ(http->send_and_wait({.url = server.url()}).body, "fine");
    const std::string url = server.url();

    EXPECT_TRUE(crypto::in_child([&] {
        const Response answer = http->send_and_wait({.url = url});
        http.reset();
        return answer.transport == Transport::Cancelled && answer.was_not_sent &&
               answer.problem == "after fork() this client belongs to the parent process";
    }));

    EXPECT_EQ(http->send_and_wait({.url = server.url()}).body, "fine");
    EXPECT_EQ(server.connections(), 1);
}

TEST(Fork, a_child_may_have_a_client_of_its_own) {
    if (crypto::kIsSanitized) {
        GTEST_SKIP() << "ThreadSanitizer allows no threads in a child of a process that has some";
    }
    RawServer server{always(kFine)};
    HttpClient http = client();
    ASSERT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");
    const std::string url = server.url();

    EXPECT_TRUE(crypto::in_child([&] { return client().send_and_wait({.url = url}).body == "fine"; }));
    EXPECT_EQ(server.connections(), 2);
}

TEST(Fork, a_child_may_stop_what_its_parent_has_sent) {
    Hanging hanging;
    std::atomic<int> called = 0;
    HttpClient http = client();
    std::stop_source stop;
    http.send(
        {.url = hanging.server.url()}, [&](Response) { ++called; }, stop.get_token());
    hanging.requests.wait(0);

    EXPECT_TRUE(crypto::in_child([&] {
        stop.request_stop();
        return called == 0;
    }));
    EXPECT_EQ(called, 0);
}

}  // namespace
}  // namespace quantconf::net
