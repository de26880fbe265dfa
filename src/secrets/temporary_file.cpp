#include "secrets/temporary_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/random.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"

namespace quantconf::secrets {
namespace {

constexpr mode_t kPrivate = 0600;

int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count == 0 ? EIO : errno;  // A write that accepts nothing would be asked for ever.
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

/// The mode is 0600 exactly, whatever the umask and the folder's default access list made of it.
bool make_private(int descriptor) {
    struct stat status {};
    return ::fchmod(descriptor, kPrivate) == 0 && ::fstat(descriptor, &status) == 0 &&
           (status.st_mode & 07777U) == kPrivate && status.st_nlink == 1;
}

/// EEXIST if there is something of that name, whatever it is.
bool rename_to_new(int folder, const char* from, const char* to) {
    if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) {
        return true;
    }
    // Not every file system can do that; a second name is as exclusive, and the first one goes.
    return errno == EINVAL && ::linkat(folder, from, folder, to, 0) == 0 && ::unlinkat(folder, from, 0) == 0;
}

Outcome<std::string> random_name(const std::string& target) {
    std::array<char, 8> bytes{};
    crypto::SystemRandom random;
    if (const Outcome<void> filled = random.fill(bytes); !filled) {
        return std::unexpected{filled.error()};
    }
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return fmt::format(".q.{}.{}.{:016x}", target, ::getpid(), number);
}

}  // namespace

TemporaryFile::TemporaryFile(const SecureFolder& folder, std::string target, std::string name,
                             Descriptor file)
    : folder_{&folder}, target_{std::move(target)}, name_{std::move(name)}, file_{std::move(file)} {}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : folder_{other.folder_},
      target_{std::move(other.target_)},
      name_{std::exchange(other.name_, {})},
      file_{std::move(other.file_)},
      has_final_name_{other.has_final_name_} {}

TemporaryFile::~TemporaryFile() {
    if (!name_.empty() && !has_final_name_) {
        ::unlinkat(folder_->get(), name_.c_str(), 0);
    }
}

Outcome<TemporaryFile> TemporaryFile::create(const SecureFolder& folder, const std::string& target) {
    QC_TRY(auto name, random_name(target));
    Descriptor file{
        ::openat(folder.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivate)};
    if (!file.is_open()) {
        return refuse_errno("write", folder.path() / target, errno);
    }
    TemporaryFile made{folder, target, std::move(name), std::move(file)};
    if (!make_private(made.file_.get())) {
        return refuse("write", folder.path() / target, Problem::Exposed,
                      "the file system does not keep a mode of 0600; use another one with --state-dir");
    }
    return made;
}

Outcome<void> TemporaryFile::write_durably(std::string_view bytes) {
    int why = write_all(file_.get(), bytes);
    if (why == 0 && ::fsync(file_.get()) != 0) {
        why = errno;
    }
    if (why != 0) {
        return refuse_errno("write", folder_->path() / target_, why);
    }
    return {};
}

Outcome<std::size_t> TemporaryFile::read_back(std::span<char> out) const {
    std::size_t count = 0;
    while (count < out.size()) {
        const ssize_t some =
            ::pread(file_.get(), out.data() + count, out.size() - count, static_cast<off_t>(count));
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some < 0) {
            return refuse_errno("read back", folder_->path() / target_, errno);
        }
        if (some == 0) {
            break;
        }
        count += static_cast<std::size_t>(some);
    }
    return count;
}

Outcome<void> TemporaryFile::take_name(Existing existing) {
    const int folder = folder_->get();
    const bool is_done = existing == Existing::Replace
                             ? ::renameat(folder, name_.c_str(), folder, target_.c_str()) == 0
                             : rename_to_new(folder, name_.c_str(), target_.c_str());
    if (!is_done) {
        return errno == EEXIST ? refuse("make", folder_->path() / target_, Problem::Exists,
                                        "it is kept as it is; move it away if it is not needed")
                               : refuse_errno("write", folder_->path() / target_, errno);
    }
    has_final_name_ = true;
    return {};
}

Outcome<bool> TemporaryFile::take_name_and_keep(const std::string& previous) {
    const int folder = folder_->get();
    const auto exchange = [&] {
        return ::renameat2(folder, name_.c_str(), folder, target_.c_str(), RENAME_EXCHANGE) == 0;
    };
    if (!exchange()) {
        return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP
                   ? Outcome<bool>{false}
                   : refuse_errno("write", folder_->path() / target_, errno);
    }
    if (::renameat(folder, name_.c_str(), folder, previous.c_str()) == 0) {
        has_final_name_ = true;
        return true;
    }
    const int why = errno;
    if (exchange()) {
        return refuse_errno("keep", folder_->path() / previous, why);
    }
    has_final_name_ = true;  // What bears our name now is the old generation, which must not be removed.
    return refuse("keep", folder_->path() / previous, Problem::DurabilityUnknown,
                  fmt::format("the new bytes are in place, and the ones before them are in {}", name_));
}

}  // namespace quantconf::secrets
