#include <algorithm>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "base/diagnostic_report.hpp"
#include "schema/type_tree.hpp"
#include "value/canonical.hpp"

namespace quantconf::schema {

using value::Entry;
using value::Node;
using value::NodeKind;

namespace {

bool holds_secret(const Field& field) {
    return field.type == Type::Secret || std::ranges::any_of(field.children, holds_secret);
}

std::string with_article(std::string_view noun) {
    const bool is_vowel = std::string_view{"aeio"}.contains(noun.front());
    return fmt::format("{} {}", is_vowel ? "an" : "a", noun);
}

std::string expected_shape(const Field& field, std::string_view path) {
    return field.type == Type::Struct ? fmt::format("a mapping (section {})", path)
                                      : with_article(name_of(field.type));
}

std::string_view found_shape(const Node& node) {
    if (node.is_null()) {
        return "null";
    }
    switch (node.kind) {
        case NodeKind::List:
            return "a list";
        case NodeKind::Map:
            return "a mapping";
        case NodeKind::Scalar:
            break;
    }
    return "a single value";
}

void expect(Diagnostic& diagnostic, std::string expected, std::string_view found) {
    diagnostic.message = fmt::format("expected {}, found {}", expected, found);
    diagnostic.expected = std::move(expected);
    diagnostic.found = found;
}

/// What could stand behind the colon of a missing key: never a value that somebody might take over unread.
std::string example_of(const Field& field) {
    if (!field.options.examples.empty()) {
        return field.options.examples.front();
    }
    switch (field.type) {
        case Type::Secret:
            return fmt::format("SECURE:{}", field.name);
        case Type::List:
            return "[...]";
        case Type::Map:
        case Type::Struct:
            return "{...}";
        case Type::Enum:
            return fmt::format("<{}>", fmt::join(field.names, "|"));
        default:
            return fmt::format("<{}>", name_of(field.type));
    }
}

std::string counted(std::size_t count, const Field& field) {
    const std::string_view noun = field.type == Type::List ? "item" : "entr";
    const std::string_view one = field.type == Type::List ? "" : "y";
    const std::string_view many = field.type == Type::List ? "s" : "ies";
    return fmt::format("{} {}{}", count, noun, count == 1 ? one : many);
}

}  // namespace

Diagnostic& TreeWalk::report(Code code, Origin origin) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.path = path_;
    diagnostic.origin = std::move(origin);
    make_room(typing_.diagnostics);
    typing_.diagnostics.push_back(std::move(diagnostic));
    return typing_.diagnostics.back();
}

void TreeWalk::report_unknown_key(const Entry& entry, const Field& section) {
    const PathScope scope{path_, entry.key()};
    Diagnostic& diagnostic = report(Code::UnknownKey, entry.key_origin());
    diagnostic.message = "unknown key";
    diagnostic.hint = suggestions_.hint(entry.key(), section);
    for (const Node* lower = entry.value.below; lower != nullptr; lower = lower->below) {
        diagnostic.related.push_back({lower->origin(), "also set here"});
    }
    conceal(entry.value);
}

void TreeWalk::report_missing(const Field& field, const Anchor& anchor) {
    if (!typing_.report_missing || hidden_depth_ > 0) {
        return;
    }
    Origin origin = root_.origin();  // The root's file start.
    origin.begin = origin.end = 0;
    if (anchor.entry != nullptr) {
        origin = anchor.entry->key_origin();
    } else if (anchor.item != nullptr) {
        origin = anchor.item->origin();
    }
    Diagnostic& diagnostic = report(Code::MissingKey, std::move(origin));
    diagnostic.message = field.options.required ? "required key is missing"
                                                : fmt::format("required key is missing; {} must set it",
                                                              name_of(typing_.environment));
    const auto dot = path_.rfind('.');
    const std::string place =
        dot == std::string::npos ? "at the top level" : fmt::format("under {}", path_.substr(0, dot));
    diagnostic.hint = fmt::format("add `{}: {}` {}", field.name, example_of(field), place);
}

