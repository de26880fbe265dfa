#include "secrets/secure_folder.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quantconf/detail/try.hpp"
#include "secrets/open_folder.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivate = 0700;
constexpr mode_t kWritableByOthers = 022;

/// One folder with mode 0700 whatever the umask. Fine if it is there already.
bool make_one(const fs::path& path) {
    if (::mkdir(path.c_str(), kPrivate) != 0) {
        return errno == EEXIST;
    }
    return ::chmod(path.c_str(), kPrivate) == 0;
}

}  // namespace

bool is_owner_trusted(uid_t owner, Trust trust) noexcept {
    return owner == ::geteuid() || (trust == Trust::OrRoots && owner == 0);
}

Outcome<SecureFolder> SecureFolder::open(const fs::path& path, Trust trust) {
    Descriptor folder = open_folder_without_links(path);
    if (!folder.is_open()) {
        const int why = errno;
        return why == ENOTDIR ? refuse("open", path, Problem::NotRegular, "a folder is needed here")
                              : refuse_errno("open", path, why);
    }
    struct stat status {};
    if (::fstat(folder.get(), &status) != 0) {
        return refuse_errno("open", path, errno);
    }
    if (!is_owner_trusted(status.st_uid, trust)) {
        return refuse("trust", path, Problem::ForeignOwner,
                      fmt::format("the folder belongs to user {}, and this is user {}: run as its owner, or "
                                  "chown it",
                                  status.st_uid, ::geteuid()));
    }
    // systemd shows its access list as permissions of the group.
    const mode_t forbidden = trust == Trust::OrRoots ? (S_IWGRP | S_IWOTH) : kWritableByOthers;
    if ((status.st_mode & forbidden) != 0) {
        return refuse("trust", path, Problem::Exposed,
                      fmt::format("others may put files into this folder, which has mode {:04o}; run: chmod "
                                  "go-w {}",
                                  status.st_mode & 07777U, path.string()));
    }
    return SecureFolder{path, std::move(folder), trust};
}

Outcome<SecureFolder> SecureFolder::make(const fs::path& path) {
    fs::path made;
    for (const fs::path& component : path) {
        made /= component;
        struct stat status {};
        if (::stat(made.c_str(), &status) != 0 && !make_one(made)) {
            return refuse_errno("make", made, errno);
        }
    }
    QC_TRY(const auto real, resolve_folder(path));
    return open(real);
}

Outcome<fs::path> resolve_folder(const fs::path& folder) {
    std::error_code why;
    fs::path real = fs::canonical(folder.empty() ? "." : folder, why);
    if (why) {
        return refuse_errno("open", folder, why.value());
    }
    return real;
}

}  // namespace quantconf::secrets
