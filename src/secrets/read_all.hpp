#pragma once

#include <cerrno>
#include <cstddef>
#include <span>

#include <unistd.h>

namespace quantconf::secrets {

/// Reads until the end or until `out` is full; `count` bytes of it are set then. 0 or errno.
inline int read_all(int descriptor, std::span<char> out, std::size_t& count) {
    count = 0;
    while (count < out.size()) {
        const ssize_t some = ::read(descriptor, out.data() + count, out.size() - count);
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some <= 0) {
            return some == 0 ? 0 : errno;
        }
        count += static_cast<std::size_t>(some);
    }
    return 0;
}

}  // namespace quantconf::secrets
