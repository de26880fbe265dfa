#pragma once

#include <string_view>

#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// How an enum value is written in YAML.
template <typename E>
[[nodiscard]] constexpr std::string_view text_of(E value) {
    for (const auto& [candidate, text] : EnumTable<E>::names) {
        if (candidate == value) {
            return text;
        }
    }
    return {};
}

}  // namespace quantconf::quantbot
