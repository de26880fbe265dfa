#include "state/private_file.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "state/problem.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr mode_t kPermissionBits = 07777;
constexpr int kRemovedMax = 100;  ///< More often than this in a row is not SQLite.

std::unexpected<Error> system_failure(std::string_view operation, const fs::path& path, int number,
                                      std::string hint = {}) {
    return std::unexpected{Error{.operation = std::string{operation},
                                 .subject = path.string(),
                                 .cause = {number, std::generic_category()},
                                 .hint = std::move(hint)}};
}

FileIdentity identity_in(const struct stat& status) {
    return {.device = status.st_dev, .inode = status.st_ino};
}

/// A descriptor that names the file without opening it, with no symbolic link on the way.
Descriptor name_without_links(const fs::path& path) {
    struct open_how how {};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const char* name = path.empty() ? "." : path.c_str();
    return Descriptor{static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, name, &how, sizeof how))};
}

/// Nothing if there is no such file.
Outcome<std::optional<struct stat>> status_without_links(const fs::path& path) {
    const Descriptor named = name_without_links(path);
    if (!named.is_open()) {
        const int why = errno;
        if (why == ENOENT) {
            return std::nullopt;
        }
        if (why == ELOOP) {
            return failure("open", path.string(), Problem::NotRegular,
                           "a symbolic link stands on the way to it; give the path without links");
        }
        return system_failure("open", path, why);
    }
    struct stat status {};
    if (::fstat(named.get(), &status) != 0) {
        return system_failure("open", path, errno);
    }
    return status;
}

/// Ours alone?
Outcome<void> check_rights(const fs::path& path, const struct stat& status, mode_t wanted) {
    if (status.st_uid != ::geteuid()) {
        return failure("open", path.string(), Problem::Exposed,
                       fmt::format("it belongs to user {}, and this is user {}", status.st_uid, ::geteuid()));
    }
    if ((status.st_mode & kOthers) != 0) {
        return failure("open", path.string(), Problem::Exposed,
                       fmt::format("its mode is {:04o}; find out who used that, then: chmod {:04o} {}",
                                   status.st_mode & kPermissionBits, wanted, path.string()));
    }
    return {};
}

}  // namespace

Outcome<void> ensure_private_folder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), S_IRWXU) == 0) {
        if (::chmod(folder.c_str(), S_IRWXU) != 0) {  // Whatever the umask took away.
            return system_failure("create", folder, errno);
        }
        const fs::path parent = folder.parent_path();
        if (Outcome<void> synced = sync_folder(parent); !synced) {
            return synced;
        }
    } else if (errno != EEXIST) {
        return system_failure("create", folder, errno);
    }
    return check_private_folder(folder);
}

Outcome<void> check_private_folder(const fs::path& folder) {
    Outcome<std::optional<struct stat>> status = status_without_links(folder);
    if (!status) {
        return std::unexpected{std::move(status).error()};
    }
    if (!status->has_value()) {
        return failure("open", folder.string(), Problem::Missing, "`quantconf init` makes it");
    }
    if (!S_ISDIR((*status)->st_mode)) {
        return failure("open", folder.string(), Problem::NotRegular, "a folder is needed here");
    }
    return check_rights(folder, **status, S_IRWXU);
}

Outcome<std::optional<PrivateFile>> check_private_file(const fs::path& file) {
    Outcome<std::optional<struct stat>> found = status_without_links(file);
    // Removed between the two calls, as SQLite does with log and index when the last user closes: look again.
    for (int i = 0; i < kRemovedMax && found && *found && (*found)->st_nlink == 0; ++i) {
        found = status_without_links(file);
    }
    if (!found) {
        return std::unexpected{std::move(found).error()};
    }
    if (!found->has_value()) {
        return std::nullopt;
    }
    const struct stat& status = **found;
    if (!S_ISREG(status.st_mode)) {
        return failure("open", file.string(), Problem::NotRegular,
                       "a regular file is needed here, not a folder, a pipe, a socket or a device");
    }
    if (status.st_nlink != 1) {
        return failure("open", file.string(), Problem::NotRegular,
                       fmt::format("the file has {} names; find the others with: find / -xdev -inum {}",
                                   status.st_nlink, status.st_ino));
    }
    if (Outcome<void> private_enough = check_rights(file, status, S_IRUSR | S_IWUSR); !private_enough) {
        return std::unexpected{std::move(private_enough).error()};
    }
    return PrivateFile{.identity = identity_in(status), .size = static_cast<std::uint64_t>(status.st_size)};
}

std::optional<FileIdentity> identity_of(const fs::path& file) noexcept {
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return identity_in(status);
}

Outcome<void> sync_folder(const fs::path& folder) {
    const Descriptor opened{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.is_open() || ::fsync(opened.get()) != 0) {
        return system_failure("write to disk the folder", folder, errno);
    }
    return {};
}

}  // namespace quantconf::state
