#include "secrets/open_folder.hpp"

#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace quantconf::secrets {
namespace {

/// glibc 2.36 has no wrapper for it.
int openat2_folder(const char* path) {
    open_how how{};
    // Without O_NOFOLLOW, which would answer ENOTDIR for a link at the end; RESOLVE_NO_SYMLINKS answers
    // ELOOP.
    how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how));
}

/// O_NOFOLLOW says ENOTDIR for a link to a folder; a link deserves its own answer.
int open_component(int folder, const char* name) {
    const int next = ::openat(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next >= 0 || errno != ENOTDIR) {
        return next;
    }
    struct stat status {};
    const bool is_link =
        ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
    errno = is_link ? ELOOP : ENOTDIR;
    return -1;
}

Descriptor walk(const std::filesystem::path& path) {
    std::optional<Descriptor> here{std::in_place,
                                   ::open(path.is_absolute() ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!here->is_open()) {
        return *std::move(here);
    }
    for (const std::filesystem::path& component : path.relative_path()) {
        if (component.empty()) {
            continue;  // What a slash at the end leaves.
        }
        Descriptor next{open_component(here->get(), component.c_str())};
        if (!next.is_open()) {
            return next;
        }
        here.emplace(std::move(next));
    }
    return Descriptor{::openat(here->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
}

}  // namespace

Descriptor open_folder_without_links(const std::filesystem::path& path) {
    const std::filesystem::path named = path.empty() ? "." : path;
    const int folder = openat2_folder(named.c_str());
    // Sandboxes that are older than the call answer EPERM to it; the walk finds out what was really meant.
    if (folder < 0 && (errno == ENOSYS || errno == EPERM)) {
        return walk(named);
    }
    return Descriptor{folder};
}

}  // namespace quantconf::secrets
