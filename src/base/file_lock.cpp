#include "base/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
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
