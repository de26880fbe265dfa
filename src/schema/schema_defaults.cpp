#include <algorithm>
#include <numeric>
#include <vector>

#include "schema/schema_build.hpp"

namespace quantconf::schema {
namespace {

/// A struct that no C++ type stands behind: its members' own defaults, side by side.
Value compose_default(const Field& field, Arena& memory) {
    std::vector<Member> members;
    members.reserve(field.children.size());
    for (const Field& member : field.children) {
        // An optional section is absent until somebody writes it; its default is what it then starts from.
        const bool starts_absent = member.type == Type::Struct && member.nullable;
        members.push_back({memory.copy(member.name), starts_absent ? Value::absent() : member.default_value});
    }
    return Value::map(memory.copy(std::span<const Member>{members}));
}

}  // namespace

void index_members(Field& field) {
    if (field.type == Type::Struct) {
        field.members_by_name.resize(field.children.size());
        std::iota(field.members_by_name.begin(), field.members_by_name.end(), 0U);
        std::ranges::sort(field.members_by_name, {}, [&field](std::uint32_t index) {
            return std::string_view{field.children[index].name};
        });
    }
    for (Field& child : field.children) {
        index_members(child);
    }
}

void fill_defaults(Field& field, Arena& memory) {
    for (Field& child : field.children) {
        fill_defaults(child, memory);
    }
    if (field.type != Type::Struct) {
        return;
    }
    if (field.encode_fresh != nullptr) {
        field.default_value = field.encode_fresh(memory);
    } else if (field.default_value.is_absent()) {
        field.default_value = compose_default(field, memory);
    }
}

}  // namespace quantconf::schema
