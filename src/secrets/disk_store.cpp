#include "secrets/disk_store.hpp"

#include <utility>

#include "quantconf/detail/try.hpp"
#include "secrets/durable_replace.hpp"
#include "secrets/high_water.hpp"
#include "secrets/limits.hpp"
#include "secrets/lock_file.hpp"
#include "secrets/secure_file.hpp"

namespace quantconf::secrets {
namespace {

class HeldLock final : public StoreLock {
public:
    explicit HeldLock(LockFile lock) : lock_{std::move(lock)} {}

private:
    LockFile lock_;
};

}  // namespace

DiskStore::DiskStore(std::filesystem::path file, std::optional<std::filesystem::path> mark_folder,
                     std::chrono::milliseconds lock_timeout)
    : file_{std::move(file)}, mark_folder_{std::move(mark_folder)}, lock_timeout_{lock_timeout} {}

std::string DiskStore::name() const {
    return file_.string();
}

Outcome<std::optional<std::string>> DiskStore::read() {
    QC_TRY(auto read, read_secure_file(file_, limits::kFileBytes));
    return read ? std::optional{std::move(read->bytes)} : std::nullopt;
}

Outcome<bool> DiskStore::has_previous() {
    std::error_code problem;
    const auto status = std::filesystem::symlink_status(previous_of(file_), problem);
    if (status.type() == std::filesystem::file_type::none) {
        return std::unexpected{Error{"look for", previous_of(file_).string(), problem, {}}};
    }
    return std::filesystem::exists(status);
}

Outcome<std::unique_ptr<StoreLock>> DiskStore::lock() {
    QC_TRY(auto lock, LockFile::acquire(file_.parent_path() / "secrets.lock", lock_timeout_));
    return std::make_unique<HeldLock>(std::move(lock));
}

Outcome<void> DiskStore::replace(std::string_view bytes,
                                 const std::function<bool(std::string_view)>& is_right) {
    return replace_durably({.path = file_, .bytes = bytes, .keep_previous = true, .verify = is_right});
}

Outcome<std::optional<std::uint64_t>> DiskStore::high_water(std::string_view uuid) {
    if (!mark_folder_) {
        return std::nullopt;
    }
    QC_TRY(const auto mark, read_high_water(*mark_folder_, uuid));
    return mark ? std::optional{mark->generation} : std::nullopt;
}

Outcome<void> DiskStore::raise_high_water(std::string_view uuid, std::uint64_t generation) {
    return mark_folder_ ? secrets::raise_high_water(*mark_folder_, uuid, generation) : Outcome<void>{};
}

}  // namespace quantconf::secrets
