#include <unistd.h>

#include "quantconf/hub.hpp"

namespace quantconf::detail {

ProcessMark::ProcessMark() noexcept : process_{::getpid()} {}

bool ProcessMark::is_here() const noexcept {
    return ::getpid() == process_;
}

}  // namespace quantconf::detail
