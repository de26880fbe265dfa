#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "secrets/store_file.hpp"

namespace quantconf::secrets {

/// How long a writer waits for another one.
inline constexpr std::chrono::milliseconds kLockTimeout{10'000};

/// secrets.qcs on a disk, with secrets.qcs.prev and secrets.lock beside it, and the high-water mark beside
/// the key.
class DiskStore final : public StoreFile {
public:
    /// Without a folder for the mark, nobody remembers the generation outside of the state folder.
    DiskStore(std::filesystem::path file, std::optional<std::filesystem::path> mark_folder,
              std::chrono::milliseconds lock_timeout = kLockTimeout);

    [[nodiscard]] std::string name() const override;
    [[nodiscard]] Outcome<std::optional<std::string>> read() override;
    [[nodiscard]] Outcome<bool> has_previous() override;
    [[nodiscard]] Outcome<std::unique_ptr<StoreLock>> lock() override;
    [[nodiscard]] Outcome<void> replace(std::string_view bytes,
                                        const std::function<bool(std::string_view)>& is_right) override;
    [[nodiscard]] Outcome<std::optional<std::uint64_t>> high_water(std::string_view uuid) override;
    [[nodiscard]] Outcome<void> raise_high_water(std::string_view uuid, std::uint64_t generation) override;

private:
    std::filesystem::path file_;
    std::optional<std::filesystem::path> mark_folder_;
    std::chrono::milliseconds lock_timeout_;
};

}  // namespace quantconf::secrets
