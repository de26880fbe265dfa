#include "quantconf/field.hpp"

#include <algorithm>
#include <array>

namespace quantconf {

std::string_view name_of(Type type) noexcept {
    static constexpr std::array<std::string_view, 15> kNames = {
        "boolean", "integer", "number",    "text",   "enum", "duration", "size",    "URL",
        "host",    "port",    "time zone", "secret", "list", "mapping",  "section",
    };
    return kNames[static_cast<std::size_t>(type)];
}

const Field* Field::member(std::string_view member_name) const noexcept {
    if (type != Type::Struct) {
        return nullptr;
    }
    if (members_by_name.size() != children.size()) {  // Not part of a Schema yet.
        const auto found = std::ranges::find(children, member_name, &Field::name);
        return found == children.end() ? nullptr : &*found;
    }
    const auto name_at = [this](std::uint32_t index) { return std::string_view{children[index].name}; };
    const auto found = std::ranges::lower_bound(members_by_name, member_name, {}, name_at);
    if (found == members_by_name.end() || name_at(*found) != member_name) {
        return nullptr;
    }
    return &children[*found];
}

}  // namespace quantconf
