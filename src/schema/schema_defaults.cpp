#include <algorithm>
#include <numeric>
#include <vector>

#include "schema/schema_build.hpp"

namespace quantconf::schema {
namespace {

/// A struct that no C++ type stands behind: what was given as its default, completed by its members' own
/// defaults and in their order.
Value complete_default(const Field& field, const Value& given, Arena& memory) {
    std::vector<Member> members;
    members.reserve(field.children.size());
    for (const Field& member : field.children) {
        // An optional section is absent until somebody writes it; its default is what it then starts from.
        const bool starts_absent = member.type == Type::Struct && member.nullable;
        const Value* chosen = given.find(member.name);
        Value value = chosen != nullptr ? *chosen : starts_absent ? Value::absent() : member.default_value;
        if (member.type == Type::Struct && chosen != nullptr && !value.is_absent()) {
            value = complete_default(member, value, memory);
        }
        members.push_back({memory.copy(member.name), value});
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
    field.default_value = field.encode_fresh != nullptr
                              ? field.encode_fresh(memory)
                              : complete_default(field, field.default_value, memory);
}

}  // namespace quantconf::schema
