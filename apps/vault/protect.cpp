#include "apps/vault/protect.hpp"

#include <optional>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace quantconf::app {
namespace {

std::optional<rlim_t>& limit_before() {
    static std::optional<rlim_t> limit;
    return limit;
}

}  // namespace

void protect_plain_text() {
    rlimit limit{};
    if (!limit_before() && ::getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit_before() = limit.rlim_cur;
        limit.rlim_cur = 0;  // The hard limit stays: what we start later may want its own.
        ::setrlimit(RLIMIT_CORE, &limit);
    }
    ::prctl(PR_SET_DUMPABLE, 0);  // Ends with exec.
}

void restore_core_limit() {
    rlimit limit{};
    if (limit_before() && ::getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = *limit_before();
        ::setrlimit(RLIMIT_CORE, &limit);
    }
}

}  // namespace quantconf::app
