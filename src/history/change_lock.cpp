#include "history/change_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "state/private_file.hpp"

namespace quantconf::history {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr mode_t kPrivate = 0600;
constexpr std::chrono::microseconds kPauseMin{200};
constexpr std::chrono::microseconds kPauseMax{10'000};

/// Opens the lock file, or makes it with mode 0600 whatever the umask.
Descriptor open_or_make(const fs::path& path) {
    constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    while (true) {
        if (Descriptor file{::open(path.c_str(), kFlags)}; file.is_open() || errno != ENOENT) {
            return file;
        }
        Descriptor file{::open(path.c_str(), kFlags | O_CREAT | O_EXCL, kPrivate)};
        if (file.is_open()) {
            ::fchmod(file.get(), kPrivate);  // A failure shows in the checks that follow.
            return file;
        }
        if (errno != EEXIST) {
            return file;
        }
    }
}

/// 0, or errno; EWOULDBLOCK if somebody else holds it until the deadline. flock has no timeout of its own.
int lock_until(int file, Steady::time_point deadline) {
    auto pause = kPauseMin;
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

/// What the holder wrote: its process id and a newline.
std::string holder_of(int file) {
    std::array<char, 24> text{};
    const ssize_t count = ::pread(file, text.data(), text.size(), 0);
    const std::string_view line{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    const std::size_t end = line.find('\n');
    const bool is_number = end != std::string_view::npos && end > 0 &&
                           line.substr(0, end).find_first_not_of("0123456789") == std::string_view::npos;
    return is_number ? "process " + std::string{line.substr(0, end)} : "another process";
}

/// Only for the message above; a full disk does not matter here.
void write_holder(int file) {
    const std::string text = fmt::format("{}\n", ::getpid());
    [[maybe_unused]] const ssize_t count = ::pwrite(file, text.data(), text.size(), 0);
    [[maybe_unused]] const int cut = ::ftruncate(file, static_cast<off_t>(text.size()));
}

/// Somebody may have removed the file since it was opened: a lock on it would be a lock on nothing.
bool is_still_there(int file, const fs::path& path) {
    struct stat opened {};
    struct stat now {};
    return ::fstat(file, &opened) == 0 && ::lstat(path.c_str(), &now) == 0 && opened.st_ino == now.st_ino &&
           opened.st_dev == now.st_dev;
}

}  // namespace

ChangeLock::ChangeLock(Descriptor file) : file_{std::move(file)}, holder_{::getpid()} {}

ChangeLock::~ChangeLock() {
    // Explicitly: children that were forked meanwhile share the lock, and would keep it until they end.
    if (file_.is_open() && ::getpid() == holder_) {
        ::flock(file_.get(), LOCK_UN);
    }
}

Outcome<ChangeLock> ChangeLock::acquire(const fs::path& state_folder, std::chrono::milliseconds timeout,
                                        std::string_view name) {
    const fs::path path = state_folder / name;
    const auto deadline = Steady::now() + timeout;
    while (true) {
        Descriptor file = open_or_make(path);
        if (!file.is_open()) {
            const int why = errno;
            return why == ELOOP || why == EISDIR || why == ENXIO
                       ? refuse("lock", path.string(), Problem::NotRegular, "remove what stands there")
                       : refuse_errno("lock", path.string(), why);
        }
        if (Outcome<std::optional<state::PrivateFile>> checked = state::check_private_file(path); !checked) {
            return std::unexpected{std::move(checked).error()};
        }
        const int why = lock_until(file.get(), deadline);
        if (why == EWOULDBLOCK) {
            return refuse("lock", path.string(), Problem::Locked,
                          fmt::format("{} did not finish within {} ms; nothing was changed",
                                      holder_of(file.get()), timeout.count()));
        }
        if (why != 0) {
            return refuse_errno("lock", path.string(), why,
                                "move the state to a disk that can lock files with --state-dir");
        }
        if (is_still_there(file.get(), path)) {
            write_holder(file.get());
            return ChangeLock{std::move(file)};
        }
    }
}

}  // namespace quantconf::history
