#include "schema/json_schema_bounds.hpp"

#include <limits>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "value/units.hpp"

namespace quantconf::schema {

namespace {

/// Bounds of one field have one unit, so different kinds meet only among plain numbers.
bool less(const Number& left, const Number& right) {
    return std::visit(
        [](const auto& a, const auto& b) {
            using A = std::remove_cvref_t<decltype(a)>;
            using B = std::remove_cvref_t<decltype(b)>;
            if constexpr (std::is_same_v<A, B>) {
                return a < b;
            } else if constexpr (std::is_integral_v<A> && std::is_integral_v<B>) {
                return std::cmp_less(a, b);
            } else if constexpr (std::is_arithmetic_v<A> && std::is_arithmetic_v<B>) {
                return static_cast<double>(a) < static_cast<double>(b);
            } else {
                return false;
            }
        },
        left, right);
}

/// A float field's bound may be declared as `.min = 1`.
Number in_unit_of(const Field& field, const Number& number) {
    if (field.type != Type::Float) {
        return number;
    }
    return std::visit(
        [&](const auto& n) -> Number {
            if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(n)>>) {
                return static_cast<double>(n);
            } else {
                return n;
            }
        },
        number);
}

std::optional<Edge> declared(const Field& field, const std::optional<Bound>& bound, bool exclusive) {
    if (!bound) {
        return std::nullopt;
    }
    return Edge{in_unit_of(field, bound->number()), exclusive};
}

}  // namespace

std::optional<Edge> lower_edge(const Field& field) {
    auto edge = declared(field, field.options.min, field.options.exclusive_min);
    std::optional<Number> of_type;
    if (field.type == Type::Port) {
        of_type = std::int64_t{1};
    } else if (field.type == Type::Integer && field.type_min &&
               *field.type_min != std::numeric_limits<std::int64_t>::min()) {
        of_type = *field.type_min;
    }
    if (of_type && (!edge || less(edge->number, *of_type))) {
        edge = Edge{*of_type, false};
    }
    return edge;
}

std::optional<Edge> upper_edge(const Field& field) {
    auto edge = declared(field, field.options.max, field.options.exclusive_max);
    std::optional<Number> of_type;
    if (field.type == Type::Port) {
        of_type = std::int64_t{65535};
    } else if (field.type == Type::Integer && field.type_max &&
               *field.type_max != std::numeric_limits<std::uint64_t>::max()) {
        of_type = *field.type_max;
    }
    if (of_type && (!edge || less(*of_type, edge->number))) {
        edge = Edge{*of_type, false};
    }
    return edge;
}

bool allows_negative(const Field& field) {
    if (!field.options.min) {
        return false;
    }
    const auto* duration = std::get_if<Duration>(&field.options.min->number());
    return duration != nullptr && *duration < Duration::zero();
}

std::string bound_text(const Field& field, const Number& number) {
    return std::visit(
        [](const auto& n) -> std::string {
            if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(n)>>) {
                return fmt::format("{}", n);
            } else {
                return value::to_text(n);
            }
        },
        in_unit_of(field, number));
}

void write_bound(JsonWriter& json, const Field& field, const Number& number) {
    std::visit(
        [&](const auto& n) {
            if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(n)>>) {
                json.value(n);
            } else {
                json.value(value::to_text(n));
            }
        },
        in_unit_of(field, number));
}

}  // namespace quantconf::schema
