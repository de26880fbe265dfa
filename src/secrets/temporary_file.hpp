#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"
#include "quantconf/error.hpp"
#include "secrets/secure_folder.hpp"

namespace quantconf::secrets {

/// A new file of mode 0600 that gets another name once it is on disk, and is gone again if it does not.
///
/// Its name is ".q.<target>.<pid>.<16 hex digits>": random, so that nobody can be there first, and telling
/// for whom it was, so that the next writer of that target can remove what a crash left. The folder must
/// outlive it.
class TemporaryFile {
public:
    [[nodiscard]] static Outcome<TemporaryFile> create(const SecureFolder& folder, const std::string& target);

    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();

    /// Writes everything and brings it to disk. After a failure this file is good for nothing any more.
    [[nodiscard]] Outcome<void> write_durably(std::string_view bytes);
    /// What is really in it: fills `out`, `count` bytes of it are set.
    [[nodiscard]] Outcome<std::size_t> read_back(std::span<char> out) const;

    enum class Existing : std::uint8_t { Replace, Refuse };
    /// Gives it the name of its target. That name is on disk when the folder is.
    [[nodiscard]] Outcome<void> take_name(Existing existing);
    /// The same, and what had that name gets the name `previous`. Nothing is copied: the two files exchange
    /// their names, so that there is one of that name at every moment and each file has one name only. False,
    /// with nothing changed, where the file system cannot do that.
    [[nodiscard]] Outcome<bool> take_name_and_keep(const std::string& previous);

private:
    TemporaryFile(const SecureFolder& folder, std::string target, std::string name, Descriptor file);

    const SecureFolder* folder_;
    std::string target_;
    std::string name_;
    Descriptor file_;
    bool has_final_name_ = false;
};

/// Removes what crashed writers of `target` left. For the holder of the target's lock: others may be writing.
void remove_leftovers(const SecureFolder& folder, const std::string& target);

/// Older than this, nobody is still writing it.
inline constexpr std::chrono::hours kAbandonedAfter{24};

/// Removes what crashed makers of keys left: each key has a name of its own, so no later writer has the same
/// target. Only files of ours whose maker is gone and which nobody has touched for kAbandonedAfter before
/// `now`; they are keys of nothing.
void remove_abandoned_keys(const SecureFolder& folder, std::chrono::system_clock::time_point now);

}  // namespace quantconf::secrets
