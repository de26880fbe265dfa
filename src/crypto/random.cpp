#include "crypto/random.hpp"

#include <cerrno>

#include <sys/random.h>

namespace quantconf::crypto {

Outcome<void> SystemRandom::fill(std::span<char> out) {
    while (!out.empty()) {
        const ssize_t count = ::getrandom(out.data(), out.size(), 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return std::unexpected{Error{.operation = "read",
                                         .subject = "random bytes of the kernel",
                                         .cause = {errno, std::generic_category()},
                                         .hint = "nothing was written; without them no key would be safe"}};
        }
        out = out.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

}  // namespace quantconf::crypto
