#include "base/file_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quantconf {
namespace {

using Steady = std::chrono::steady_clock;

constexpr mode_t kPrivate = 0600;
constexpr std::chrono::microseconds kPauseMin{200};
constexpr std::chrono::microseconds kPauseMax{10'000};

/// Only for messages; a full disk does not matter here.
void write_holder(int file) {
    const std::string text = fmt::format("{}\n", ::getpid());
    // Not emptied first: ext4 brings a file to disk at its close when it was.
    [[maybe_unused]] const ssize_t count = ::pwrite(file, text.data(), text.size(), 0);
    [[maybe_unused]] const int cut = ::ftruncate(file, static_cast<off_t>(text.size()));
}

/// By a signal or a debugger: then waiting longer helps nobody.
bool is_stopped(const std::string& process) {
    const Descriptor file{::open(fmt::format("/proc/{}/stat", process).c_str(), O_RDONLY | O_CLOEXEC)};
    std::array<char, 128> text{};  // "4711 (name) T ...", with a name of at most 16 bytes.
    const ssize_t count = file.is_open() ? ::read(file.get(), text.data(), text.size()) : 0;
    const std::string_view line{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    const std::size_t name_end = line.rfind(") ");
    return name_end != std::string_view::npos && name_end + 2 < line.size() &&
           (line[name_end + 2] == 'T' || line[name_end + 2] == 't');
}

}  // namespace

Descriptor open_lock_file(int folder, const char* name) {
    constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    while (true) {
        if (Descriptor file{::openat(folder, name, kFlags)}; file.is_open() || errno != ENOENT) {
            return file;
        }
        Descriptor file{::openat(folder, name, kFlags | O_CREAT | O_EXCL, kPrivate)};
        if (file.is_open()) {
            ::fchmod(file.get(), kPrivate);  // A failure shows in the checks that follow.
            return file;
        }
        if (errno != EEXIST) {
            return file;
        }
    }
}

int lock_until(int file, Steady::time_point deadline) {
    auto pause = kPauseMin;  // flock has no timeout of its own.
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const auto now = Steady::now();
        if (errno != EINTR && (errno != EWOULDBLOCK || now >= deadline)) {
            return errno;
        }
        std::this_thread::sleep_for(std::min<Steady::duration>(pause, deadline - now));
        pause = std::min(2 * pause, kPauseMax);
    }
    return 0;
}

bool is_still_named(int file, int folder, const char* name) {
    struct stat opened {};
    struct stat now {};
    return ::fstat(file, &opened) == 0 && ::fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.st_ino == now.st_ino && opened.st_dev == now.st_dev;
}

std::string lock_holder(int file) {
    std::array<char, 24> text{};  // A process id and a newline; what follows is an earlier holder's.
    const ssize_t count = ::pread(file, text.data(), text.size(), 0);
    const std::string_view line{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    const std::size_t end = line.find('\n');
    const bool is_number = end != std::string_view::npos && end > 0 &&
                           line.substr(0, end).find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number) {
        return "another process";
    }
    const std::string number{line.substr(0, end)};
    return is_stopped(number)
               ? fmt::format("process {0}, which is stopped (`kill -CONT {0}` lets it go on),", number)
               : fmt::format("process {}", number);
}

FileLock::FileLock(Descriptor locked) : file_{std::move(locked)}, holder_{::getpid()} {
    write_holder(file_.get());
}

FileLock::~FileLock() {
    // Explicitly: children that were forked meanwhile share the lock, and would keep it until they end.
    if (file_.is_open() && ::getpid() == holder_) {
        ::flock(file_.get(), LOCK_UN);
    }
}

}  // namespace quantconf
