#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "quantconf/diagnostic.hpp"

namespace quantconf {

/// What stands in the place of a secret, whatever its length.
inline constexpr std::string_view kConcealedText = "******";

/// Bytes [begin, end) of a text.
struct ByteRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// Whether a key of this name usually holds a secret: "password", "API_KEY", "slackWebhook".
[[nodiscard]] bool looks_secret(std::string_view key);

/// Everything that looks like a secret in a text that perhaps nobody could parse: what stands behind a key
/// that looks_secret(), with its continuation lines, and the user information of URLs. References to the
/// secret store are not secrets. Errs on the side of hiding too much; never splits a UTF-8 character. In
/// order.
[[nodiscard]] std::vector<ByteRange> suspected_secrets(const Source& source);

}  // namespace quantconf
