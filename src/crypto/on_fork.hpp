#pragma once

namespace quantconf::crypto {

/// What happens to secret bytes in a forked child.
enum class OnFork {
    Keep,  ///< Values that the program itself needs: the child may go on using them.
    Wipe,  ///< Keys of the store: zeros in the child.
};

}  // namespace quantconf::crypto
