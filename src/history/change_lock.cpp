#include "history/change_lock.hpp"

#include <cerrno>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/lock_holder.hpp"
#include "history/problem.hpp"
#include "state/private_file.hpp"

namespace quantconf::history {

Outcome<ChangeLock> ChangeLock::acquire(const std::filesystem::path& state_folder,
                                        std::chrono::milliseconds timeout, std::string_view name) {
    const std::filesystem::path path = state_folder / name;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (true) {
        Descriptor file = open_lock_file(AT_FDCWD, path.c_str());
        if (!file.is_open()) {
            const int why = errno;
            return why == ELOOP || why == EISDIR || why == ENXIO
                       ? refuse("lock", path.string(), Problem::NotRegular, "remove what stands there")
                       : refuse_errno("lock", path.string(), why);
        }
        if (Outcome<std::optional<state::PrivateFile>> checked = state::check_private_file(path); !checked) {
            return std::unexpected{std::move(checked).error()};
        }
        const int why = lock_until(file.get(), deadline);
        if (why == EWOULDBLOCK) {
            return refuse("lock", path.string(), Problem::Locked,
                          fmt::format("{} did not finish within {} ms; nothing was changed",
                                      lock_holder(file.get()), timeout.count()));
        }
        if (why != 0) {
            return refuse_errno("lock", path.string(), why,
                                "move the state to a disk that can lock files with --state-dir");
        }
        if (is_still_named(file.get(), AT_FDCWD, path.c_str())) {
            return ChangeLock{std::move(file)};
        }
    }
}

}  // namespace quantconf::history
