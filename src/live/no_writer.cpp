#include "live/no_writer.hpp"

#include <csignal>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace quantconf::live {

std::optional<NoWriter> NoWriter::of(const std::filesystem::path& file) {
    Descriptor opened{::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    const f_owner_ex here{.type = F_OWNER_TID, .pid = ::gettid()};
    const bool has_lease = opened.is_open() && ::fcntl(opened.get(), F_SETOWN_EX, &here) == 0 &&
                           ::fcntl(opened.get(), F_SETSIG, SIGURG) == 0 &&
                           ::fcntl(opened.get(), F_SETLEASE, F_RDLCK) == 0;
    return has_lease ? std::optional{NoWriter{std::move(opened)}} : std::nullopt;
}

NoWriter::~NoWriter() {
    // Closing is not enough: a child that was forked just now has the same descriptor.
    if (file_.is_open()) {
        ::fcntl(file_.get(), F_SETLEASE, F_UNLCK);
    }
}

}  // namespace quantconf::live
