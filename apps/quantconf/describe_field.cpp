#include "apps/quantconf/describe_field.hpp"

#include <type_traits>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "value/units.hpp"

namespace quantconf::app {
namespace {

std::string to_text(const Bound& bound) {
    return std::visit(
        [](const auto& number) {
            using T = std::decay_t<decltype(number)>;
            if constexpr (std::is_integral_v<T>) {
                return std::to_string(number);
            } else {
                return value::to_text(number);
            }
        },
        bound.number());
}

std::string allowed(const Field& field) {
    const Options& options = field.options;
    if (!field.names.empty()) {
        return fmt::format("one of {}", fmt::join(field.names, ", "));
    }
    std::string text;
    if (options.min && options.max && !options.exclusive_min && !options.exclusive_max) {
        text = fmt::format("{}..{}", to_text(*options.min), to_text(*options.max));
    } else {
        if (options.min) {
            text += fmt::format("{} {}", options.exclusive_min ? ">" : ">=", to_text(*options.min));
        }
        if (options.max) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                                options.exclusive_max ? "<" : "<=", to_text(*options.max));
        }
    }
    if (!options.pattern.empty()) {
        text += fmt::format("{}matching {}", text.empty() ? "" : ", ", options.pattern);
    }
    return text;
}

std::string type_text(const Field& field) {
    std::string text{name_of(field.type)};
    if (field.type == Type::List || field.type == Type::Map) {
        text += fmt::format(" of {}", name_of(field.element().type));
    }
    if (const std::string range = allowed(field); !range.empty()) {
        text += fmt::format(", {}", range);
    }
    if (!field.options.unit.empty()) {
        text += fmt::format(" ({})", field.options.unit);
    }
    if (field.options.required) {
        text += ", required";
    }
    return text;
}

std::string_view reload_text(const Field& field) {
    return field.options.reload == Reload::Live ? "live" : "restart";
}

std::string_view risk_text(const Field& field) {
    switch (field.options.risk) {
        case Risk::Up:
            return "up";
        case Risk::Down:
            return "down";
        case Risk::None:
            break;
    }
    return "none";
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> describe(const Field& field) {
    std::vector<std::pair<std::string_view, std::string>> rows;
    rows.emplace_back("type", type_text(field));
    if (field.type != Type::Struct) {
        rows.emplace_back("takes effect", field.options.reload == Reload::Live
                                              ? "at once, while the program runs"
                                              : "at the next start");
        if (field.options.risk != Risk::None) {
            rows.emplace_back("risk", field.options.risk == Risk::Up ? "a higher value is riskier"
                                                                     : "a lower value is riskier");
        }
    }
    if (!field.options.help.empty()) {
        rows.emplace_back("meaning", field.options.help);
    }
    return rows;
}

void write_field(JsonWriter& json, const Field& field) {
    json.member("type", name_of(field.type));
    json.member("allowed", allowed(field));
    json.member("unit", field.options.unit);
    json.member("reload", reload_text(field));
    json.member("risk", risk_text(field));
    json.member("help", field.options.help);
}

}  // namespace quantconf::app
