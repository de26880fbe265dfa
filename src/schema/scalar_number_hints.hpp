#pragma once

#include <string>

#include "schema/number.hpp"
#include "schema/scalar.hpp"
#include "schema/scalar_bounds.hpp"

namespace quantconf::schema {

/// How to write the number that was probably meant; may be empty. Numbers are only ever proposed, never
/// taken.
[[nodiscard]] std::string number_hint(const Scalar& scalar, NumberError error);

/// "5% is written 0.05", where the range is one of fractions and a hundredth of the number lies in it.
[[nodiscard]] std::string percent_hint(const Scalar& scalar, const Range& range, double number);

}  // namespace quantconf::schema
