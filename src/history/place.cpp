#include "history/place.hpp"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.hpp"
#include "history/attributes.hpp"
#include "history/problem.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivate = 0600;
constexpr mode_t kPermissionBits = 07777;

/// 0 or errno.
int write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count == 0 ? EIO : errno;  // A write that accepts nothing would be asked for ever.
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

/// Reads at most limit + 1 bytes. 0 or errno.
int read_all(int file, std::size_t size_hint, std::size_t limit, std::string& text) {
    text.resize(std::min(size_hint, limit) + 1);
    std::size_t count = 0;
    while (count <= limit) {
        if (count == text.size()) {
            text.resize(std::min(2 * text.size(), limit + 1));
        }
        const ssize_t some = ::read(file, text.data() + count, text.size() - count);
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some < 0) {
            return errno;
        }
        if (some == 0) {
            break;
        }
        count += static_cast<std::size_t>(some);
    }
    text.resize(count);
    return 0;
}

/// As far as we may: root gives the file to its owner, anybody else to the group, if they belong to it.
void keep_owner(int file, const struct stat& old) {
    if (::fchown(file, old.st_uid, old.st_gid) != 0) {
        [[maybe_unused]] const int same_group = ::fchown(file, static_cast<uid_t>(-1), old.st_gid);
    }
}

}  // namespace

Place::Place(fs::path folder, std::string name, Descriptor descriptor)
    : folder_{std::move(folder)},
      name_{std::move(name)},
      second_{"." + name_ + ".quantconf-change"},
      third_{"." + name_ + ".quantconf-change-old"},
      descriptor_{std::move(descriptor)} {}

Outcome<Place> Place::in(const fs::path& folder, const std::string& name) {
    Descriptor descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!descriptor.is_open()) {
        return refuse_errno("open", folder.string(), errno);
    }
    return Place{folder, name, std::move(descriptor)};
}

Outcome<Place> Place::find(const fs::path& path) {
    std::error_code why;
    fs::path real = fs::canonical(path, why);
    if (why == std::errc::no_such_file_or_directory) {
        if (fs::is_symlink(fs::symlink_status(path, why))) {
            return refuse("change", path.string(), Problem::NotRegular,
                          "it is a link that leads nowhere; remove it, or make what it leads to");
        }
        real = fs::canonical(path.parent_path(), why) / path.filename();
    }
    if (why) {
        return refuse_errno("change", path.string(), why.value());
    }
    return in(real.parent_path(), real.filename().string());
}

std::unexpected<Error> Place::failed(std::string_view operation, int number) const {
    return refuse_errno(operation, real().string(), number);
}

std::unexpected<Error> Place::conflict() const {
    return refuse("change", real().string(), Problem::Conflict,
                  "nothing was changed; read it again and repeat the change");
}

Outcome<void> Place::check_writable() const {
    if (::faccessat(descriptor_.get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
        return refuse("change", real().string(), Problem::ReadOnly,
                      fmt::format("nothing was changed; {}: {}", folder_.string(),
                                  std::generic_category().message(errno)));
    }
    return {};
}

Outcome<std::optional<std::string>> Place::read(std::size_t limit) const {
    return read_name(name_, limit);
}

Outcome<std::optional<std::string>> Place::read_name(const std::string& name, std::size_t limit) const {
    const Descriptor file{
        ::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
        const int why = errno;
        if (why == ENOENT) {
            return std::nullopt;
        }
        return why == ELOOP || why == ENXIO
                   ? refuse("read", real().string(), Problem::NotRegular, "a regular file is needed here")
                   : failed("read", why);
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse("read", real().string(), Problem::NotRegular, "a regular file is needed here");
    }
    std::string text;
    if (const int why = read_all(file.get(), static_cast<std::size_t>(status.st_size), limit, text);
        why != 0) {
        return failed("read", why);
    }
    if (text.size() > limit) {
        return refuse("read", real().string(), Problem::TooLarge, fmt::format("at most {} bytes", limit));
    }
    return text;
}

Outcome<std::uint32_t> Place::take_rights(int file, std::uint32_t new_mode) const {
    const Descriptor old{::openat(descriptor_.get(), name_.c_str(),
                                  O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (!old.is_open()) {
        return errno == ENOENT ? Outcome<std::uint32_t>{new_mode} : failed("read", errno);
    }
    struct stat status {};
    if (::fstat(old.get(), &status) != 0) {
        return failed("read", errno);
    }
    keep_owner(file, status);
    if (const AttributeProblem problem = copy_attributes(old.get(), file); !problem.is_fine()) {
        return refuse_errno(
            "change", real().string(), problem.number,
            fmt::format("its attribute {} cannot be given to the file that would take its place; "
                        "remove it, or change the file as its owner",
                        problem.name));
    }
    return status.st_mode & kPermissionBits;
}

Outcome<void> Place::stage(std::string_view bytes, std::uint32_t new_mode) {
    if (Outcome<void> removed = discard(); !removed) {
        return removed;
    }
    Descriptor file{::openat(descriptor_.get(), second_.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivate)};
    if (!file.is_open()) {
        return failed("write", errno);
    }
    QC_TRY(const std::uint32_t mode, take_rights(file.get(), new_mode));
    int why = write_all(file.get(), bytes);
    // The mode behind the owner: chown() takes bits away. And behind the bytes: only then it is a whole file.
    why = why == 0 && ::fchmod(file.get(), mode) != 0 ? errno : why;
    why = why == 0 && ::fsync(file.get()) != 0 ? errno : why;
    struct stat made {};
    why = why == 0 && ::fstat(file.get(), &made) != 0 ? errno : why;
    why = why == 0 && !file.close() ? errno : why;
    if (why != 0) {
        return failed("write", why);
    }
    ours_ = {.device = made.st_dev, .inode = made.st_ino, .text = std::string{bytes}};
    return {};
}

Outcome<void> Place::swap_in(const std::optional<std::string>& before) {
    if (!before) {
        if (const int why = move(second_, name_); why != 0) {
            return why == EEXIST ? conflict() : failed("write", why);
        }
        done_ = Done::Added;
        return {};
    }
    if (const int why = exchange(); why != 0) {
        return why == ENOENT || why == EEXIST ? conflict() : failed("write", why);
    }
    done_ = Done::Exchanged;
    return check_displaced(before);
}

Outcome<void> Place::take_out(const std::optional<std::string>& before) {
    if (::renameat(descriptor_.get(), name_.c_str(), descriptor_.get(), second_.c_str()) != 0) {
        return errno == ENOENT ? conflict() : failed("remove", errno);
    }
    done_ = Done::TakenOut;
    return check_displaced(before);
}

Outcome<void> Place::check_displaced(const std::optional<std::string>& before) {
    const std::optional<Stood> displaced = look(second_);
    if (displaced && displaced->text == before) {
        return {};
    }
    if (Outcome<void> back = put_back(); !back) {
        return back;
    }
    return conflict();
}

Outcome<void> Place::discard() {
    if (::unlinkat(descriptor_.get(), second_.c_str(), 0) != 0 && errno != ENOENT) {
        return failed("tidy up beside", errno);
    }
    return {};
}

Outcome<void> Place::remove() {
    if (::unlinkat(descriptor_.get(), name_.c_str(), 0) != 0 && errno != ENOENT) {
        return failed("remove", errno);
    }
    return {};
}

Outcome<void> Place::sync_folder() const {
    if (::fsync(descriptor_.get()) != 0) {
        return refuse_errno("bring to disk", folder_.string(), errno);
    }
    return {};
}

}  // namespace quantconf::history
