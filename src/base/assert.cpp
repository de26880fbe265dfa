#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace quantconf {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "quantconf: a condition of its own does not hold: %s (%s:%d)\n", condition, file,
                 line);
    std::abort();
}

}  // namespace quantconf
