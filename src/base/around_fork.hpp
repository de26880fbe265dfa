#pragma once

#include <cstdint>

namespace quantconf {

/// Who does something around a fork(), in the order in which it is done before it. A lock of the process is
/// taken after those under which it is taken elsewhere: each level may wait for a thread that needs what
/// stands below it.
enum class ForkLevel : std::uint8_t {
    Databases,  ///< Waits for transactions, which may allocate secrets.
    Readers,    ///< Configurations and their subscribers; versions that are destroyed give secrets back.
    Secrets,    ///< The memory of secrets, which waits for nothing.
};

/// What one level does, on the thread that forks. Afterwards in the opposite order.
struct AroundFork {
    void (*before)();
    void (*in_parent)();
    void (*in_child)();
};

/// From now on `calls` are made around every fork() of this process; once for each level, and for ever. Any
/// thread, also while another one forks.
void around_fork(ForkLevel level, const AroundFork& calls);

}  // namespace quantconf
