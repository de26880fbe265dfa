#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "quantconf/error.hpp"

namespace quantconf {

/// What a load needs to know about a file besides its text.
struct FileInfo {
    bool is_regular = false;
    std::uint32_t mode = 0;  ///< Permission bits, 0644 for example.
    std::uint64_t size = 0;
};

/// The file system as a load sees it. Passed in, so that tests and fuzzing need no disk.
class Files {
public:
    Files() = default;
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;
    virtual ~Files() = default;

    /// Nothing if there is no such file; an Error if it could not be found out.
    [[nodiscard]] virtual Outcome<std::optional<FileInfo>> info(const std::filesystem::path& path) const = 0;
    /// The whole text of a regular file of at most `limit` bytes. A larger file gives limit + 1 bytes, so
    /// that the caller can say so; a FIFO or a device is refused without waiting for it.
    [[nodiscard]] virtual Outcome<std::string> read(const std::filesystem::path& path,
                                                    std::size_t limit) const = 0;
};

/// The real one. Stateless.
class DiskFiles final : public Files {
public:
    [[nodiscard]] Outcome<std::optional<FileInfo>> info(const std::filesystem::path& path) const override;
    [[nodiscard]] Outcome<std::string> read(const std::filesystem::path& path,
                                            std::size_t limit) const override;
};

/// Files that exist only in memory, for tests.
class MemoryFiles final : public Files {
public:
    MemoryFiles() = default;
    explicit MemoryFiles(std::map<std::string, std::string> texts) : texts_{std::move(texts)} {}
    void put(const std::string& path, std::string text, std::uint32_t mode = 0644);

    [[nodiscard]] Outcome<std::optional<FileInfo>> info(const std::filesystem::path& path) const override;
    [[nodiscard]] Outcome<std::string> read(const std::filesystem::path& path,
                                            std::size_t limit) const override;

private:
    std::map<std::string, std::string> texts_;
    std::map<std::string, std::uint32_t> modes_;
};

/// What happens to a file that is there already.
enum class Existing : std::uint8_t {
    Replace,
    Refuse,  ///< Fails with EEXIST, also for one that appeared a moment ago, a folder or a dangling link.
};

/// Writes a file so that a crash leaves the old one or the new one: temporary file beside it, fsync, rename,
/// fsync of the folder. Keeps nothing of the permissions of a file that it replaces: `mode` holds exactly.
[[nodiscard]] Outcome<void> write_file_atomically(const std::filesystem::path& path, std::string_view text,
                                                  std::uint32_t mode, Existing existing = Existing::Replace);

}  // namespace quantconf
