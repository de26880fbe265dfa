#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "format/parse.hpp"
#include "net/http_client.hpp"

/// The provider simulator (tests/simulator) as a process of its own, ended with its object.
namespace quantconf::sources::test {

/// `text` as a string of JSON.
inline std::string json_text(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (static_cast<unsigned char>(c) < ' ') {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
            result += escape.data();
        } else {
            result += c;
        }
    }
    return result + '"';
}

/// One request as the simulator's log has it.
struct Arrival {
    std::string source;
    std::string path;
    int status = 0;
};

class Simulator {
public:
    using Tree = std::shared_ptr<const value::Document>;

    explicit Simulator(std::vector<std::string> options = {}) : http_{make_client()} {
        std::array<int, 2> input{};
        std::array<int, 2> output{};
        QC_ASSERT(::pipe2(input.data(), O_CLOEXEC) == 0 && ::pipe2(output.data(), O_CLOEXEC) == 0);
        std::vector<std::string> words{"python3", std::string{QUANTCONF_SOURCE_DIR} + "/tests/simulator"};
        words.insert(words.end(), options.begin(), options.end());
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
        const int failed =
            ::posix_spawn(&process_, "/usr/bin/python3", &actions, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(input[0]);
        ::close(output[1]);
        QC_ASSERT(failed == 0);
        input_ = input[1];
        std::string line;
        for (char c = 0; ::read(output[0], &c, 1) == 1 && c != '\n';) {
            line += c;
        }
        ::close(output[0]);
        started_ = parsed(line);
        QC_ASSERT(started_ != nullptr);  // It has said on stderr what is missing.
    }
    ~Simulator() {
        ::close(input_);  // That alone ends it.
        ::waitpid(process_, nullptr, 0);
    }
    Simulator(const Simulator&) = delete;
    Simulator& operator=(const Simulator&) = delete;

    [[nodiscard]] pid_t pid() const { return process_; }
    [[nodiscard]] std::string endpoint(std::string_view source) const {
        return std::string{at(started_->root, "endpoints", source).scalar()};
    }
    [[nodiscard]] std::string url(std::string_view path) const {
        return "http://127.0.0.1:" + std::string{at(started_->root, "port").scalar()} + std::string{path};
    }
    /// A key by its name; `half` is "secret" for the other part of Reddit's.
    [[nodiscard]] std::string key(std::string_view source, std::string_view name = "good",
                                  std::string_view half = "key") const {
        return std::string{at(started_->root, "keys", source, name, half).scalar()};
    }
    [[nodiscard]] std::string ca_file() const { return std::string{at(started_->root, "ca_file").scalar()}; }

    /// A call of its control interface that has to succeed; `json` is the body of a POST, empty: GET.
    Tree control(std::string_view call, const std::string& json = {}) const {
        net::Request request{.method = json.empty() ? net::Method::Get : net::Method::Post,
                             .url = url("/_control/" + std::string{call}),
                             .body = json};
        const net::Response answer = http_.send_and_wait(std::move(request));
        if (answer.status != 200) {
            std::fprintf(stderr, "simulator: %s: %d %s %s\n", std::string{call}.c_str(), answer.status,
                         answer.body.c_str(), answer.problem.c_str());
        }
        QC_ASSERT(answer.status == 200);
        return parsed(answer.body);
    }
    /// From now on `source` answers so; `settings` are more members of the step: R"("status":503)".
    void fault(std::string_view source, std::string_view kind, std::string_view settings = {}) const {
        recover(source);
        control("fault", R"({"source":)" + json_text(source) + R"(,"kind":)" + json_text(kind) +
                             (settings.empty() ? "" : ",") + std::string{settings} + "}");
    }
    void recover(std::string_view source = "*") const {
        control("recover", R"({"source":)" + json_text(source) + "}");
    }
    void reset() const { control("reset", "{}"); }

    /// What has arrived since the last call.
    std::vector<Arrival> arrivals() {
        std::vector<Arrival> result;
        const Tree log = control("log?since=" + std::to_string(seen_));
        seen_ = number(at(log->root, "total"));
        for (const value::Node& entry : at(log->root, "entries").list()) {
            result.push_back({.source = std::string{at(entry, "source").scalar()},
                              .path = std::string{at(entry, "path").scalar()},
                              .status = static_cast<int>(number(at(entry, "status")))});
        }
        return result;
    }

    template <typename... Keys>
    [[nodiscard]] static const value::Node& at(const value::Node& node, std::string_view key, Keys... keys) {
        const value::Entry* entry = node.find(key);
        QC_ASSERT(entry != nullptr);
        if constexpr (sizeof...(keys) == 0) {
            return entry->value;
        } else {
            return at(entry->value, keys...);
        }
    }
    [[nodiscard]] static std::int64_t number(const value::Node& node) {
        return std::strtoll(std::string{node.scalar()}.c_str(), nullptr, 10);
    }

private:
    static net::HttpClient make_client() {
        auto client = net::HttpClient::create();
        QC_ASSERT(client.has_value());
        return *std::move(client);
    }
    static Tree parsed(std::string text) {
        return format::parse_json(quantconf::Source::make(quantconf::Source::Kind::File, "test", "simulator",
                                                          std::move(text)))
            .document;
    }

    mutable net::HttpClient http_;
    pid_t process_ = -1;
    int input_ = -1;
    Tree started_;
    std::int64_t seen_ = 0;
};

}  // namespace quantconf::sources::test
