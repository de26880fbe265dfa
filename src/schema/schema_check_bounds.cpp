#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <variant>

#include <fmt/format.h>

#include "schema/schema_build.hpp"
#include "value/units.hpp"

namespace quantconf::schema {
namespace {

/// Wide enough for every std::int64_t, std::uint64_t and double, so bounds of one field compare exactly.
using Wide = long double;
static_assert(std::numeric_limits<Wide>::digits >= 64);

Wide wide(const Number& number) {
    return std::visit(
        [](const auto& value) -> Wide {
            using T = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_same_v<T, Duration>) {
                return static_cast<Wide>(value.count());
            } else if constexpr (std::is_same_v<T, ByteSize>) {
                return static_cast<Wide>(value.bytes);
            } else {
                return static_cast<Wide>(value);
            }
        },
        number);
}

std::string text_of(const Number& number) {
    return std::visit(
        [](const auto& value) -> std::string {
            if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(value)>>) {
                return fmt::to_string(value);
            } else {
                return value::to_text(value);
            }
        },
        number);
}

bool fits(Type type, const Number& number) {
    const bool is_whole =
        std::holds_alternative<std::int64_t>(number) || std::holds_alternative<std::uint64_t>(number);
    switch (type) {
        case Type::Integer:
        case Type::Port:
            return is_whole;
        case Type::Float:
            return is_whole ||
                   (std::holds_alternative<double>(number) && std::isfinite(std::get<double>(number)));
        case Type::Duration:
            return std::holds_alternative<Duration>(number);
        case Type::Size:
            return std::holds_alternative<ByteSize>(number);
        default:
            return false;
    }
}

class BoundsCheck {
public:
    BoundsCheck(const Field& field, std::string_view path, Diagnostics& diagnostics)
        : field_{field}, path_{path}, diagnostics_{diagnostics} {}

    void run() {
        const Options& options = field_.options;
        if ((options.exclusive_min && !options.min) || (options.exclusive_max && !options.max)) {
            bad("an exclusive bound needs the bound itself");
        }
        check_pair(options.min, options.max, {});
        std::array<bool, kEnvironments.size()> seen{};
        for (const EnvironmentBounds& stricter : options.stricter) {
            const std::string_view environment = name_of(stricter.environment);
            if (std::exchange(seen[static_cast<std::size_t>(stricter.environment)], true)) {
                bad(fmt::format("the bounds for {} stand twice", environment));
            }
            const bool is_sound = check_pair(stricter.min, stricter.max, environment);
            if (is_sound) {
                check_stricter(stricter, environment);
            }
        }
    }

private:
    void bad(std::string message) { report_bad_schema(diagnostics_, path_, std::move(message)); }

    /// "min 5" or "min 5 of production".
    static std::string name_bound(std::string_view name, const Bound& bound, std::string_view environment) {
        const std::string text = fmt::format("{} {}", name, text_of(bound.number()));
        return environment.empty() ? text : fmt::format("{} of {}", text, environment);
    }

    bool check_kind(const std::optional<Bound>& bound, std::string_view name, std::string_view environment) {
        if (!bound) {
            return true;
        }
        if (!fits(field_.type, bound->number())) {
            bad(fmt::format("{} does not fit a field of type {}", name_bound(name, *bound, environment),
                            name_of(field_.type)));
            return false;
        }
        if (!is_inside_type(wide(bound->number()))) {
            bad(fmt::format("{} is outside of what the field's type can hold",
                            name_bound(name, *bound, environment)));
            return false;
        }
        return true;
    }

    [[nodiscard]] bool is_inside_type(Wide value) const {
        if (field_.type == Type::Port && (value < 1 || value > 65535)) {
            return false;
        }
        return (!field_.type_min || value >= static_cast<Wide>(*field_.type_min)) &&
               (!field_.type_max || value <= static_cast<Wide>(*field_.type_max));
    }

    bool check_pair(const std::optional<Bound>& min, const std::optional<Bound>& max,
                    std::string_view environment) {
        const bool min_fits = check_kind(min, "min", environment);
        const bool max_fits = check_kind(max, "max", environment);
        if (!min_fits || !max_fits) {
            return false;
        }
        if (min && max && is_empty(wide(min->number()), wide(max->number()))) {
            bad(fmt::format("{} and {} leave no value", name_bound("min", *min, environment),
                            name_bound("max", *max, environment)));
            return false;
        }
        return true;
    }

    [[nodiscard]] bool is_empty(Wide min, Wide max) const {
        const bool is_continuous = field_.type == Type::Float;
        const int open_ends = (field_.options.exclusive_min ? 1 : 0) + (field_.options.exclusive_max ? 1 : 0);
        if (is_continuous) {
            return open_ends == 0 ? min > max : min >= max;
        }
        return min + static_cast<Wide>(open_ends) > max;
    }

    /// Bounds of an environment come on top of the ordinary ones; looser ones would only look like a limit.
    void check_stricter(const EnvironmentBounds& stricter, std::string_view environment) {
        const auto& [min, max] = std::pair{field_.options.min, field_.options.max};
        for (const auto& [bound, name] : {std::pair{stricter.min, "min"}, std::pair{stricter.max, "max"}}) {
            if (!bound) {
                continue;
            }
            const Wide value = wide(bound->number());
            if ((min && fits(field_.type, min->number()) && value < wide(min->number())) ||
                (max && fits(field_.type, max->number()) && value > wide(max->number()))) {
                bad(fmt::format("{} is looser than the field's own bounds",
                                name_bound(name, *bound, environment)));
            }
        }
    }

    const Field& field_;
    std::string_view path_;
    Diagnostics& diagnostics_;
};

}  // namespace

void check_bounds(const Field& field, std::string_view path, Diagnostics& diagnostics) {
    BoundsCheck{field, path, diagnostics}.run();
}

}  // namespace quantconf::schema
