#include "live/stable_files.hpp"

#include <cerrno>
#include <ctime>
#include <utility>

#include <sys/stat.h>

#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::live {
namespace {

constexpr int kLooks = 10;  ///< A file that changes while it is read is read again this often.

/// Longer than a tick of any kernel (100 Hz: 10 ms). Also in the other direction: clocks are set.
constexpr std::int64_t kYoungNs = 20'000'000;

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool is_young(std::int64_t changed_ns) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::int64_t age = nanoseconds(now) - changed_ns;
    return age > -kYoungNs && age < kYoungNs;
}

}  // namespace

Outcome<Fingerprint> fingerprint_of(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return Fingerprint{};
        }
        return std::unexpected{Error{.operation = "look at",
                                     .subject = path.string(),
                                     .cause = {errno, std::generic_category()},
                                     .hint = {}}};
    }
    return Fingerprint{.device = status.st_dev,
                       .inode = status.st_ino,
                       .size = static_cast<std::uint64_t>(status.st_size),
                       .modified_ns = nanoseconds(status.st_mtim),
                       .changed_ns = nanoseconds(status.st_ctim),
                       .is_there = true,
                       .is_young = is_young(nanoseconds(status.st_ctim))};
}

void StableFiles::remember(const std::filesystem::path& path, const Fingerprint& found) const {
    const auto [place, is_new] = seen_.emplace(path, found);
    is_torn_ = is_torn_ || (!is_new && place->second != found);
}

Outcome<std::optional<FileInfo>> StableFiles::info(const std::filesystem::path& path) const {
    QC_TRY(const Fingerprint found, fingerprint_of(path));
    remember(path, found);
    return DiskFiles{}.info(path);
}

Outcome<std::string> StableFiles::read(const std::filesystem::path& path, std::size_t limit) const {
    for (int look = 0; look < kLooks; ++look) {
        QC_TRY(const Fingerprint before, fingerprint_of(path));
        auto text = DiskFiles{}.read(path, limit);
        QC_TRY(const Fingerprint after, fingerprint_of(path));
        if (before == after) {
            remember(path, after);
            return text;
        }
    }
    return std::unexpected{Error{.operation = "read",
                                 .subject = path.string(),
                                 .cause = make_error_code(Problem::KeepsChanging),
                                 .hint = "somebody is writing it all the time"}};
}

bool StableFiles::is_unchanged() const {
    if (is_torn_) {
        return false;
    }
    for (const auto& [path, before] : seen_) {
        const auto now = fingerprint_of(path);
        if (!now || *now != before) {
            return false;
        }
    }
    return true;
}

Outcome<std::optional<FileInfo>> OverlayFiles::info(const std::filesystem::path& path) const {
    QC_TRY(auto info, below_.info(path));
    const auto found = texts_.find(path);
    if (found == texts_.end()) {
        return info;
    }
    FileInfo changed = info.value_or(FileInfo{.is_regular = true, .mode = 0644});
    changed.size = found->second.size();
    return changed;
}

Outcome<std::string> OverlayFiles::read(const std::filesystem::path& path, std::size_t limit) const {
    const auto found = texts_.find(path);
    return found == texts_.end() ? below_.read(path, limit)
                                 : Outcome<std::string>{found->second.substr(0, limit + 1)};
}

}  // namespace quantconf::live
