#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source.hpp"

namespace quantconf::sources {

/// What is wrong with a key before anybody is asked. Nothing is trimmed or mended: a key that is sent with a
/// line end is refused by the provider, so whoever stored it has to store it again.
struct KeyProblem {
    enum class Kind : std::uint8_t {
        Empty,
        Placeholder,  ///< REPLACE_ME, demo, ***, YOUR_KEY_HERE, ...
        LineEnd,      ///< CR or LF, at an end or inside.
        Blank,        ///< A space or tab at an end or inside.
        ByteOrderMark,
        Invisible,  ///< A control, zero-width or bidirectional character, or bytes that are not UTF-8.
        NotAscii,   ///< Keys are ASCII; a letter that only looks like one cannot be sent as it is.
        Quotes,     ///< The quotes of a configuration file came along.
        Format,     ///< Not the provider's documented format.
        TooLong,
    };
    Kind kind = Kind::Empty;
    std::string message{};  ///< For people; says where and what, and never a character of the key.
    bool is_hard = true;    ///< Such a key cannot be good; otherwise it is only unlikely.

    friend bool operator==(const KeyProblem&, const KeyProblem&) = default;
};

/// Longer ones are files, not keys.
inline constexpr std::size_t kKeyBytesMax = 4096;

/// All that can be said without asking the provider. Empty: nothing is known to be wrong.
[[nodiscard]] std::vector<KeyProblem> check_key_format(const Source& source, std::string_view key);

}  // namespace quantconf::sources
