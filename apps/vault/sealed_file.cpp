#include "apps/vault/sealed_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quantconf::app {
namespace {

std::unexpected<Error> failed(int number) {
    return std::unexpected{Error{"make", "a file in memory", {number, std::generic_category()}, {}}};
}

}  // namespace

Outcome<Descriptor> sealed_file(std::string_view bytes) {
    Descriptor file{::memfd_create("quantconf-secret", MFD_ALLOW_SEALING)};
    if (!file.is_open() || ::fchmod(file.get(), S_IRUSR) != 0) {
        return failed(errno);
    }
    while (!bytes.empty()) {
        const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return failed(errno);
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0 ||
        ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
        return failed(errno);
    }
    return file;
}

}  // namespace quantconf::app
