#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quantconf {

/// The two alphabets of RFC 4648; they differ in the last two letters.
enum class Base64 : std::uint8_t { Standard, Url };

/// With padding. For texts that are no secrets: the result is an ordinary string.
[[nodiscard]] std::string base64_encoded(std::string_view bytes, Base64 alphabet = Base64::Standard);

/// How many bytes decoding gives at most: what `out` below must hold.
[[nodiscard]] constexpr std::size_t base64_bytes_max(std::size_t text_size) noexcept {
    return text_size / 4 * 3 + 3;
}

/// Decodes exactly one spelling: with padding, no white space, no bits left over. Gives the number of bytes
/// written to `out`; nothing if the text is anything else.
[[nodiscard]] std::optional<std::size_t> decode_base64(std::string_view text, Base64 alphabet,
                                                       std::span<char> out);

}  // namespace quantconf
