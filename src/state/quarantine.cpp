#include <cerrno>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>

#include "quantconf/detail/try.hpp"
#include "state/connection.hpp"
#include "state/database.hpp"
#include "state/private_file.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

/// "20260301T093000Z".
std::string stamp_of(Time time) {
    std::string text = to_rfc3339(time).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + "Z";
}

/// A name for the file that neither it nor its log shares with anything.
fs::path free_name(const fs::path& file, Time time) {
    const std::string wanted = file.string() + ".damaged-" + stamp_of(time);
    fs::path name = wanted;
    for (int i = 2; identity_of(name) || identity_of(log_of(name)) || identity_of(index_of(name)); ++i) {
        name = fmt::format("{}-{}", wanted, i);
    }
    return name;
}

Outcome<void> move_aside(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return {};
    }
    return std::unexpected{Error{.operation = "move aside",
                                 .subject = from.string(),
                                 .cause = {errno, std::generic_category()},
                                 .hint = {}}};
}

}  // namespace

Outcome<fs::path> quarantine(const fs::path& file, const Clock& clock) {
    const fs::path aside = free_name(file, clock.now());
    // The log before the file: a new database must never find the old one's log.
    for (const auto& [from, to] :
         {std::pair{log_of(file), log_of(aside)}, {index_of(file), index_of(aside)}, {file, aside}}) {
        if (!identity_of(from) && from != file) {
            continue;
        }
        if (Outcome<void> moved = move_aside(from, to); !moved) {
            return std::unexpected{std::move(moved).error()};
        }
    }
    if (Outcome<void> synced = sync_folder(file.parent_path()); !synced) {
        return std::unexpected{std::move(synced).error()};
    }
    return aside;
}

}  // namespace quantconf::state
