#include "bench/redis_gcra.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <string_view>
#include <vector>

#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

/// One key, so many a second, such a burst: what the well-known GCRA scripts do, with the server's own clock.
constexpr std::string_view kScript = R"(
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = tonumber(redis.call('GET', KEYS[1]) or now)
if due < now then due = now end
if due - (burst - 1) * interval > now then return 0 end
redis.call('SET', KEYS[1], string.format('%.0f', due + interval), 'PX', 60000)
return 1
)";

std::string resp(const std::vector<std::string_view>& words) {
    std::string text = "*" + std::to_string(words.size()) + "\r\n";
    for (const std::string_view word : words) {
        text += "$" + std::to_string(word.size()) + "\r\n";
        text += word;
        text += "\r\n";
    }
    return text;
}

int connect_to(const std::string& path) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const timespec pause{.tv_sec = 0, .tv_nsec = 20'000'000};
    for (int attempt = 0; attempt < 200; ++attempt) {
        if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
            return socket;
        }
        ::nanosleep(&pause, nullptr);
    }
    ::close(socket);
    return -1;
}

}  // namespace

std::unique_ptr<RedisGcra> RedisGcra::start(const std::string& folder) {
    const std::string path = folder + "/redis.sock";
    std::array<std::string, 11> words{"redis-server", "--port",    "0",        "--unixsocket",
                                      path,           "--save",    "",         "--appendonly",
                                      "no",           "--logfile", "/dev/null"};
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_t server = 0;
    if (::posix_spawnp(&server, "redis-server", nullptr, nullptr, arguments.data(), environ) != 0) {
        return nullptr;
    }
    const int socket = connect_to(path);
    std::unique_ptr<RedisGcra> redis{new RedisGcra{server, socket}};
    if (socket < 0) {
        return nullptr;
    }
    const std::string answer = redis->call(resp({"SCRIPT", "LOAD", kScript}));  // "$40\r\n<hash>\r\n"
    if (answer.size() < 45 || answer[0] != '$') {
        return nullptr;
    }
    redis->request_ = resp({"EVALSHA", std::string_view{answer}.substr(5, 40), "1", "key", "1", "1000000"});
    return redis;
}

RedisGcra::~RedisGcra() {
    ::close(socket_);
    ::kill(server_, SIGTERM);
    ::waitpid(server_, nullptr, 0);
}

std::string RedisGcra::call(const std::string& request) const {
    std::array<char, 256> answer{};
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        return {};
    }
    const ssize_t count = ::recv(socket_, answer.data(), answer.size(), 0);
    return count > 0 ? std::string{answer.data(), static_cast<std::size_t>(count)} : std::string{};
}

bool RedisGcra::ask() {
    return call(request_) == ":1\r\n";
}
