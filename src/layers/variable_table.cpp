#include "layers/variable_table.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/variable_names.hpp"

namespace quantconf::layers {
namespace {

using value::Node;
using value::NodeKind;

/// A longer index is a mistake, whatever the list.
constexpr std::size_t kIndexDigitsMax = 6;

std::string upper_name(std::string_view key) {
    std::string upper = ascii_upper(key);
    std::ranges::replace(upper, '-', '_');
    return upper;
}

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// What the layers beneath and the defaults have at the place of the walk; either may be missing.
struct Beneath {
    const Node* node = nullptr;
    const Value* defaults = nullptr;

    [[nodiscard]] Beneath at(std::string_view key, const Field& field) const {
        Beneath child;
        if (node != nullptr) {
            const value::Entry* entry = node->find(key);
            child.node = entry == nullptr ? nullptr : &entry->value;
        }
        if (defaults != nullptr && defaults->kind() == Value::Kind::Map) {
            child.defaults = defaults->find(key);
        }
        if (child.defaults == nullptr && field.type == Type::Struct) {
            child.defaults = &field.default_value;
        }
        return child;
    }

    [[nodiscard]] std::vector<std::string_view> keys() const {
        std::vector<std::string_view> result;
        if (node != nullptr && node->kind == NodeKind::Map) {
            for (const value::Entry& entry : node->map()) {
                if (!entry.value.is_deletion()) {
                    result.push_back(entry.key());
                }
            }
        }
        if (defaults != nullptr && defaults->kind() == Value::Kind::Map) {
            for (const Member& member : defaults->members()) {
                if (std::ranges::find(result, member.name) == result.end()) {
                    result.push_back(member.name);
                }
            }
        }
        return result;
    }
};

/// Follows a name through the schema and keeps every place at which it ends.
class NameWalk {
public:
    explicit NameWalk(std::size_t& keys_left) : keys_left_{keys_left} {}

    void follow(const Field& field, std::string_view rest, const Beneath& beneath) {
        if (rest.empty()) {
            found_.push_back({.steps = steps_, .field = &field, .uses_known_key = known_keys_ > 0});
        } else if (field.type == Type::Struct) {
            for (const Field& member : field.children) {
                follow_name(member.name, member, rest, beneath);
            }
        } else if (field.type == Type::Map && !field.options.keys.empty()) {
            for (const std::string& key : field.options.keys) {
                follow_name(key, field.element(), rest, beneath);
            }
        } else if (field.type == Type::Map) {
            follow_free_key(field.element(), rest, beneath);
        } else if (field.type == Type::List) {
            follow_index(field.element(), rest);
        }
    }

    [[nodiscard]] std::vector<Target> take() { return std::move(found_); }

private:
    /// `rest` is a separator and then the name; what remains is followed further.
    bool follow_name(std::string_view name, const Field& field, std::string_view rest,
                     const Beneath& beneath) {
        const std::string upper = upper_name(name);
        rest.remove_prefix(rest.starts_with("__") ? 2 : 1);
        if (!rest.starts_with(upper) || (rest.size() > upper.size() && rest[upper.size()] != '_')) {
            return false;
        }
        steps_.push_back({.key = std::string{name}, .index = {}});
        follow(field, rest.substr(upper.size()), beneath.at(name, field));
        steps_.pop_back();
        return true;
    }

    void follow_free_key(const Field& element, std::string_view rest, const Beneath& beneath) {
        const std::vector<std::string_view> known = beneath.keys();
        keys_left_ -= std::min(known.size(), keys_left_);
        const bool is_exact = rest.starts_with("__");
        if (is_exact) {
            const std::string_view key = rest.substr(2, std::max<std::size_t>(rest.find("__", 3), 2) - 2);
            follow_exact_key(key, element, rest.substr(2 + key.size()), beneath, known);
            return;
        }
        ++known_keys_;
        for (const std::string_view key : known) {
            follow_name(key, element, rest, beneath);
        }
        --known_keys_;
    }

    void follow_exact_key(std::string_view key, const Field& element, std::string_view rest,
                          const Beneath& beneath, const std::vector<std::string_view>& known) {
        if (key.empty() || !std::ranges::all_of(key, is_key_character)) {
            return;
        }
        const auto same = std::ranges::find(known, upper_name(key), upper_name);
        const bool is_new = same == known.end();
        steps_.push_back({.key = is_new ? ascii_lower(key) : std::string{*same}, .index = {}});
        const std::size_t found_before = found_.size();
        follow(element, rest, beneath.at(steps_.back().key, element));
        if (is_new && rest.empty() && found_.size() > found_before) {
            found_.back().ends_with_new_key = true;
        }
        steps_.pop_back();
    }

    void follow_index(const Field& element, std::string_view rest) {
        if (!rest.starts_with("__")) {
            return;
        }
        rest.remove_prefix(2);
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        const bool has_leading_zero = digits > 1 && rest.front() == '0';
        if (digits == 0 || digits > kIndexDigitsMax || has_leading_zero) {
            return;
        }
        std::size_t index = 0;
        std::from_chars(rest.data(), rest.data() + digits, index);
        rest.remove_prefix(digits);
        if (rest.empty() || rest.starts_with("__")) {
            steps_.push_back({.key = {}, .index = index});
            follow(element, rest, {.node = nullptr, .defaults = &element.default_value});
            steps_.pop_back();
        }
    }

    std::size_t& keys_left_;
    std::vector<Step> steps_;
    std::vector<Target> found_;
    int known_keys_ = 0;
};

}  // namespace

std::string to_path(const std::vector<Step>& steps) {
    std::string path;
    for (const Step& step : steps) {
        if (step.index) {
            path += fmt::format("[{}]", *step.index);
        } else {
            path += path.empty() ? "" : ".";
            path += step.key;
        }
    }
    return path;
}

std::vector<Target> VariableTable::find(std::string_view name) const {
    const std::string_view prefix = schema_.options().env_prefix;
    if (!name.starts_with(prefix) || name.size() <= prefix.size() + 1 || name[prefix.size()] != '_') {
        return {};
    }
    NameWalk walk{keys_left_};
    walk.follow(schema_.root(), name.substr(prefix.size()),
                {.node = &lower_, .defaults = &schema_.defaults()});
    std::vector<Target> found = walk.take();
    if (is_exhausted()) {
        return {};
    }
    if (std::ranges::any_of(found, [](const Target& target) { return !target.uses_known_key; })) {
        std::erase_if(found, [](const Target& target) { return target.uses_known_key; });
    }
    return found;
}

std::vector<std::string> VariableTable::suggest(std::string_view name) const {
    for (const auto& [alias, path] : schema_.aliases()) {
        if (schema::variable_name(schema_.options().env_prefix, alias) == name) {
            return {schema::variable_name(schema_.options().env_prefix, path)};
        }
    }
    std::vector<std::string> names;
    names.reserve(schema_.variables().size());
    for (const Variable& variable : schema_.variables()) {
        names.push_back(variable.name);
    }
    return nearest(name, names);
}

}  // namespace quantconf::layers
