#include "secrets/lock_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/lock_holder.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_folder.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

/// Not all of them are in linux/magic.h.
constexpr std::array<unsigned int, 8> kNetworkFileSystems{NFS_SUPER_MAGIC,
                                                          SMB_SUPER_MAGIC,
                                                          0xFF534D42U /* CIFS */,
                                                          0xFE534D42U /* SMB 2 */,
                                                          AFS_SUPER_MAGIC,
                                                          CODA_SUPER_MAGIC,
                                                          V9FS_MAGIC,
                                                          0x00C36400U /* Ceph */};

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

bool is_network_file_system(int file) {
    struct statfs status {};
    return ::fstatfs(file, &status) == 0 &&
           std::ranges::find(kNetworkFileSystems, static_cast<unsigned int>(status.f_type)) !=
               kNetworkFileSystems.end();
}

}  // namespace

LockFile::LockFile(Descriptor locked)
    : lock_{std::move(locked)}, is_on_network_{is_network_file_system(lock_.descriptor())} {}

Outcome<LockFile> LockFile::acquire(const fs::path& path, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    QC_TRY(const auto folder, SecureFolder::open(path.parent_path()));
    const std::string name = path.filename().string();
    while (true) {
        Descriptor file = open_lock_file(folder.get(), name.c_str());
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
                                      lock_holder(file.get()), timeout.count()));
        }
        if (why != 0) {
            return refuse("lock", path, Problem::NoLocks,
                          fmt::format("{}; move the state to a local disk with --state-dir",
                                      std::generic_category().message(why)));
        }
        if (is_still_named(file.get(), folder.get(), name.c_str())) {
            return LockFile{std::move(file)};
        }
    }
}

}  // namespace quantconf::secrets
