#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "base/files.hpp"

namespace quantconf::live {

/// What tells one state of a file from another without reading it. Absent files have one, too.
struct Fingerprint {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    bool is_there = false;
    /// It had changed so shortly before this look that the next change may leave the same fingerprint: the
    /// clock of the files ticks every few milliseconds.
    bool is_young = false;

    /// Whether they tell the same state; it is another question whether they prove it.
    friend bool operator==(const Fingerprint& a, const Fingerprint& b) {
        return a.device == b.device && a.inode == b.inode && a.size == b.size &&
               a.modified_ns == b.modified_ns && a.changed_ns == b.changed_ns && a.is_there == b.is_there;
    }
};

/// Of what a path leads to, links followed. An Error only if nobody can say whether there is something.
[[nodiscard]] Outcome<Fingerprint> fingerprint_of(const std::filesystem::path& path);

using Fingerprints = std::map<std::filesystem::path, Fingerprint>;

/// The files of one load. Each is read between two looks that agree; afterwards is_unchanged() says whether
/// all of them, also those that were looked for and not there, are still as they were: then the load has seen
/// one state of the whole folder, and not one file from before somebody's change and another from after it.
/// One thread.
class StableFiles final : public Files {
public:
    [[nodiscard]] Outcome<std::optional<FileInfo>> info(const std::filesystem::path& path) const override;
    /// Problem::KeepsChanging if no two looks agreed.
    [[nodiscard]] Outcome<std::string> read(const std::filesystem::path& path,
                                            std::size_t limit) const override;

    [[nodiscard]] bool is_unchanged() const;
    /// Everything that was asked for, as it was found.
    [[nodiscard]] const Fingerprints& seen() const noexcept { return seen_; }

private:
    /// False if this path has been seen otherwise before.
    void remember(const std::filesystem::path& path, const Fingerprint& found) const;

    mutable Fingerprints seen_;
    mutable bool is_torn_ = false;  ///< One path was found in two states.
};

/// Another Files with some texts in place of what is on disk: what a change would make of it.
class OverlayFiles final : public Files {
public:
    OverlayFiles(const Files& below, std::map<std::filesystem::path, std::string> texts)
        : below_{below}, texts_{std::move(texts)} {}

    [[nodiscard]] Outcome<std::optional<FileInfo>> info(const std::filesystem::path& path) const override;
    [[nodiscard]] Outcome<std::string> read(const std::filesystem::path& path,
                                            std::size_t limit) const override;

private:
    const Files& below_;
    std::map<std::filesystem::path, std::string> texts_;
};

}  // namespace quantconf::live
