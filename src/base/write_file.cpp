#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/files.hpp"

namespace quantconf {
namespace {

/// A file under a name that nobody else uses, gone again unless keep() is called.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::filesystem::path& target)
        : name_{(target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string()},
          file_{::mkostemp(name_.data(), O_CLOEXEC)} {}  // O_EXCL and mode 0600 are built in.
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (was_made_ && !is_kept_) {
            ::unlink(name_.c_str());
        }
    }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] Descriptor& file() noexcept { return file_; }
    void keep() noexcept { is_kept_ = true; }

private:
    std::string name_;
    Descriptor file_;
    bool was_made_ = file_.is_open();
    bool is_kept_ = false;
};

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor, text.data(), text.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Gives a file its final name.
bool move_to(const std::string& from, const std::filesystem::path& to, Existing existing) {
    if (existing == Existing::Replace) {
        return std::rename(from.c_str(), to.c_str()) == 0;
    }
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    // Not every file system can do that; a second name for the file is as exclusive.
    return errno == EINVAL && ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

/// Until the folder is on disk, so is not the new name.
bool sync_folder(const std::filesystem::path& folder) {
    const Descriptor descriptor{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return descriptor.is_open() && ::fsync(descriptor.get()) == 0;
}

}  // namespace

Outcome<void> write_file_atomically(const std::filesystem::path& path, std::string_view text,
                                    std::uint32_t mode, Existing existing) {
    TemporaryFile temporary{path};
    const bool was_replaced = temporary.file().is_open() && write_all(temporary.file().get(), text) &&
                              ::fchmod(temporary.file().get(), static_cast<mode_t>(mode)) == 0 &&
                              ::fsync(temporary.file().get()) == 0 && temporary.file().close() &&
                              move_to(temporary.name(), path, existing);
    if (was_replaced) {
        temporary.keep();
    }
    if (!was_replaced || !sync_folder(path.parent_path())) {
        return std::unexpected{Error{.operation = "write",
                                     .subject = path.string(),
                                     .cause = {errno, std::generic_category()},
                                     .hint = {}}};
    }
    return {};
}

}  // namespace quantconf
