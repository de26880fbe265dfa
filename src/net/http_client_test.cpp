#include "net/http_client.hpp"

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "quantconf/version.hpp"
#include "support/raw_server.hpp"

using namespace std::chrono_literals;

namespace quantconf::net {
namespace {

HttpClient client(HttpClientOptions options = {}) {
    return std::move(HttpClient::create(std::move(options)).value());
}

/// Answers every request with itself.
void echo(Peer& peer) {
    for (std::string request = peer.read_request(); !request.empty(); request = peer.read_request()) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(request.size()) + "\r\n\r\n" +
                   request);
    }
}

TEST(HttpClient, gives_the_answer_as_it_came) {
    RawServer server{once("HTTP/1.1 429 Too Many\r\nRetry-After: 5\r\nX-A: 1\r\nX-A: 2\r\n\r\nslow down")};

    const Response answer = client().send_and_wait({.url = server.url()});

    EXPECT_EQ(answer.transport, Transport::Ok);
    EXPECT_EQ(answer.problem, "");
    EXPECT_FALSE(answer.was_not_sent);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.headers, (std::vector<Header>{{"retry-after", "5"}, {"x-a", "1"}, {"x-a", "2"}}));
    EXPECT_EQ(answer.header("x-a"), "1");
    EXPECT_EQ(answer.header("x-b"), "");
    EXPECT_EQ(answer.body, "slow down");
    EXPECT_GT(answer.time, 0s);
}

TEST(HttpClient, sends_what_was_asked_for_and_nothing_more) {
    RawServer server{echo};
    const std::string host = "127.0.0.1:" + std::to_string(server.port());

    const Response answer = client().send_and_wait(
        {.url = server.url("/v1/a%20b?c=d"),
         .headers = {{"accept", "application/json"}, {"x-empty", ""}},
         .secret_headers = {{.name = "Authorization", .before = "Bearer ", .secret = Secret::plain("k/1")}},
         .secret_parameters = {{.name = "apikey", .secret = Secret::plain("k/2")}}});

    EXPECT_EQ(answer.body,
              "GET /v1/a%20b?c=d&apikey=k%2F2 HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: quantconf/" +
                  kVersion +
                  "\r\nAccept-Encoding: gzip, deflate\r\naccept: application/json\r\nx-empty:\r\n"
                  "Authorization: Bearer k/1\r\n\r\n");
}

