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

/// Until the folder is on disk, so is not the new name.
bool sync_folder(const std::filesystem::path& folder) {
    const Descriptor descriptor{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return descriptor.is_open() && ::fsync(descriptor.get()) == 0;
}

}  // namespace

Outcome<void> write_file_atomically(const std::filesystem::path& path, std::string_view text,
                                    std::uint32_t mode) {
    TemporaryFile temporary{path};
    const bool was_replaced = temporary.file().is_open() && write_all(temporary.file().get(), text) &&
                              ::fchmod(temporary.file().get(), static_cast<mode_t>(mode)) == 0 &&
                              ::fsync(temporary.file().get()) == 0 && temporary.file().close() &&
                              std::rename(temporary.name().c_str(), path.c_str()) == 0;
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
