#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>

#include "layers/explain.hpp"

namespace quantconf::layers {
namespace {

bool same(const Value& a, const Value& b);

bool same_members(std::span<const Member> a, std::span<const Member> b) {
    return std::ranges::equal(
        a, b, [](const Member& x, const Member& y) { return x.name == y.name && same(x.value, y.value); });
}

/// The only look at plain text here: whether it has changed. What it was and is goes nowhere.
bool same_secret(const Value& a, const Value& b) {
    return a.secret_reference() == b.secret_reference() &&
           a.secret_text(grant_secret_access()) == b.secret_text(grant_secret_access());
}

bool same(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) {
        return false;
    }
    switch (a.kind()) {
        case Value::Kind::Absent:
        case Value::Kind::Invalid:
            return true;
        case Value::Kind::Boolean:
            return a.as_boolean() == b.as_boolean();
        case Value::Kind::Integer:
            return a.as_integer() == b.as_integer();
        case Value::Kind::Unsigned:
            return a.as_unsigned() == b.as_unsigned();
        case Value::Kind::Float:
            return std::equal_to<>{}(a.as_number(), b.as_number());
        case Value::Kind::Text:
            return a.as_text() == b.as_text();
        case Value::Kind::Duration:
            return a.as_duration() == b.as_duration();
        case Value::Kind::Size:
            return a.as_size() == b.as_size();
        case Value::Kind::Secret:
            return same_secret(a, b);
        case Value::Kind::List:
            return std::ranges::equal(a.items(), b.items(), same);
        case Value::Kind::Map:
            return same_members(a.members(), b.members());
    }
    return false;
}

class Comparison {
public:
    /// nullptr stands for a value that does not exist.
    void compare(const Value* from, const Value* to, const std::string& path) {
        from = from != nullptr && from->is_absent() ? nullptr : from;
        to = to != nullptr && to->is_absent() ? nullptr : to;
        if (is_filled_map(from) || is_filled_map(to)) {
            const bool both_maps = from != nullptr && to != nullptr && from->kind() == to->kind();
            if (both_maps || from == nullptr || to == nullptr) {
                compare_members(from, to, path);
                return;
            }
        }
        if (from == nullptr && to == nullptr) {
            return;
        }
        if (from == nullptr || to == nullptr) {
            changes_.push_back({.path = path,
                                .kind = from == nullptr ? ChangeKind::Added : ChangeKind::Removed,
                                .from = from,
                                .to = to});
        } else if (!same(*from, *to)) {
            changes_.push_back({.path = path, .kind = ChangeKind::Changed, .from = from, .to = to});
        }
    }

    [[nodiscard]] std::vector<Change> take() { return std::move(changes_); }

private:
    static bool is_filled_map(const Value* value) {
        return value != nullptr && value->kind() == Value::Kind::Map && !value->members().empty();
    }

    static std::span<const Member> members_of(const Value* value) {
        return value == nullptr ? std::span<const Member>{} : value->members();
    }

    /// Structs have the same members in the same place; keys of maps are looked up.
    void compare_members(const Value* from, const Value* to, const std::string& path) {
        const auto old_members = members_of(from);
        const auto new_members = members_of(to);
        std::unordered_map<std::string_view, const Value*> by_name;
        for (const Member& member : new_members) {
            by_name.emplace(member.name, &member.value);
        }
        for (std::size_t i = 0; i < old_members.size(); ++i) {
            const auto& [name, value] = old_members[i];
            const auto found = by_name.find(name);
            compare(&value, found == by_name.end() ? nullptr : found->second, below(path, name));
            by_name.erase(name);
        }
        for (const auto& [name, value] : new_members) {
            if (by_name.contains(name)) {
                compare(nullptr, &value, below(path, name));
            }
        }
    }

    static std::string below(const std::string& path, std::string_view name) {
        return path.empty() ? std::string{name} : path + '.' + std::string{name};
    }

    std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> diff(const Value& from, const Value& to) {
    Comparison comparison;
    comparison.compare(&from, &to, {});
    return comparison.take();
}

}  // namespace quantconf::layers
