#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "quantconf/error.hpp"

namespace quantconf::state {

/// Which file it is, whatever its name.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// A file that passed the checks.
struct PrivateFile {
    FileIdentity identity;
    std::uint64_t size = 0;
};

/// Makes the folder with mode 0700 if it is not there, then checks it: ours, no rights for anybody else, no
/// symbolic link on the way. Its parent must exist.
[[nodiscard]] Outcome<void> ensure_private_folder(const std::filesystem::path& folder);

/// The check alone.
[[nodiscard]] Outcome<void> check_private_folder(const std::filesystem::path& folder);

/// Checks that the file is regular, ours, has one name, no rights for anybody else, and no symbolic link on
/// the way to it. Nothing if there is none. Never opens it: closing a second descriptor would give back the
/// locks that SQLite holds on the file in this process.
[[nodiscard]] Outcome<std::optional<PrivateFile>> check_private_file(const std::filesystem::path& file);

/// Which file has this name now, without judging it; nothing if none has.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::filesystem::path& file) noexcept;

/// Until the folder is on disk, new names in it are not.
[[nodiscard]] Outcome<void> sync_folder(const std::filesystem::path& folder);

}  // namespace quantconf::state
