#include "secrets/secure_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/read_all.hpp"
#include "secrets/refuse.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

/// A writer may replace the file between open and fstat. More often than this in a row is not a writer.
constexpr int kReplacedMax = 100;

/// None of these may be there; systemd shows its access list as permissions of the group.
mode_t forbidden_bits(Trust trust) {
    return trust == Trust::Own ? S_IRWXG | S_IRWXO : S_IWGRP | S_IXGRP | S_IRWXO;
}

Outcome<void> judge(const struct stat& status, const fs::path& path, Trust trust) {
    if (!S_ISREG(status.st_mode)) {
        return refuse("open", path, Problem::NotRegular, "a folder, pipe, socket or device stands there");
    }
    if (!is_owner_trusted(status.st_uid, trust)) {
        return refuse("trust", path, Problem::ForeignOwner,
                      fmt::format("it belongs to user {}, and this is user {}: run as its owner, or chown it",
                                  status.st_uid, ::geteuid()));
    }
    if (status.st_nlink != 1) {
        return refuse("trust", path, Problem::Linked,
                      "it has a second name (hard link); find it with find -samefile and remove it");
    }
    if ((status.st_mode & forbidden_bits(trust)) != 0) {
        return refuse(
            "trust", path, Problem::Exposed,
            fmt::format("it has mode {:04o}; run: chmod 600 {}", status.st_mode & 07777U, path.string()));
    }
    return {};
}

}  // namespace

Outcome<std::optional<SecureFile>> open_secure_file(const SecureFolder& folder, const std::string& name) {
    const fs::path path = folder.path() / name;
    if (name.empty() || name == "." || name == ".." || name.contains('/')) {
        return refuse("open", path, Problem::BadName, "the name of a file is needed here");
    }
    for (int attempt = 0; attempt < kReplacedMax; ++attempt) {
        // O_NONBLOCK: a FIFO that nobody writes to would be waited for. Regular files ignore it.
        Descriptor file{
            ::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
        if (!file.is_open()) {
            const int why = errno;
            if (why == ENOENT) {
                return std::nullopt;
            }
            return why == ENXIO ? refuse("open", path, Problem::NotRegular, "a socket or device stands there")
                                : refuse_errno("open", path, why);
        }
        struct stat status {};
        if (::fstat(file.get(), &status) != 0) {
            return refuse_errno("open", path, errno);
        }
        if (S_ISREG(status.st_mode) && status.st_nlink == 0) {
            continue;
        }
        if (const Outcome<void> verdict = judge(status, path, folder.trust()); !verdict) {
            return std::unexpected{verdict.error()};
        }
        return SecureFile{.descriptor = std::move(file),
                          .size = static_cast<std::size_t>(status.st_size),
                          .inode = status.st_ino,
                          .device = status.st_dev};
    }
    return refuse("open", path, Problem::Conflict, "it is replaced all the time; who does that?");
}

Outcome<std::optional<SecureRead>> read_secure_file(const SecureFolder& folder, const std::string& name,
                                                    std::size_t size_max) {
    QC_TRY(auto file, open_secure_file(folder, name));
    if (!file) {
        return std::nullopt;
    }
    const fs::path path = folder.path() / name;
    if (file->size > size_max) {
        return refuse("read", path, Problem::TooLarge,
                      fmt::format("it has {} bytes; the limit is {}", file->size, size_max));
    }
    // One byte more than announced, to see that it really ends there.
    std::string bytes(file->size + 1, '\0');
    std::size_t count = 0;
    if (const int why = read_all(file->descriptor.get(), bytes, count); why != 0) {
        return refuse_errno("read", path, why);
    }
    if (count != file->size) {
        return refuse("read", path, Problem::Damaged,
                      "it changed its length while it was read; we replace files and never write into them");
    }
    bytes.resize(count);
    return SecureRead{.bytes = std::move(bytes), .inode = file->inode, .device = file->device};
}

Outcome<std::optional<SecureRead>> read_secure_file(const fs::path& path, std::size_t size_max) {
    QC_TRY(const auto folder, SecureFolder::open(path.parent_path()));
    return read_secure_file(folder, path.filename().string(), size_max);
}

}  // namespace quantconf::secrets
