#include "state/create.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
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

/// An empty file under a name that nobody knows, gone with its log unless it was moved away.
class Scaffold {
public:
    explicit Scaffold(const fs::path& target)
        : name_{(target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string()},
          is_made_{make()} {}
    Scaffold(const Scaffold&) = delete;
    Scaffold& operator=(const Scaffold&) = delete;
    ~Scaffold() {
        if (is_made_) {
            for (const fs::path& path : {fs::path{name_}, log_of(name_), index_of(name_)}) {
                ::unlink(path.c_str());
            }
        }
    }

    [[nodiscard]] bool is_made() const noexcept { return is_made_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool sync() const {
        Descriptor file{::open(name_.c_str(), O_RDONLY | O_CLOEXEC)};
        return file.is_open() && ::fsync(file.get()) == 0;
    }
    /// Never over a file that is there: EEXIST.
    [[nodiscard]] bool move_to(const fs::path& target) {
        if (::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
            return true;
        }
        // Not every file system can do that; a second name for the file is as exclusive.
        return errno == EINVAL && ::link(name_.c_str(), target.c_str()) == 0;
    }

private:
    bool make() {
        Descriptor file{::mkostemp(name_.data(), O_CLOEXEC)};
        return file.is_open() && ::fchmod(file.get(), S_IRUSR | S_IWUSR) == 0;
    }

    std::string name_;
    bool is_made_;
};

}  // namespace

Outcome<void> migrate(Connection& connection, std::span<const std::string_view> migrations) {
    if (Outcome<void> begun = connection.run("BEGIN IMMEDIATE"); !begun) {
        return begun;
    }
    Transaction transaction{connection};
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

Outcome<void> create_database(const fs::path& file, const DatabaseOptions& options) {
    Scaffold scaffold{file};
    if (!scaffold.is_made()) {
        return cannot_create(file);
    }
    Connection connection{scaffold.name(), file.string()};
    if (Outcome<void> opened = connection.open(Opening::ReadWrite, options.busy_timeout); !opened) {
        return opened;
    }
    const std::string first =
        fmt::format("PRAGMA journal_mode=WAL; PRAGMA application_id={};", kApplicationId);
    if (Outcome<void> prepared = connection.run(first); !prepared) {
        return prepared;
    }
    if (Outcome<void> migrated = migrate(connection, options.migrations); !migrated) {
        return migrated;
    }
    // Closing moves everything from the log into the file.
    if (Outcome<void> closed = connection.close(); !closed) {
        return closed;
    }
    if (!scaffold.sync()) {
        return cannot_create(file);
    }
    if (!scaffold.move_to(file) && errno != EEXIST) {
        return cannot_create(file);
    }
    return sync_folder(file.parent_path());
}

}  // namespace quantconf::state
