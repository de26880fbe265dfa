#pragma once

#include <limits>
#include <optional>
#include <string>

#include "quantconf/environment.hpp"
#include "quantconf/field.hpp"
#include "schema/scalar.hpp"

namespace quantconf::schema {

/// Wide enough for every std::int64_t, std::uint64_t and double, so that nothing is rounded when compared.
using Exact = long double;
static_assert(std::numeric_limits<Exact>::digits >= 64);

[[nodiscard]] Exact exact(const Number& number);

struct Limit {
    Number number;
    bool is_exclusive = false;
};

/// The values that are allowed. No limit: as far as the type goes.
struct Range {
    std::optional<Limit> min;
    std::optional<Limit> max;

    /// Never true for NaN as soon as there is a limit.
    [[nodiscard]] bool contains(Exact value) const;
};

/// What the schema says about the field: ordinary bounds, stricter ones of the environment (if given), ports,
/// and that a duration is not negative unless its minimum is.
[[nodiscard]] Range range_of(const Field& field, std::optional<Environment> environment);

/// The range of an integer's C++ type.
[[nodiscard]] Range type_range_of(const Field& field);

/// What both allow.
[[nodiscard]] Range tighter(const Range& a, const Range& b);

/// "0.01..1.0", ">= 1", "> 0", "100ms..1m", "> 0 and <= 1.0".
[[nodiscard]] std::string to_text(const Range& range);

/// Where a value is only wrong in this environment, the user should not have to search for the reason.
[[nodiscard]] std::string environment_hint(const Scalar& scalar, Exact value);

/// Reports a value outside of `range` with the advice that fits. Always Invalid.
[[nodiscard]] Value refuse_range(const Scalar& scalar, const Range& range, std::string hint);

}  // namespace quantconf::schema
