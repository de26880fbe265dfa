#include "base/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace quantconf {
namespace {

constexpr mode_t kPermissionBits = 07777;

std::unexpected<Error> cannot(std::string operation, const std::filesystem::path& path, int number,
                              std::string hint = {}) {
    return std::unexpected{Error{.operation = std::move(operation),
                                 .subject = path.string(),
                                 .cause = {number, std::generic_category()},
                                 .hint = std::move(hint)}};
}

FileInfo describe(const struct stat& status) {
    return {.is_regular = S_ISREG(status.st_mode),
            .mode = static_cast<std::uint32_t>(status.st_mode & kPermissionBits),
            .size = static_cast<std::uint64_t>(status.st_size)};
}

/// Reads until the end or until `limit` + 1 bytes, whatever the size that fstat announced.
int read_all(int descriptor, std::size_t limit, std::string& text) {
    std::array<char, 64 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it.
    while (text.size() <= limit) {
        const std::size_t wanted = std::min(buffer.size(), limit + 1 - text.size());
        const ssize_t count = ::read(descriptor, buffer.data(), wanted);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return errno;
        }
        if (count == 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return 0;
}

}  // namespace

Outcome<std::optional<FileInfo>> DiskFiles::info(const std::filesystem::path& path) const {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        return describe(status);
    }
    const int why = errno;
    if (why != ENOENT && why != ENOTDIR) {
        return cannot("read", path, why);
    }
    // A link to nothing is a mount that failed or a deleted target, not a layer that somebody left out.
    if (::lstat(path.c_str(), &status) == 0) {
        return cannot("read", path, why, "the symbolic link points to nothing");
    }
    return std::nullopt;
}

Outcome<std::string> DiskFiles::read(const std::filesystem::path& path, std::size_t limit) const {
    // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever. Regular files ignore it.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (!file.is_open()) {
        return cannot("read", path, errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) {
        return cannot("read", path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return cannot("read", path, EISDIR);
    }
    if (!S_ISREG(status.st_mode)) {
        return cannot("read", path, ENXIO, "a regular file is needed here, not a pipe, a socket or a device");
    }
    std::string text;
    text.reserve(std::min(static_cast<std::size_t>(status.st_size), limit) + 1);
    if (const int why = read_all(file.get(), limit, text); why != 0) {
        return cannot("read", path, why);
    }
    return text;
}

void MemoryFiles::put(const std::string& path, std::string text, std::uint32_t mode) {
    texts_[path] = std::move(text);
    modes_[path] = mode;
}

Outcome<std::optional<FileInfo>> MemoryFiles::info(const std::filesystem::path& path) const {
    const auto found = texts_.find(path.string());
    if (found == texts_.end()) {
        return std::nullopt;
    }
    const auto mode = modes_.find(path.string());
    return FileInfo{.is_regular = true,
                    .mode = mode == modes_.end() ? 0644U : mode->second,
                    .size = found->second.size()};
}

Outcome<std::string> MemoryFiles::read(const std::filesystem::path& path, std::size_t limit) const {
    const auto found = texts_.find(path.string());
    if (found == texts_.end()) {
        return cannot("read", path, ENOENT);
    }
    return found->second.size() > limit ? found->second.substr(0, limit + 1) : found->second;
}

}  // namespace quantconf
