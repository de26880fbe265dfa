#include "secrets/lock_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/read_all.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_folder.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr mode_t kPrivate = 0600;
constexpr std::chrono::microseconds kPauseMin{200};
constexpr std::chrono::microseconds kPauseMax{10'000};

/// Not all of them are in linux/magic.h.
constexpr std::array<unsigned int, 8> kNetworkFileSystems{NFS_SUPER_MAGIC,
                                                          SMB_SUPER_MAGIC,
                                                          0xFF534D42U /* CIFS */,
                                                          0xFE534D42U /* SMB 2 */,
                                                          AFS_SUPER_MAGIC,
                                                          CODA_SUPER_MAGIC,
                                                          V9FS_MAGIC,
                                                          0x00C36400U /* Ceph */};

/// Opens the lock file, or makes it with mode 0600 whatever the umask.
Descriptor open_or_make(const SecureFolder& folder, const std::string& name) {
    constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    while (true) {
        if (Descriptor file{::openat(folder.get(), name.c_str(), kFlags)};
            file.is_open() || errno != ENOENT) {
            return file;
        }
        Descriptor file{::openat(folder.get(), name.c_str(), kFlags | O_CREAT | O_EXCL, kPrivate)};
        if (file.is_open()) {
            ::fchmod(file.get(), kPrivate);  // A failure shows in the checks that follow.
            return file;
        }
        if (errno != EEXIST) {
            return file;
        }
    }
}

Outcome<void> judge(const struct stat& status, const fs::path& path) {
    if (!S_ISREG(status.st_mode)) {
        return refuse("lock", path, Problem::NotRegular, "remove what stands there");
    }
    if (status.st_uid != ::geteuid()) {
        return refuse("lock", path, Problem::ForeignOwner,
                      fmt::format("it belongs to user {}, and this is user {}", status.st_uid, ::geteuid()));
    }
    if ((status.st_mode & 077U) != 0) {
        return refuse("lock", path, Problem::Exposed,
                      fmt::format("others could hold it for ever; run: chmod 600 {}", path.string()));
    }
    return {};
}

/// 0, or errno; EWOULDBLOCK if somebody else holds it until the deadline.
int lock_until(int file, Clock::time_point deadline) {
    auto pause = kPauseMin;
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const auto now = Clock::now();
        if (errno != EINTR && (errno != EWOULDBLOCK || now >= deadline)) {
            return errno;
        }
        std::this_thread::sleep_for(std::min<Clock::duration>(pause, deadline - now));
        pause = std::min(2 * pause, kPauseMax);
    }
    return 0;
}

/// What the holder wrote into the file: its process id and a newline. What follows is an earlier holder's.
std::string holder_of(int file) {
    std::array<char, 24> text{};
    std::size_t count = 0;
    ::lseek(file, 0, SEEK_SET);
    const bool is_read = read_all(file, text, count) == 0;
    const std::string_view line{text.data(), count};
    const std::size_t end = line.find('\n');
    if (!is_read || end == 0 || end == std::string_view::npos) {
        return "another process";
    }
    return "process " + std::string{line.substr(0, end)};
}

/// Only for the message above; a full disk does not matter here.
void write_holder(int file) {
    const std::string text = fmt::format("{}\n", ::getpid());
    // Not emptied first: ext4 brings a file to disk at its close when it was.
    [[maybe_unused]] const ssize_t count = ::pwrite(file, text.data(), text.size(), 0);
    [[maybe_unused]] const int cut = ::ftruncate(file, static_cast<off_t>(text.size()));
}

/// Somebody may have removed the file since it was opened: a lock on it would be a lock on nothing.
bool is_still_there(const SecureFolder& folder, const std::string& name, const struct stat& opened) {
    struct stat now {};
    return ::fstatat(folder.get(), name.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0 &&
           now.st_ino == opened.st_ino && now.st_dev == opened.st_dev;
}

bool is_network_file_system(int file) {
    struct statfs status {};
    return ::fstatfs(file, &status) == 0 &&
           std::ranges::find(kNetworkFileSystems, static_cast<unsigned int>(status.f_type)) !=
               kNetworkFileSystems.end();
}

}  // namespace

LockFile::LockFile(Descriptor file, bool is_on_network)
    : file_{std::move(file)}, holder_{::getpid()}, is_on_network_{is_on_network} {}

LockFile::~LockFile() {
    // Explicitly: children that were forked meanwhile share the lock, and would keep it until they end.
    if (file_.is_open() && ::getpid() == holder_) {
        ::flock(file_.get(), LOCK_UN);
    }
}

Outcome<LockFile> LockFile::acquire(const fs::path& path, std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    QC_TRY(const auto folder, SecureFolder::open(path.parent_path()));
    const std::string name = path.filename().string();
    while (true) {
        Descriptor file = open_or_make(folder, name);
        struct stat status {};
        if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
            const int why = errno;
            return why == EISDIR || why == ENXIO
                       ? refuse("lock", path, Problem::NotRegular, "remove what stands there")
                       : refuse_errno("lock", path, why);
        }
        if (const Outcome<void> verdict = judge(status, path); !verdict) {
            return std::unexpected{verdict.error()};
        }
        const int why = lock_until(file.get(), deadline);
        if (why == EWOULDBLOCK) {
            return refuse("lock", path, Problem::Locked,
                          fmt::format("{} is writing and did not finish within {} ms; nothing was changed",
                                      holder_of(file.get()), timeout.count()));
        }
        if (why != 0) {
            return refuse("lock", path, Problem::NoLocks,
                          fmt::format("{}; move the state to a local disk with --state-dir",
                                      std::generic_category().message(why)));
        }
        if (is_still_there(folder, name, status)) {
            write_holder(file.get());
            const bool is_on_network = is_network_file_system(file.get());
            return LockFile{std::move(file), is_on_network};
        }
    }
}

}  // namespace quantconf::secrets
