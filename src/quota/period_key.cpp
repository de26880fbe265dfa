#include "quota/period_key.hpp"

namespace quantconf::quota {

std::int64_t period_key_of(const Window& window) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a.
    const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3U; };
    add(static_cast<std::uint64_t>(window.kind));
    add(static_cast<std::uint64_t>(window.per.count()));
    for (const char c : window.zone) {
        add(static_cast<unsigned char>(c));
    }
    return static_cast<std::int64_t>(hash | 1U);
}

}  // namespace quantconf::quota
