#include "format/edit_wishes.hpp"

#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "format/key_check.hpp"

namespace quantconf::format {
namespace {

/// Why something cannot stand in a file.
struct Fault {
    std::string message;
    std::string hint;
};

std::optional<Fault> check_edit_key(std::string_view key) {
    if (auto fault = check_key(key)) {
        return Fault{.message = std::move(fault->message), .hint = std::move(fault->hint)};
    }
    return std::nullopt;
}

bool is_clean(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        if (!character.is_valid || character.code_point == 0) {
            return false;
        }
        at += character.length;
    }
    return true;
}

std::optional<Fault> check_text_value(std::string_view text) {
    if (is_clean(text)) {
        return std::nullopt;
    }
    return Fault{.message = "expected a text in UTF-8 without NUL, found another",
                 .hint = "correct the value"};
}

std::optional<Fault> check_secret(const Value& value) {
    if (!value.secret_reference().empty()) {
        return check_text_value(value.secret_reference());
    }
    if (value.secret_text(grant_secret_access()).empty()) {
        return std::nullopt;
    }
    return Fault{.message = "expected a reference to a secret, found the secret itself",
                 .hint = "put it into the store with `quantconf secret set`, and set SECURE:name here"};
}

std::optional<Fault> check_value(const Value& value, Syntax syntax, std::size_t depth) {
    if (depth > limits::kDepth) {
        return Fault{
            .message = fmt::format("expected at most {} levels of nesting, found more", limits::kDepth),
            .hint = "a configuration of this depth is usually a mistake"};
    }
    switch (value.kind()) {
        case Value::Kind::Invalid:
            return Fault{.message = "expected a valid value, found an invalid one",
                         .hint = "correct the value"};
        case Value::Kind::Float:
            if (syntax == Syntax::Json && !std::isfinite(value.as_number())) {
                return Fault{.message = "expected a finite number, found one that JSON has no word for",
                             .hint = "rename the file to .yaml"};
            }
            return std::nullopt;
        case Value::Kind::Text:
            return check_text_value(value.as_text());
        case Value::Kind::Secret:
            return check_secret(value);
        case Value::Kind::List:
            for (const Value& item : value.items()) {
                if (auto fault = check_value(item, syntax, depth + 1)) {
                    return fault;
                }
            }
            return std::nullopt;
        case Value::Kind::Map:
            for (const Member& member : value.members()) {
                auto fault = check_edit_key(member.name);
                if (fault || (fault = check_value(member.value, syntax, depth + 1))) {
                    return fault;
                }
            }
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

void refuse(Report& report, Code code, const Edit& edit, Fault fault) {
    report.add({.code = code,
                .path = dotted(edit.path),
                .message = std::move(fault.message),
                .hint = std::move(fault.hint),
                .origin = report.at(0, 0)});
}

std::optional<Fault> check_edit(const Edit& edit, Syntax syntax) {
    if (edit.path.empty() || edit.path.size() > limits::kDepth) {
        return Fault{.message = fmt::format("expected a path of 1..{} keys, found {}", limits::kDepth,
                                            edit.path.empty() ? "none" : "more"),
                     .hint = "name the key that shall change"};
    }
    for (const std::string& key : edit.path) {
        if (auto fault = check_edit_key(key)) {
            return fault;
        }
    }
    return edit.value ? check_value(*edit.value, syntax, edit.path.size()) : std::nullopt;
}

/// False if another edit is for the same place, or for one inside.
bool add(const Edit& edit, Wish& root) {
    Wish* wish = &root;
    for (const std::string& key : edit.path) {
        if (wish->edit != nullptr) {
            return false;
        }
        const auto [found, is_new] = wish->by_key.try_emplace(key, nullptr);
        if (is_new) {
            wish->below.push_back(std::make_unique<Wish>());
            wish->below.back()->key = key;
            found->second = wish->below.back().get();
        }
        wish = const_cast<Wish*>(found->second);  // Ours: made just above, or by an earlier edit.
    }
    if (wish->edit != nullptr || !wish->below.empty()) {
        return false;
    }
    wish->edit = &edit;
    return true;
}

}  // namespace

bool Wish::sets_something() const {
    if (edit != nullptr) {
        return edit->value.has_value();
    }
    for (const auto& wish : below) {
        if (wish->sets_something()) {
            return true;
        }
    }
    return false;
}

Value Wish::value(Arena& arena) const {
    if (edit != nullptr) {
        return edit->value.value_or(Value{});
    }
    std::vector<Member> members;
    for (const auto& wish : below) {
        if (wish->sets_something()) {
            members.push_back({.name = wish->key, .value = wish->value(arena)});
        }
    }
    return Value::map(arena.copy(std::span<const Member>{members}));
}

bool read_wishes(std::span<const Edit> edits, Syntax syntax, Wish& root, Report& report) {
    for (const Edit& edit : edits) {
        if (auto fault = check_edit(edit, syntax)) {
            refuse(report, Code::EditNotWritable, edit, *std::move(fault));
        } else if (!add(edit, root)) {
            refuse(report, Code::EditsContradict, edit,
                   {.message = "expected one edit for each place, found another for the same or inside of it",
                    .hint = "keep one of the two"});
        }
    }
    return !report.has_errors();
}

std::string dotted(std::span<const std::string> path) {
    return fmt::format("{}", fmt::join(path, "."));
}

}  // namespace quantconf::format
