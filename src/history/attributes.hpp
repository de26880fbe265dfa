#pragma once

#include <string>

namespace quantconf::history {

/// Why not all attributes of a file could be copied.
struct AttributeProblem {
    std::string name = {};  ///< "system.posix_acl_access"; empty if not even the names could be read.
    int number = 0;         ///< errno.

    [[nodiscard]] bool is_fine() const noexcept { return number == 0; }
};

/// Gives `to` the access list and the extended attributes of `from`; what it has inherited from its folder
/// and `from` does not have is taken away where it decides about access. What belongs to the security modules
/// of the kernel is copied as far as they allow, and never a sum of the bytes, which are others now.
///
/// The mode comes afterwards: changing the access list changes the mode.
[[nodiscard]] AttributeProblem copy_attributes(int from, int to);

}  // namespace quantconf::history
