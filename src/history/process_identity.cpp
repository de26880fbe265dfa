#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "history/processes.hpp"

namespace quantconf::history {
namespace {

/// A file of /proc: short, and whole in one read. 0 or errno.
int read_short(const std::string& path, std::string& text) {
    constexpr std::size_t kBytes = 4096;
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.is_open()) {
        return errno;
    }
    text.resize(kBytes);
    const ssize_t count = ::read(file.get(), text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return count < 0 ? errno : 0;
}

/// What /proc/PID/stat says about a process.
struct Stat {
    char state = '\0';
    std::uint64_t started = 0;
};

/// The name in field 2 may hold anything, also ") R 1 1": the last parenthesis ends it.
std::optional<Stat> parse_stat(std::string_view text) {
    constexpr int kStateField = 3;
    constexpr int kStartedField = 22;
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string_view::npos || name_end + 2 >= text.size()) {
        return std::nullopt;
    }
    text.remove_prefix(name_end + 2);
    Stat stat{.state = text.front()};
    for (int field = kStateField; field < kStartedField; ++field) {
        const std::size_t blank = text.find(' ');
        if (blank == std::string_view::npos) {
            return std::nullopt;
        }
        text.remove_prefix(blank + 1);
    }
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), stat.started);
    return failed == std::errc{} && end != text.data() ? std::optional{stat} : std::nullopt;
}

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string boot_id() {
    std::string text;
    read_short("/proc/sys/kernel/random/boot_id", text);
    return text.substr(0, text.find('\n'));
}

std::uint64_t pid_namespace() {
    struct stat status {};
    return ::stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

std::string program_path() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    return size > 0 ? std::string{path.data(), static_cast<std::size_t>(size)} : "";
}

}  // namespace

ProcessIdentity this_process() {
    std::string text;
    const std::optional<Stat> stat =
        read_short("/proc/self/stat", text) == 0 ? parse_stat(text) : std::nullopt;
    return {.host = host_name(),
            .boot = boot_id(),
            .pids = pid_namespace(),
            .pid = ::getpid(),
            .started = stat ? stat->started : 0,
            .program = program_path()};
}

std::optional<Pulse> pulse_of(const ProcessIdentity& process) {
    if (process.host != host_name()) {
        return std::nullopt;
    }
    const std::string boot = boot_id();
    if (boot.empty() || process.boot.empty()) {
        return std::nullopt;
    }
    if (process.boot != boot) {
        return Pulse::Gone;
    }
    const std::uint64_t pids = pid_namespace();
    if (pids == 0 || process.pids != pids) {
        return std::nullopt;
    }
    std::string text;
    const int why = read_short(fmt::format("/proc/{}/stat", process.pid), text);
    if (why == ENOENT || why == ESRCH) {
        return Pulse::Gone;
    }
    const std::optional<Stat> stat = why == 0 ? parse_stat(text) : std::nullopt;
    if (!stat) {
        return std::nullopt;  // No descriptor left, no rights: no reason to call anybody dead.
    }
    if (stat->started != process.started || stat->state == 'Z' || stat->state == 'X') {
        return Pulse::Gone;
    }
    return stat->state == 'T' ? Pulse::Stopped : Pulse::Runs;
}

std::optional<bool> is_alive(const ProcessIdentity& process) {
    const std::optional<Pulse> pulse = pulse_of(process);
    return pulse ? std::optional{*pulse != Pulse::Gone} : std::nullopt;
}

}  // namespace quantconf::history
