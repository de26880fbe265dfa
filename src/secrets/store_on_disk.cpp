#include "secrets/store_on_disk.hpp"

#include <utility>
#include <variant>

#include "quantconf/detail/try.hpp"
#include "secrets/durable_replace.hpp"
#include "secrets/high_water.hpp"
#include "secrets/limits.hpp"
#include "secrets/lock_file.hpp"
#include "secrets/problem.hpp"
#include "secrets/secure_file.hpp"

namespace quantconf::secrets {
namespace {

class DiskLock final : public StoreLock {
public:
    explicit DiskLock(LockFile lock) : lock_{std::move(lock)} {}

private:
    LockFile lock_;
};

class DiskStoreFile final : public StoreFile {
public:
    explicit DiskStoreFile(StorePlace place) : place_{std::move(place)} {}

    [[nodiscard]] std::string name() const override { return place_.file.string(); }

    [[nodiscard]] Outcome<std::optional<std::string>> read() override {
        QC_TRY(auto found, read_secure_file(place_.file, limits::kFileBytes));
        return found ? std::optional{std::move(found->bytes)} : std::nullopt;
    }

    [[nodiscard]] Outcome<bool> has_previous() override {
        QC_TRY(const auto found, read_secure_file(previous_of(place_.file), limits::kFileBytes));
        return found.has_value();
    }

    [[nodiscard]] Outcome<std::unique_ptr<StoreLock>> lock() override {
        auto path = place_.file;
        QC_TRY(LockFile lock, LockFile::acquire(path.replace_extension(".lock"), place_.lock_timeout));
        return std::make_unique<DiskLock>(std::move(lock));
    }

    [[nodiscard]] Outcome<std::unique_ptr<StoreLock>> try_lock() override {
        auto path = place_.file;
        auto lock = LockFile::acquire(path.replace_extension(".lock"), {});
        if (!lock && lock.error().cause == Problem::Locked) {
            return nullptr;
        }
        QC_TRY(LockFile held, std::move(lock));
        return std::make_unique<DiskLock>(std::move(held));
    }

    [[nodiscard]] Outcome<void> replace(std::string_view bytes,
                                        const std::function<bool(std::string_view)>& is_right) override {
        return replace_durably(
            {.path = place_.file, .bytes = bytes, .keep_previous = true, .verify = is_right});
    }

    [[nodiscard]] Outcome<std::optional<std::uint64_t>> high_water(std::string_view uuid) override {
        if (place_.mark_folder.empty()) {
            return std::nullopt;
        }
        QC_TRY(const auto mark, read_high_water(place_.mark_folder, uuid));
        return mark ? std::optional{mark->generation} : std::nullopt;
    }

    [[nodiscard]] Outcome<void> raise_high_water(std::string_view uuid, std::uint64_t generation) override {
        if (place_.mark_folder.empty()) {
            return {};
        }
        return secrets::raise_high_water(place_.mark_folder, uuid, generation);
    }

private:
    StorePlace place_;
};

}  // namespace

std::shared_ptr<StoreFile> store_on_disk(StorePlace place) {
    return std::make_shared<DiskStoreFile>(std::move(place));
}

Outcome<UnlockKey> read_unlock_key(const KeySource& source, KdfCost cost) {
    QC_TRY(crypto::SecretBytes bytes, read_key(source));
    const bool is_passphrase = std::holds_alternative<Passphrase>(source);
    return UnlockKey{.kind = is_passphrase ? SlotKind::Passphrase : SlotKind::Key,
                     .bytes = std::move(bytes),
                     .cost = cost};
}

}  // namespace quantconf::secrets
