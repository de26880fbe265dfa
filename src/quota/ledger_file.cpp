#include "quota/ledger_file.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quantconf/detail/try.hpp"
#include "quota/durability.hpp"
#include "quota/lock_record.hpp"
#include "quota/sector.hpp"
#include "secrets/lock_file.hpp"
#include "state/private_file.hpp"

namespace quantconf::quota {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kOpenPatience{10};
constexpr mode_t kPrivate = 0600;
constexpr int kSetAsideMax = 1000;  ///< More than so many damaged files are a matter for a person.

std::unexpected<Error> system_failure(std::string operation, const fs::path& file, int number,
                                      std::string hint = {}) {
    return std::unexpected{Error{.operation = std::move(operation),
                                 .subject = file.string(),
                                 .cause = {number, std::generic_category()},
                                 .hint = std::move(hint)}};
}

fs::path beside(const fs::path& file, const std::string& suffix) {
    return file.parent_path() / (file.filename().string() + suffix);
}

/// Complete, on disk, and only then under its name.
Outcome<std::unique_ptr<Memory>> make_file(const fs::path& file, const Timeline& timeline,
                                           Duration used_up_for) {
    const fs::path draft = beside(file, ".new");
    if (::unlink(draft.c_str()) != 0 && errno != ENOENT) {  // Of one who was killed in here.
        return system_failure("remove", draft, errno);
    }
    Descriptor opened{::open(draft.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivate)};
    if (!opened.is_open() || ::fchmod(opened.get(), kPrivate) != 0) {
        return system_failure("create", draft, errno);
    }
    // All blocks now: a disk that is full later would kill whoever writes into the map.
    if (const int why = ::posix_fallocate(opened.get(), 0, sizeof(Record)); why != 0) {
        ::unlink(draft.c_str());
        return system_failure("create", file, why, "make room on the disk");
    }
    const int number = opened.get();
    QC_TRY(auto memory, file_memory(std::move(opened), file.string()));
    if (Outcome<void> made = initialise(*memory, timeline, used_up_for); !made) {
        return std::unexpected{std::move(made).error()};
    }
    if (::fsync(number) != 0 || ::rename(draft.c_str(), file.c_str()) != 0) {
        return system_failure("create", file, errno);
    }
    if (Outcome<void> synced = state::sync_folder(file.parent_path()); !synced) {
        return std::unexpected{std::move(synced).error()};
    }
    return memory;
}

/// Another name, that nobody has yet. Kept for whoever wants to find out what happened.
Outcome<void> set_aside(const fs::path& file) {
    for (int number = 1; number <= kSetAsideMax; ++number) {
        const fs::path name = beside(file, fmt::format(".damaged-{}", number));
        if (::renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) {
            return state::sync_folder(file.parent_path());
        }
        if (errno != EEXIST) {
            return system_failure("set aside", file, errno);
        }
    }
    return system_failure("set aside", file, EEXIST, "remove the damaged files beside it, once you know why");
}

/// Opens the very file that was checked.
Outcome<Descriptor> open_checked(const fs::path& file, const state::PrivateFile& checked) {
    Descriptor opened{::open(file.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    struct stat status {};
    if (!opened.is_open() || ::fstat(opened.get(), &status) != 0) {
        return system_failure("open", file, errno);
    }
    if (state::FileIdentity{.device = status.st_dev, .inode = status.st_ino} != checked.identity) {
        return system_failure("open", file, EBUSY, "it is replaced all the time; who does that?");
    }
    return opened;
}

/// Nothing if it is damaged; whoever still has it open is told.
Outcome<std::unique_ptr<Memory>> open_existing(const fs::path& file, const state::PrivateFile& checked,
                                               const Timeline& timeline) {
    QC_TRY(auto opened, open_checked(file, checked));
    if (checked.size != sizeof(Record)) {
        return nullptr;
    }
    QC_TRY(auto memory, file_memory(std::move(opened), file.string()));
    if (is_from_later(memory->record())) {
        return system_failure("open", file, ENOTSUP, "a later version of quantconf made it: use that one");
    }
    QC_TRY(const bool is_good, recover(*memory, timeline));
    if (!is_good) {
        memory->record().live.is_abandoned.set(static_cast<std::int64_t>(Abandoned::Damaged));
        return nullptr;
    }
    return memory;
}

}  // namespace

Outcome<std::unique_ptr<Memory>> open_ledger_file(const fs::path& file, const Timeline& timeline) {
    if (Outcome<void> checked = state::ensure_private_folder(file.parent_path()); !checked) {
        return std::unexpected{std::move(checked).error()};
    }
    QC_TRY(const auto turn, secrets::LockFile::acquire(beside(file, ".lock"), kOpenPatience));
    QC_TRY(const auto found, state::check_private_file(file));
    if (!found) {
        return make_file(file, timeline, Duration::zero());
    }
    QC_TRY(auto memory, open_existing(file, *found, timeline));
    if (memory != nullptr) {
        return memory;
    }
    if (Outcome<void> moved = set_aside(file); !moved) {
        return std::unexpected{std::move(moved).error()};
    }
    return make_file(file, timeline, kUsedUpFor);
}

}  // namespace quantconf::quota
