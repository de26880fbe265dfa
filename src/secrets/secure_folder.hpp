#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include <sys/types.h>

#include "base/descriptor.hpp"
#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// Whose files, and how private, is asked for.
enum class Trust : std::uint8_t {
    Own,  ///< Ours alone: owner the effective user, nothing for group and others (folders: nothing to write).
    OrRoots,  ///< As systemd hands out credentials: also root's; readable for a group, writable for nobody
              ///< else.
};

/// Whether files and folders of that user may be used.
[[nodiscard]] bool is_owner_trusted(uid_t owner, Trust trust) noexcept;

/// An open folder that nobody else can put files into. Files in it are reached through its descriptor alone,
/// so that a path that changes its meaning meanwhile leads nowhere else.
///
/// Only the folder itself is judged, not those above it: who exchanges it from there can only bring a folder
/// of ours, and the store's own checks tell one store and generation from another.
class SecureFolder {
public:
    /// No component of `path` may be a symbolic link; see resolve_folder(). ENOENT if there is none.
    [[nodiscard]] static Outcome<SecureFolder> open(const std::filesystem::path& path,
                                                    Trust trust = Trust::Own);

    /// Makes what is missing of a path that a person named, each folder with mode 0700 whatever the umask,
    /// and opens it under its real name as resolve_folder() does; path() is that name from then on.
    [[nodiscard]] static Outcome<SecureFolder> make(const std::filesystem::path& path);

    [[nodiscard]] int get() const noexcept { return descriptor_.get(); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] Trust trust() const noexcept { return trust_; }

private:
    SecureFolder(std::filesystem::path path, Descriptor descriptor, Trust trust)
        : path_{std::move(path)}, descriptor_{std::move(descriptor)}, trust_{trust} {}

    std::filesystem::path path_;
    Descriptor descriptor_;
    Trust trust_;
};

/// The real path of a folder as a person names it: links in it are followed here, once, and never again. A
/// configuration folder behind a link is common; what matters is what it leads to, and that is checked then.
[[nodiscard]] Outcome<std::filesystem::path> resolve_folder(const std::filesystem::path& folder);

}  // namespace quantconf::secrets
