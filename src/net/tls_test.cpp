// TLS is always verified: against a server of the program openssl with certificates made on the spot.

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/random.hpp"
#include "crypto/test_memory.hpp"
#include "net/http_client.hpp"
#include "support/raw_server.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace quantconf::net {
namespace {

/// A program that runs until this ends. Its output can be read line by line.
class Program {
public:
    explicit Program(std::vector<std::string> words) {
        std::array<int, 2> pipe{};
        QC_ASSERT(::pipe2(pipe.data(), O_CLOEXEC) == 0);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        QC_ASSERT(::posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ) == 0);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(pipe[1]);
        output_ = pipe[0];
    }
    ~Program() {
        ::close(output_);
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            static_cast<void>(wait());
        }
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    [[nodiscard]] int wait() {
        int status = -1;
        ::waitpid(std::exchange(process_, -1), &status, 0);
        return status;
    }
    /// Empty at the end of the output.
    [[nodiscard]] std::string line() const {
        std::string text;
        for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) {
            text += c;
        }
        return text;
    }

private:
    pid_t process_ = -1;
    int output_ = -1;
};

class Tls : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "quantconf-tls-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

    void make_certificate(const std::string& name, const std::string& for_whom) const {
        Program made{{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", path(name + ".key"), "-out", path(name + ".pem"), "-days", "2",
                      "-subj", "/CN=quantconf test", "-addext", "subjectAltName=" + for_whom}};
        ASSERT_EQ(made.wait(), 0);
    }

    /// Answers every request with a page about the connection.
    void serve(const std::string& name) {
        server_.emplace(std::vector<std::string>{"openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
                                                 "-cert", path(name + ".pem"), "-key", path(name + ".key")});
        constexpr std::string_view kReady = "ACCEPT 127.0.0.1:";
        std::string line = server_->line();
        while (!line.empty() && !line.starts_with(kReady)) {
            line = server_->line();
        }
        ASSERT_TRUE(line.starts_with(kReady));
        port_ = line.substr(kReady.size());
    }

    [[nodiscard]] Response ask(const std::string& host, const std::string& trusted = {}) const {
        HttpClientOptions options{.proxy = Proxy{}};
        if (!trusted.empty()) {
            options.ca_file = path(trusted + ".pem");
        }
        return HttpClient::create(options)->send_and_wait({.url = "https://" + host + ":" + port_ + "/"});
    }

    std::filesystem::path folder_;
    std::optional<Program> server_;
    std::string port_;
};

void expect_refused(const Response& answer) {
    EXPECT_EQ(answer.transport, Transport::Tls) << answer.problem;
    EXPECT_TRUE(answer.was_not_sent);
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.problem.starts_with("no secure connection: ")) << answer.problem;
}

TEST_F(Tls, a_certificate_that_nobody_vouches_for_is_refused) {
    make_certificate("own", "DNS:localhost,IP:127.0.0.1");
    serve("own");
    expect_refused(ask("localhost"));
    expect_refused(ask("127.0.0.1"));
}

TEST_F(Tls, a_certificate_that_is_trusted_is_accepted_for_its_names_alone) {
    make_certificate("own", "DNS:localhost");
    serve("own");
    const Response answer = ask("localhost", "own");
    EXPECT_EQ(answer.transport, Transport::Ok) << answer.problem;
    EXPECT_EQ(answer.status, 200);

    expect_refused(ask("127.0.0.1", "own"));
}

TEST_F(Tls, what_a_certificate_says_is_shown_without_keys) {
    Program made{{"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-keyout", path("own.key"), "-out", path("own.pem"), "-days", "2", "-subj",
                  "/CN=Zq9-canary"}};
    ASSERT_EQ(made.wait(), 0);
    serve("own");

    const Response answer =
        HttpClient::create({.ca_file = path("own.pem")})
            ->send_and_wait({.url = "https://localhost:" + port_ + "/",
                             .secret_headers = {{.name = "x", .secret = Secret::plain("Zq9-canary")}}});

    expect_refused(answer);
    EXPECT_TRUE(answer.problem.contains("[redacted]")) << answer.problem;
    EXPECT_FALSE(answer.problem.contains("canary")) << answer.problem;
}

TEST_F(Tls, a_file_of_other_certificates_replaces_those_of_the_system_and_is_not_enough) {
    make_certificate("own", "DNS:localhost");
    make_certificate("other", "DNS:localhost");
    serve("own");
    expect_refused(ask("localhost", "other"));
}

TEST_F(Tls, a_file_that_holds_no_certificate_trusts_nobody) {
    make_certificate("own", "DNS:localhost");
    serve("own");
    std::filesystem::rename(path("own.key"), path("empty.pem"));
    expect_refused(ask("localhost", "empty"));
}

TEST_F(Tls, a_server_without_tls_gets_nothing_of_the_request) {
    std::string seen;
    {
        RawServer plain{[&](Peer& peer) {
            peer.write(kFine);
            peer.end_writing();
            seen = peer.read_request();
        }};
        port_ = std::to_string(plain.port());
        expect_refused(ask("127.0.0.1"));
    }
    EXPECT_EQ(seen, "");
}

TEST_F(Tls, a_server_that_ends_the_handshake_got_nothing_of_the_request) {
    RawServer closing{[](Peer& peer) {
        peer.end_writing();
        peer.wait_for_close();
    }};
    port_ = std::to_string(closing.port());
    expect_refused(ask("127.0.0.1"));
}

TEST_F(Tls, a_silent_server_got_nothing_of_the_request) {
    RawServer silent{[](Peer& peer) { peer.wait_for_close(); }};
    const Response answer = HttpClient::create({.proxy = Proxy{}})
                                ->send_and_wait({.url = "https://127.0.0.1:" + std::to_string(silent.port()),
                                                 .connect_timeout = std::chrono::milliseconds{50}});
    EXPECT_EQ(answer.transport, Transport::Timeout);
    EXPECT_TRUE(answer.was_not_sent);
    EXPECT_TRUE(answer.problem.starts_with("no connection in time: ")) << answer.problem;
}

TEST_F(Tls, no_copy_of_a_key_stays_in_memory) {
    if (crypto::kIsSanitized) {
        GTEST_SKIP() << "freed memory is kept aside";
    }
    make_certificate("own", "DNS:localhost");
    serve("own");
    auto http = HttpClient::create({.ca_file = path("own.pem"), .proxy = Proxy{}});
    crypto::SecretBytes letters = crypto::Canary{}.secret();
    for (char& c : letters.bytes()) {
        c = static_cast<char>('a' + static_cast<unsigned char>(c) % 26);
    }
    const crypto::Canary canary{letters.view()};
    std::optional<Secret> key = Secret::plain(letters.view());
    letters = {};

    std::promise<std::size_t> counted;
    http->send({.url = "https://localhost:" + port_ + "/",
                .secret_headers = {{.name = "x", .before = "Bearer ", .secret = *key}},
                .secret_parameters = {{.name = "k", .secret = *key}}},
               [&](const Response& answer) {
                   EXPECT_EQ(answer.status, 200) << answer.problem;
                   counted.set_value(crypto::count_in_memory(canary));
               });

    EXPECT_EQ(counted.get_future().get(), 1U) << "where the answer is told, it is the key itself alone";
}

}  // namespace
}  // namespace quantconf::net
