#include "schema/scalar_bounds.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "schema/scalar_report.hpp"
#include "value/units.hpp"

namespace quantconf::schema {

namespace {

std::string to_text(const Number& number) {
    return std::visit(
        [](const auto& value) -> std::string {
            if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(value)>>) {
                return fmt::format("{}", value);
            } else {
                return value::to_text(value);
            }
        },
        number);
}

std::optional<Limit> greater(const std::optional<Limit>& a, const std::optional<Limit>& b) {
    if (!a || !b) {
        return a ? a : b;
    }
    const Exact left = exact(a->number);
    const Exact right = exact(b->number);
    return left > right || (left == right && a->is_exclusive) ? a : b;
}

std::optional<Limit> smaller(const std::optional<Limit>& a, const std::optional<Limit>& b) {
    if (!a || !b) {
        return a ? a : b;
    }
    const Exact left = exact(a->number);
    const Exact right = exact(b->number);
    return left < right || (left == right && a->is_exclusive) ? a : b;
}

std::optional<Limit> limit(const std::optional<Bound>& bound, bool is_exclusive) {
    if (!bound) {
        return std::nullopt;
    }
    return Limit{.number = bound->number(), .is_exclusive = is_exclusive};
}

}  // namespace

Exact exact(const Number& number) {
    return std::visit(
        [](const auto& value) -> Exact {
            using T = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_same_v<T, Duration>) {
                return static_cast<Exact>(value.count());
            } else if constexpr (std::is_same_v<T, ByteSize>) {
                return static_cast<Exact>(value.bytes);
            } else {
                return static_cast<Exact>(value);
            }
        },
        number);
}

bool Range::contains(Exact value) const {
    // Written so that every comparison with NaN says no.
    const auto above = [value](const Limit& low) {
        return low.is_exclusive ? value > exact(low.number) : value >= exact(low.number);
    };
    const auto below = [value](const Limit& high) {
        return high.is_exclusive ? value < exact(high.number) : value <= exact(high.number);
    };
    return (!min || above(*min)) && (!max || below(*max));
}

Range range_of(const Field& field, std::optional<Environment> environment) {
    const Options& options = field.options;
    Range range{.min = limit(options.min, options.exclusive_min),
                .max = limit(options.max, options.exclusive_max)};
    if (field.type == Type::Port) {
        range = tighter(range, {.min = Limit{std::int64_t{1}}, .max = Limit{std::int64_t{65535}}});
    }
    if (field.type == Type::Duration && !range.min) {
        range.min = Limit{Duration{0}};
    }
    for (const EnvironmentBounds& bounds : options.stricter) {
        if (bounds.environment == environment) {
            range = tighter(range, {.min = limit(bounds.min, false), .max = limit(bounds.max, false)});
        }
    }
    return range;
}

Range type_range_of(const Field& field) {
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    return {.min = Limit{field.type_min.value_or(kMin)}, .max = Limit{field.type_max.value_or(kMax)}};
}

Range tighter(const Range& a, const Range& b) {
    return {.min = greater(a.min, b.min), .max = smaller(a.max, b.max)};
}

std::string to_text(const Range& range) {
    const auto& [min, max] = range;
    if (min && max && !min->is_exclusive && !max->is_exclusive) {
        return fmt::format("{}..{}", to_text(min->number), to_text(max->number));
    }
    std::string text;
    if (min) {
        text = fmt::format("{} {}", min->is_exclusive ? ">" : ">=", to_text(min->number));
    }
    if (max) {
        text +=
            fmt::format("{}{} {}", min ? " and " : "", max->is_exclusive ? "<" : "<=", to_text(max->number));
    }
    return text;
}

std::string environment_hint(const Scalar& scalar, Exact value) {
    if (!range_of(scalar.field, std::nullopt).contains(value)) {
        return {};
    }
    return fmt::format("{} has narrower limits than other environments", name_of(scalar.typing.environment));
}

Value refuse_range(const Scalar& scalar, const Range& range, std::string hint) {
    return refuse(scalar, {.code = Code::OutOfRange, .expected = to_text(range), .hint = std::move(hint)});
}

}  // namespace quantconf::schema
