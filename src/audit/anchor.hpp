#pragma once

#include <cstdint>

#include "crypto/hmac.hpp"

namespace quantconf::audit {

/// A place in the chain and its MAC, kept where whoever edits state.db cannot reach.
struct Anchor {
    std::uint64_t seq = 0;
    crypto::Mac mac{};

    friend bool operator==(const Anchor&, const Anchor&) = default;
};

}  // namespace quantconf::audit
