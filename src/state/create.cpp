#include "state/create.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "quantconf/detail/try.hpp"
#include "state/connection.hpp"
#include "state/private_file.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot_create(const fs::path& file) {
    return std::unexpected{Error{.operation = "create",
                                 .subject = file.string(),
                                 .cause = {errno, std::generic_category()},
                                 .hint = {}}};
}

constexpr std::string_view kRandomPart = "XXXXXX";
constexpr int kAttempts = 10;  ///< Each lost to another creator that cleans up at the same moment.

std::string start_of_name(const fs::path& target) {
    return "." + target.filename().string() + ".";
}

/// A new database has a journal before it has a log. The file itself last: without it nobody would find the
/// others.
void remove_with_companions(const fs::path& file) {
    for (const fs::path& path : {fs::path{file.string() + "-journal"}, log_of(file), index_of(file), file}) {
        ::unlink(path.c_str());
    }
}

/// An empty file under a name that nobody knows, gone with its log unless it was moved away. Locked while it
/// is in use: without a lock, a crash left it.
class Scaffold {
public:
    explicit Scaffold(const fs::path& target)
        : pattern_{(target.parent_path() / start_of_name(target)).string() + std::string{kRandomPart}},
          is_made_{make()} {}
    Scaffold(const Scaffold&) = delete;
    Scaffold& operator=(const Scaffold&) = delete;
    ~Scaffold() {
        if (is_made_) {
            remove_with_companions(name_);
        }
    }

    [[nodiscard]] bool is_made() const noexcept { return is_made_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool sync() const { return ::fsync(file_->get()) == 0; }
    /// Never over a file that is there: EEXIST. ENOENT: somebody took it for a leftover at the last moment.
    [[nodiscard]] bool move_to(const fs::path& target) {
        // Before it has its name: once others use it, closing it would drop the locks that SQLite holds on it
        // in this process.
        file_.reset();
        if (::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
            return true;
        }
        // Not every file system can do that; a second name for the file is as exclusive.
        return errno == EINVAL && ::link(name_.c_str(), target.c_str()) == 0;
    }

private:
    bool make() {
        while (true) {
            name_ = pattern_;
            const int file = file_.emplace(::mkostemp(name_.data(), O_CLOEXEC)).get();
            struct stat status {};
            if (file < 0 || ::fchmod(file, S_IRUSR | S_IWUSR) != 0 || ::flock(file, LOCK_EX) != 0 ||
                ::fstat(file, &status) != 0) {
                return false;
            }
            if (status.st_nlink != 0) {
                return true;
            }
            // Somebody took it for a leftover before it was locked.
        }
    }

    std::string pattern_;
    std::string name_;
    std::optional<Descriptor> file_;
    bool is_made_;
};

/// Removes it, unless it is somebody else's, in use, or no file of its own.
void remove_if_left(const fs::path& path) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
        status.st_uid != ::geteuid() || status.st_nlink != 1 || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 ||
        // It may have got its real name in the meantime.
        identity_of(path) != FileIdentity{.device = status.st_dev, .inode = status.st_ino}) {
        return;
    }
    remove_with_companions(path);
}

/// What creators that crashed have left: exactly the names that mkostemp makes for this target.
void remove_leftovers(const fs::path& target) {
    const std::string start = start_of_name(target);
    std::error_code ignored;  // They harm nobody; the next creator tries again.
    for (fs::directory_iterator entry{target.parent_path(), ignored}, end; entry != end;
         entry.increment(ignored)) {
        const std::string name = entry->path().filename().string();
        const bool is_ours = name.size() == start.size() + kRandomPart.size() && name.starts_with(start) &&
                             std::all_of(name.begin() + static_cast<std::ptrdiff_t>(start.size()), name.end(),
                                         [](unsigned char c) { return std::isalnum(c) != 0; });
        if (is_ours) {
            remove_if_left(entry->path());
        }
    }
}

}  // namespace

Outcome<void> migrate(Connection& connection, std::span<const std::string_view> migrations) {
    QC_TRY(Transaction transaction, connection.begin());
    // Asked again under the lock: another process may have been faster.
    QC_TRY(const std::int64_t version, connection.number("PRAGMA user_version"));
    for (auto at = static_cast<std::size_t>(version); at < migrations.size(); ++at) {
        if (Outcome<void> changed = connection.run(std::string{migrations[at]}); !changed) {
            return changed;
        }
    }
    const std::string stamp = fmt::format("PRAGMA user_version={};", migrations.size());
    if (Outcome<void> stamped = connection.run(stamp); !stamped) {
        return stamped;
    }
    return transaction.commit();
}

namespace {

/// False if the work was taken away by somebody who cleaned up, and has to be done again.
Outcome<bool> create_once(const fs::path& file, const DatabaseOptions& options) {
    Scaffold scaffold{file};
    if (!scaffold.is_made()) {
        return cannot_create(file);
    }
    Connection connection{scaffold.name(), file.string()};
    if (Outcome<void> opened = connection.open(Opening::ReadWrite, options.busy_timeout); !opened) {
        return std::unexpected{std::move(opened).error()};
    }
    const std::string first =
        fmt::format("PRAGMA journal_mode=WAL; PRAGMA application_id={};", kApplicationId);
    if (Outcome<void> prepared = connection.run(first); !prepared) {
        return std::unexpected{std::move(prepared).error()};
    }
    if (Outcome<void> migrated = migrate(connection, options.migrations); !migrated) {
        return std::unexpected{std::move(migrated).error()};
    }
    // Everything from the log into the file. Closing would do it as well, and not say if it failed.
    if (Outcome<void> moved = connection.run("PRAGMA wal_checkpoint(TRUNCATE)"); !moved) {
        return std::unexpected{std::move(moved).error()};
    }
    if (Outcome<void> closed = connection.close(); !closed) {
        return std::unexpected{std::move(closed).error()};
    }
    if (identity_of(log_of(scaffold.name()))) {
        errno = EIO;
        return cannot_create(file);  // Without its log, what is in the file would not be all.
    }
    if (!scaffold.sync()) {
        return cannot_create(file);
    }
    if (!scaffold.move_to(file) && errno != EEXIST) {
        return errno == ENOENT ? Outcome<bool>{false} : cannot_create(file);
    }
    if (Outcome<void> synced = sync_folder(file.parent_path()); !synced) {
        return std::unexpected{std::move(synced).error()};
    }
    return true;
}

}  // namespace

Outcome<void> create_database(const fs::path& file, const DatabaseOptions& options) {
    remove_leftovers(file);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        QC_TRY(const bool is_done, create_once(file, options));
        if (is_done) {
            return {};
        }
    }
    errno = ENOENT;
    return cannot_create(file);
}

}  // namespace quantconf::state