void TreeWalk::report_shape(const Node& node, const Field& field) {
    Diagnostic& diagnostic = report(Code::WrongShape, node.origin());
    expect(diagnostic, expected_shape(field, path_), found_shape(node));
    if (field.type == Type::List) {
        diagnostic.hint = "a list is written [a, b], or one item a line after a dash";
    } else if (field.type == Type::Map || field.type == Type::Struct) {
        diagnostic.hint = "write its keys below it, indented, as `key: value`";
    }
    if (holds_secret(field)) {
        conceal(node);
    }
}

void TreeWalk::report_null(const Node& node, const Field& field) {
    Diagnostic& diagnostic = report(Code::NullNotAllowed, node.origin());
    expect(diagnostic, expected_shape(field, path_), "null");
    diagnostic.hint =
        field.type == Type::List
            ? "write [] for an empty list, or remove the key"
            : "put something below the key or remove it; `!delete` takes away what a lower layer set";
    add_lower_origin(diagnostic, node);
}

void TreeWalk::report_shared_secret(const Node& node, std::string_view secret) {
    Diagnostic& diagnostic = report(Code::PlainTextSecret, node.origin());
    diagnostic.message = fmt::format("an alias makes this the same text as the secret {}", secret);
    diagnostic.hint = "this field is no secret, so its value is shown: write a value of its own";
}

void TreeWalk::check_length(const Node& node, const Field& field, std::size_t count) {
    const std::optional<std::uint32_t>& min = field.options.min_length;
    const std::optional<std::uint32_t>& max = field.options.max_length;
    const bool is_long_enough = !min || count >= *min || (hidden_depth_ > 0 && field.type == Type::Map);
    if (is_long_enough && (!max || count <= *max)) {
        return;
    }
    const std::string expected = min && max ? fmt::format("{}..{}", *min, counted(*max, field))
                                 : min      ? fmt::format("at least {}", counted(*min, field))
                                            : fmt::format("at most {}", counted(*max, field));
    expect(report(Code::Length, node.origin()), expected, counted(count, field));
}

void TreeWalk::check_unique(const Node& list, std::span<const Value> items) {
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].is_invalid() || items[i].kind() == Value::Kind::Secret) {
            continue;
        }
        const auto [first, is_new] = seen.emplace(value::canonical(items[i]), i);
        if (!is_new) {
            const PathScope scope{path_, i};
            Diagnostic& diagnostic = report(Code::DuplicateListKey, list.list()[i].origin());
            diagnostic.message = "every item of this list must be different, but this one stands twice";
            diagnostic.related.push_back({list.list()[first->second].origin(), "first set here"});
        }
    }
}

void TreeWalk::add_lower_origin(Diagnostic& diagnostic, const Node& node) const {
    if (node.below != nullptr && !node.below->is_deletion()) {
        diagnostic.related.push_back({node.below->origin(), "the value of the lower layer"});
    }
}

bool TreeWalk::is_required(const Field& field) const {
    return field.options.required ||
           std::ranges::any_of(field.options.stricter, [this](const EnvironmentBounds& bounds) {
               return bounds.required && bounds.environment == typing_.environment;
           });
}

void TreeWalk::conceal(const Node& node) {
    conceal_alone(node);
    const Node* above = &node;
    for (const Node* lower = node.below; lower != nullptr; above = lower, lower = lower->below) {
        if (!above->includes_below) {
            conceal_alone(*lower);
        }
    }
}

void TreeWalk::conceal_alone(const Node& node) {
    if (node.kind != NodeKind::Map) {  // All of a list: what !remove took out is no child any more.
        typing_.secrets.push_back({node.source, node.begin, node.end});
    }
    if (node.kind == NodeKind::List) {
        std::ranges::for_each(node.list(), [this](const Node& item) { conceal(item); });
    } else if (node.kind == NodeKind::Map) {
        std::ranges::for_each(node.map(), [this](const Entry& entry) { conceal(entry.value); });
    }
}

}  // namespace quantconf::schema
