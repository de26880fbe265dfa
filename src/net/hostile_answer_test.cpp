// What a server can send instead of an answer. Each ends as a value, in bounded time and memory.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "net/http_client.hpp"
#include "net/limits.hpp"
#include "support/raw_server.hpp"

using namespace std::chrono_literals;

namespace quantconf::net {
namespace {

Response ask(const RawServer& server, std::size_t max_body = 1'000'000,
             std::chrono::milliseconds timeout = 10s) {
    auto client = HttpClient::create();
    return client->send_and_wait({.url = server.url(), .timeout = timeout, .max_body = max_body});
}

Response answer_to(std::string bytes, std::size_t max_body = 1'000'000) {
    RawServer server{once(std::move(bytes))};
    return ask(server, max_body);
}

const std::string kHead = "HTTP/1.1 200 OK\r\n";

void expect_interrupted(const Response& answer) {
    EXPECT_EQ(answer.transport, Transport::Interrupted) << answer.problem;
    EXPECT_FALSE(answer.was_not_sent);
    EXPECT_NE(answer.problem, "");
}

TEST(HostileAnswer, what_is_not_http_is_no_answer) {
    for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n", "<html>HTTP 0.9</html>", "\x16\x03\x01", "HTTP/",
                              "HTTP/1.1\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
                              "HTTP/1.1 99 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", ""}) {
        const Response answer = answer_to(bytes);
        EXPECT_EQ(answer.transport, Transport::Interrupted) << bytes;
        EXPECT_EQ(answer.body, "") << bytes;
    }
}

TEST(HostileAnswer, a_connection_that_ends_early_gives_what_had_come) {
    expect_interrupted(answer_to(kHead + "Content-"));

    const Response answer = answer_to(kHead + "A: 1\r\nContent-Length: 10\r\n\r\n12345");
    expect_interrupted(answer);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("a"), "1");
    EXPECT_EQ(answer.body, "12345");
}

TEST(HostileAnswer, half_closed_and_reset_connections_are_interruptions) {
    RawServer half_closed{[](Peer& peer) {
        peer.end_writing();
        peer.wait_for_close();
    }};
    expect_interrupted(ask(half_closed));
    RawServer reset{[](Peer& peer) {
        static_cast<void>(peer.read_request());
        peer.write(kHead + "Content-Length: 10\r\n\r\n1");
        peer.reset();
    }};
    expect_interrupted(ask(reset));
}

TEST(HostileAnswer, a_content_length_that_is_none_is_an_interruption) {
    for (const char* length : {"-1", "abc", "99999999999999999999999"}) {
        const Response answer = answer_to(kHead + "Content-Length: " + length + "\r\n\r\n12345");
        EXPECT_NE(answer.transport, Transport::Ok) << length;
    }
    const Response answer = answer_to(kHead + "Content-Length: 3\r\n\r\n12345");
    EXPECT_EQ(answer.transport, Transport::Ok);
    EXPECT_EQ(answer.body, "123");
}

TEST(HostileAnswer, chunks_that_are_none_are_an_interruption) {
    const std::string chunked = kHead + "Transfer-Encoding: chunked\r\n\r\n";
    for (const char* body :
         {"x\r\n", "5\r\nabc", "5\r\nabcdeXX0\r\n\r\n", "fffffffffffffffffffff\r\na", "-1\r\n"}) {
        expect_interrupted(answer_to(chunked + body));
    }
    EXPECT_EQ(answer_to(chunked + "3\r\nabc\r\n0\r\nX: 1\r\n\r\n").body, "abc");
}

TEST(HostileAnswer, trailers_are_no_headers) {
    const Response answer = answer_to(
        kHead + "A: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHTTP/1.1 100 x: 1\r\nRetry-After: 9\r\n\r\n");
    EXPECT_EQ(answer.transport, Transport::Ok);
    EXPECT_EQ(answer.header("a"), "1");
    EXPECT_EQ(answer.header("retry-after"), "");
}

TEST(HostileAnswer, a_nul_in_a_header_is_an_interruption) {
    expect_interrupted(answer_to(kHead + std::string{"A: \0x\r\n\r\n", 9}));
}

