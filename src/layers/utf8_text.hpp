#pragma once

#include <string_view>

#include "base/utf8.hpp"

namespace quantconf::layers {

/// Whether a text is UTF-8 from its first byte to its last.
[[nodiscard]] inline bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        const Character character = character_at(text, at);
        if (!character.is_valid) {
            return false;
        }
        at += character.length;
    }
    return true;
}

}  // namespace quantconf::layers
