#pragma once

#include <cstdint>
#include <string>

namespace quantconf::audit {

/// Who did it: what the kernel and the user database say, never what a variable or an option claims.
struct Actor {
    std::string host;
    std::uint32_t uid = 0;  ///< The effective one: it is whose rights were used.
    std::string user;       ///< Its name; empty if it has none.
    std::uint32_t pid = 0;
    std::string program;  ///< "/usr/bin/quantconf".

    friend bool operator==(const Actor&, const Actor&) = default;
};

/// This process, now. Looks the user up in the user database.
[[nodiscard]] Actor this_process();

/// "jane (1000)", as authors of changes are recorded; "? (1000)" for who has no name.
[[nodiscard]] std::string shown(const Actor& actor);

}  // namespace quantconf::audit