TEST(HostileAnswer, a_silent_server_ends_at_the_timeout) {
    RawServer silent{[](Peer& peer) { peer.wait_for_close(); }};

    const Response answer = ask(silent, 1'000, 50ms);

    EXPECT_EQ(answer.transport, Transport::Timeout);
    EXPECT_FALSE(answer.was_not_sent);
    EXPECT_TRUE(answer.problem.starts_with("no whole answer in time: ")) << answer.problem;
    EXPECT_LT(answer.time, 5s);
}

TEST(HostileAnswer, a_server_that_drips_ends_at_the_timeout) {
    for (const std::string& start : {std::string{"HTTP/1.1 "}, kHead, kHead + "\r\n"}) {
        RawServer dripping{[&](Peer& peer) {
            static_cast<void>(peer.read_request());
            peer.write(start);
            while (!peer.closes_within(5) && peer.write("1")) {
            }
        }};
        EXPECT_EQ(ask(dripping, 1'000'000, 100ms).transport, Transport::Timeout) << start;
    }
}

TEST(HostileAnswer, a_body_of_exactly_the_limit_is_fine_and_one_byte_more_is_too_large) {
    const std::string head = kHead + "\r\n";
    const Response fits = answer_to(head + std::string(1'000, 'x'), 1'000);
    EXPECT_EQ(fits.transport, Transport::Ok);
    EXPECT_EQ(fits.body.size(), 1'000U);

    const Response larger = answer_to(head + std::string(1'001, 'x'), 1'000);
    EXPECT_EQ(larger.transport, Transport::TooLarge);
    EXPECT_EQ(larger.problem, "the answer is larger than it may be");
    EXPECT_EQ(larger.status, 200);
    EXPECT_EQ(larger.body.size(), 1'000U);
}

TEST(HostileAnswer, a_body_without_end_is_too_large) {
    RawServer plain{[](Peer& peer) {
        static_cast<void>(peer.read_request());
        peer.write(kHead + "\r\n");
        while (peer.write(std::string(65'536, 'x'))) {
        }
    }};
    EXPECT_EQ(ask(plain).transport, Transport::TooLarge);
    RawServer chunked{[](Peer& peer) {
        static_cast<void>(peer.read_request());
        peer.write(kHead + "Transfer-Encoding: chunked\r\n\r\n");
        while (peer.write("1000\r\n" + std::string(4'096, 'x') + "\r\n")) {
        }
    }};
    EXPECT_EQ(ask(chunked).transport, Transport::TooLarge);
}

/// 50 MB of zeros, compressed as often as asked.
std::string bomb(const std::string& programs) {
    std::string result;
    const std::string command = "head -c 50000000 /dev/zero | " + programs;
    std::FILE* const output = ::popen(command.c_str(), "re");  // NOLINT(cert-env33-c): a constant.
    EXPECT_NE(output, nullptr);
    char buffer[65'536];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, output)) > 0;) {
        result.append(buffer, count);
    }
    EXPECT_EQ(::pclose(output), 0);
    return result;
}

TEST(HostileAnswer, a_bomb_is_too_large_after_decompression) {
    const std::string once_packed = bomb("gzip -1");
    const std::string twice_packed = bomb("gzip -1 | gzip");
    ASSERT_LT(once_packed.size(), 1'000'000U);

    const Response answer = answer_to(kHead + "Content-Encoding: gzip\r\n\r\n" + once_packed);
    EXPECT_EQ(answer.transport, Transport::TooLarge);
    EXPECT_EQ(answer.body, std::string(1'000'000, '\0'));
    EXPECT_EQ(answer_to(kHead + "Content-Encoding: gzip, gzip\r\n\r\n" + twice_packed).transport,
              Transport::TooLarge);
}

TEST(HostileAnswer, a_compressed_body_is_unpacked_and_rubbish_is_an_interruption) {
    const std::string packed = {
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\xcb\xcc\x4b\x05\x00\x92\x54\xa9\xbe\x04\x00\x00\x00",
        24};
    const std::string head = kHead + "Content-Encoding: gzip\r\n\r\n";

    const Response answer = answer_to(head + packed);
    EXPECT_EQ(answer.transport, Transport::Ok) << answer.problem;
    EXPECT_EQ(answer.body, "fine");

    for (const std::string& rubbish :
         {head + "this is not gzip", head + packed.substr(0, 8) + "\xff\xff\xff rubbish",
          kHead + "Content-Encoding: rot13\r\n\r\nfine"}) {
        SCOPED_TRACE(rubbish);
        expect_interrupted(answer_to(rubbish));
    }
}

TEST(HostileAnswer, headers_without_end_are_too_large) {
    for (const std::string& line :
         {std::string{"A: 1\r\n"}, "A: " + std::string(10'000, 'x') + "\r\n", std::string(10'000, 'x')}) {
        RawServer server{[&](Peer& peer) {
            static_cast<void>(peer.read_request());
            peer.write(kHead);
            while (peer.write(line)) {
            }
        }};
        const Response answer = ask(server);
        EXPECT_EQ(answer.transport, Transport::TooLarge) << answer.problem;
        EXPECT_LE(answer.headers.size(), kHeadersMax);
    }
}

TEST(HostileAnswer, provisional_answers_without_end_are_too_large) {
    RawServer server{[](Peer& peer) {
        static_cast<void>(peer.read_request());
        while (peer.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")) {
        }
    }};
    EXPECT_EQ(ask(server).transport, Transport::TooLarge);
}

TEST(HostileAnswer, a_provisional_answer_is_not_the_answer) {
    const Response answer =
        answer_to("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: 1\r\n\r\n" + kFine);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("a"), "");
    EXPECT_EQ(answer.body, "fine");
}

TEST(HostileAnswer, a_switch_of_protocols_is_not_followed) {
    const Response answer =
        answer_to("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nrubbish");
    EXPECT_NE(answer.status, 200);
}

}  // namespace
}  // namespace quantconf::net
