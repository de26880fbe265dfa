#include "live/state_folder.hpp"

#include <cerrno>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live/places.hpp"
#include "state/private_file.hpp"
#include "state/problem.hpp"

namespace quantconf::live {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivate = 0700;

std::optional<struct stat> status_of(const fs::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? std::optional{status} : std::nullopt;
}

std::unexpected<Error> cannot(std::string operation, const fs::path& folder, std::error_code why,
                              std::string hint) {
    return std::unexpected{Error{.operation = std::move(operation),
                                 .subject = folder.string(),
                                 .cause = why,
                                 .hint = std::move(hint)}};
}

/// Folders between `existing`, which is left alone if it is missing, and `folder`.
Outcome<void> make_between(const fs::path& existing, const fs::path& folder) {
    if (!status_of(existing)) {
        return {};  // Who has no home gets none; making the folder itself says what is missing.
    }
    fs::path made = existing;
    for (const fs::path& part : folder.lexically_relative(existing)) {
        const fs::path above = made;
        made /= part;
        if (::mkdir(made.c_str(), kPrivate) == 0) {
            if (::chmod(made.c_str(), kPrivate) != 0) {  // Whatever the umask took away.
                return cannot("create", made, {errno, std::generic_category()}, {});
            }
            if (Outcome<void> synced = state::sync_folder(above); !synced) {
                return synced;
            }
        } else if (errno != EEXIST) {
            return cannot("create", made, {errno, std::generic_category()}, {});
        }
    }
    return {};
}

}  // namespace

Outcome<void> check_new_folder_is_ours(const fs::path& folder) {
    fs::path above = folder;
    std::optional<struct stat> status;
    do {
        above = above.parent_path();
        status = status_of(above);
    } while (!status && above.has_relative_path());
    if (::geteuid() != 0 || !status || status->st_uid == 0) {
        return {};
    }
    return cannot("create", folder, std::make_error_code(std::errc::operation_not_permitted),
                  fmt::format("{0} belongs to user {1}, who could not use what root makes there; run this as "
                              "that user (sudo -u '#{1}'), or, if the program itself runs as root, make the "
                              "folder first: install -d -m 700 {2}",
                              above.string(), status->st_uid, folder.string()));
}

Outcome<void> prepare_state_folder(const fs::path& folder, StateUser user,
                                   const std::vector<std::string>& variables) {
    const auto status = status_of(folder);
    const bool may_look = user == StateUser::Reader && ::geteuid() == 0;
    if (status && S_ISDIR(status->st_mode) && status->st_uid != ::geteuid() && !may_look) {
        return cannot("use", folder, make_error_code(state::Problem::Exposed),
                      fmt::format("it belongs to user {}, and this is user {}; run as that user, or choose a "
                                  "state folder of this user's own with --state-dir or QUANTCONF_STATE_DIR",
                                  status->st_uid, ::geteuid()));
    }
    if (status || user == StateUser::Reader) {
        return {};
    }
    if (user == StateUser::Tool) {
        if (Outcome<void> ours = check_new_folder_is_ours(folder); !ours) {
            return ours;
        }
    }
    const auto base = state_home(variables);
    const bool is_below = base && folder.parent_path() == base->folder / "quantconf";
    return is_below ? make_between(base->existing, folder.parent_path()) : Outcome<void>{};
}

}  // namespace quantconf::live