TEST(HttpClient, posts_its_body_at_once) {
    RawServer server{echo};
    const std::string body(3'000, 'x');  // libcurl would ask for permission first from 1 MB on.
    const std::string large(2'000'000, 'x');

    HttpClient http = client({.user_agent = "bot/1"});
    const Response answer =
        http.send_and_wait({.method = Method::Post,
                            .url = server.url(),
                            .headers = {{"content-type", "text/plain"}},
                            .basic = {.user = Secret::plain("u"), .password = Secret::plain("p")},
                            .body = body});
    const Response second = http.send_and_wait({.method = Method::Post, .url = server.url(), .body = large});

    EXPECT_TRUE(answer.body.starts_with("POST / HTTP/1.1\r\n")) << answer.body;
    EXPECT_TRUE(answer.body.contains("\r\nUser-Agent: bot/1\r\n"));
    EXPECT_TRUE(answer.body.contains("\r\ncontent-type: text/plain\r\n"));
    EXPECT_TRUE(answer.body.contains("\r\nAuthorization: Basic dTpw\r\n"));
    EXPECT_TRUE(answer.body.ends_with("\r\n\r\n" + body));
    EXPECT_FALSE(second.body.contains("100-continue"));
    EXPECT_TRUE(second.body.ends_with(large));
}

TEST(HttpClient, keeps_connections) {
    RawServer server{always(kFine)};
    HttpClient http = client();

    for (int i = 0; i != 5; ++i) {
        EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");
    }

    EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, a_kept_connection_that_was_closed_meanwhile_is_replaced) {
    std::atomic<int> closed = 0;
    RawServer server{[&](Peer& peer) {
        static_cast<void>(peer.read_request());
        peer.write(kFine);
        peer.end_writing();
        ++closed;
        closed.notify_one();
        peer.wait_for_close();
    }};
    HttpClient http = client();
    EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");
    closed.wait(0);

    EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");
    EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClient, a_request_is_on_the_wire_at_most_once) {
    for (const Method method : {Method::Get, Method::Post}) {
        std::atomic<int> requests = 0;
        RawServer server{[&](Peer& peer) {
            for (bool is_first = true; !peer.read_request().empty(); is_first = false) {
                ++requests;
                if (!is_first) {
                    return;  // It has arrived, and the connection ends without a word.
                }
                peer.write(kFine);
            }
        }};
        HttpClient http = client();
        ASSERT_EQ(http.send_and_wait({.method = method, .url = server.url()}).body, "fine");

        const Response answer = http.send_and_wait({.method = method, .url = server.url()});

        EXPECT_EQ(answer.transport, Transport::Interrupted);
        EXPECT_FALSE(answer.was_not_sent);
        EXPECT_EQ(answer.problem, "the connection was closed before an answer came");
        EXPECT_EQ(requests, 2);
        EXPECT_EQ(http.send_and_wait({.method = method, .url = server.url()}).body, "fine");
    }
}

TEST(HttpClient, reaches_localhost_by_name) {
    RawServer server{always(kFine)};
    HttpClient http = client();

    EXPECT_EQ(http.send_and_wait({.url = "http://localhost:" + std::to_string(server.port())}).body, "fine");
    EXPECT_EQ(http.send_and_wait({.url = "http://LOCALHOST:" + std::to_string(server.port())}).body, "fine");
}

TEST(HttpClient, what_cannot_be_asked_is_refused_before_anything_is_sent) {
    HttpClient http = client();
    for (const char* url : {"", "ftp://127.0.0.1/", "http://192.0.2.1/", "http://example.invalid/",
                            "https://user:Zq9-canary@example.invalid/", "http://0127.0.0.1/"}) {
        const Response answer = http.send_and_wait({.url = url});
        EXPECT_EQ(answer.transport, Transport::BadUrl) << url;
        EXPECT_TRUE(answer.was_not_sent) << url;
        EXPECT_NE(answer.problem, "") << url;
        EXPECT_FALSE(answer.problem.contains("canary")) << answer.problem;
    }
    RawServer server{always(kFine)};
    EXPECT_EQ(http.send_and_wait({.url = server.url(), .headers = {{"x", "a\nb"}}}).transport,
              Transport::BadUrl);
    EXPECT_EQ(http.send_and_wait({.url = server.url(), .timeout = 0ms}).transport, Transport::Timeout);
    EXPECT_EQ(http.send_and_wait({.url = server.url(), .connect_timeout = -1ms}).transport,
              Transport::Timeout);
    EXPECT_EQ(server.connections(), 0);
}

TEST(HttpClient, without_a_server_nothing_was_sent) {
    std::string url;
    {
        RawServer server{always(kFine)};
        url = server.url();
    }
    const Response answer = client().send_and_wait({.url = url});

    EXPECT_EQ(answer.transport, Transport::Connect);
    EXPECT_TRUE(answer.was_not_sent);
    EXPECT_TRUE(answer.problem.starts_with("no connection: ")) << answer.problem;
}

TEST(HttpClient, a_name_that_nobody_knows_is_not_found) {
    const Response answer = client({.proxy = Proxy{}}).send_and_wait({.url = "https://quantconf.invalid/"});

    EXPECT_EQ(answer.transport, Transport::NameLookup) << answer.problem;
    EXPECT_TRUE(answer.was_not_sent);
}

TEST(HttpClient, a_missing_file_of_certificates_is_an_error) {
    const auto made = HttpClient::create({.ca_file = "/nowhere/ca.pem"});

    ASSERT_FALSE(made);
    EXPECT_EQ(to_text(made.error()).substr(0, 35), "cannot read /nowhere/ca.pem: No suc");
}

/// Holds each connection until all that are expected have come, and notes how many there were at once.
struct Crowd {
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;

    void serve(Peer& peer) {
        while (!peer.read_request().empty()) {
            const int count = ++now;
            int seen = most;
            while (count > seen && !most.compare_exchange_weak(seen, count)) {
            }
            static_cast<void>(peer.closes_within(5));
            --now;
            peer.write(kFine);
        }
    }
};

TEST(HttpClient, no_more_connections_than_allowed_and_the_others_wait) {
    for (const auto& [total, per_host] : {std::pair{3U, 16U}, std::pair{64U, 2U}}) {
        Crowd crowd;
        RawServer server{[&](Peer& peer) { crowd.serve(peer); }};
        std::latch done{20};  // Outlives the client, which may still be inside count_down().
        std::atomic<int> fine = 0;
        HttpClient http = client({.max_connections = total, .max_connections_per_host = per_host});

        for (int i = 0; i != 20; ++i) {
            http.send({.url = server.url()}, [&](Response answer) {
                fine += answer.body == "fine" ? 1 : 0;
                done.count_down();
            });
        }
        done.wait();

        EXPECT_EQ(fine, 20);
        EXPECT_EQ(crowd.most, static_cast<int>(std::min(total, per_host)));
        EXPECT_EQ(server.connections(), static_cast<int>(std::min(total, per_host)));
    }
}

TEST(HttpClient, a_host_that_hangs_does_not_stop_the_others) {
    RawServer hanging{[](Peer& peer) { peer.wait_for_close(); }};
    RawServer server{always(kFine)};
    HttpClient http = client({.max_connections_per_host = 2});
    for (int i = 0; i != 10; ++i) {
        http.send({.url = hanging.url()}, [](Response) {});
    }

    EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");
}

TEST(HttpClient, too_many_waiting_requests_are_refused) {
    RawServer hanging{[](Peer& peer) { peer.wait_for_close(); }};
    HttpClient http = client({.max_connections = 1, .max_waiting = 1});
    http.send({.url = hanging.url()}, [](Response) {});
    http.send({.url = hanging.url()}, [](Response) {});

    const Response third = http.send_and_wait({.url = hanging.url()});

    EXPECT_EQ(third.transport, Transport::Cancelled);
    EXPECT_TRUE(third.was_not_sent);
}

TEST(HttpClient, is_used_by_many_threads) {
    RawServer server{always(kFine)};
    HttpClient http = client();
    std::atomic<int> fine = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i != 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n != 25; ++n) {
                    fine += http.send_and_wait({.url = server.url()}).body == "fine" ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(fine, 100);
    EXPECT_LE(server.connections(), 4);
}

TEST(HttpClient, a_completion_may_send_the_next_request) {
    RawServer server{always(kFine)};
    std::latch done{1};
    std::string body;
    HttpClient http = client();

    http.send({.url = server.url()}, [&](Response) {
        http.send({.url = server.url()}, [&](Response second) {
            body = second.body;
            done.count_down();
        });
    });
    done.wait();

    EXPECT_EQ(body, "fine");
}

}  // namespace
}  // namespace quantconf::net
