#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "schema/number.hpp"
#include "schema/scalar.hpp"
#include "schema/scalar_bounds.hpp"
#include "schema/scalar_number_hints.hpp"
#include "schema/scalar_report.hpp"

namespace quantconf::schema {

namespace {

Exact exact(const Integer& integer) {
    const auto magnitude = static_cast<Exact>(integer.magnitude);
    return integer.is_negative ? -magnitude : magnitude;
}

Value to_value(const Integer& integer, const value::Node& node) {
    if (!integer.is_negative) {
        return Value::unsigned_integer(integer.magnitude, &node);
    }
    return Value::integer(static_cast<std::int64_t>(0 - integer.magnitude), &node);
}

Code code_of(NumberError error) {
    switch (error) {
        case NumberError::NotANumber:
        case NumberError::NotWhole:
            return Code::WrongType;
        case NumberError::LeadingZero:
            return Code::LeadingZero;
        case NumberError::Binary:
        case NumberError::Spelling:
            return Code::NumberSpelling;
        case NumberError::NotFinite:
            return Code::NotFinite;
        case NumberError::Overflow:
            return Code::Overflow;
        case NumberError::Underflow:
        case NumberError::NotExact:
            return Code::NotExact;
    }
    return Code::WrongType;
}

std::string expected_instead(const Scalar& scalar, NumberError error) {
    const std::string expected = expected_text(scalar.field);
    switch (error) {
        case NumberError::LeadingZero:
            return expected + " without a leading zero";
        case NumberError::NotFinite:
            return scalar.field.type == Type::Float ? "a finite number" : expected;
        case NumberError::Overflow:
            return "a number that a double can hold";
        case NumberError::Underflow:
            return "a number that does not become 0";
        case NumberError::NotExact:
            return "a number that a double holds exactly";
        default:
            return expected;
    }
}

Value refuse_number(const Scalar& scalar, NumberError error) {
    return refuse(scalar, {.code = code_of(error),
                           .expected = expected_instead(scalar, error),
                           .hint = number_hint(scalar, error)});
}

std::string range_hint(const Scalar& scalar, const Range& range, double number) {
    std::string hint = percent_hint(scalar, range, number);
    return hint.empty() ? environment_hint(scalar, static_cast<Exact>(number)) : hint;
}

}  // namespace

Value type_integer(const Scalar& scalar) {
    const Range own = range_of(scalar.field, scalar.typing.environment);
    const Range type = type_range_of(scalar.field);
    const auto integer = parse_integer(scalar.text());
    if (!integer) {
        return integer.error() == NumberError::Overflow ? refuse_range(scalar, tighter(own, type), {})
                                                        : refuse_number(scalar, integer.error());
    }
    const Exact value = exact(*integer);
    if (!own.contains(value)) {
        return refuse_range(scalar, own, environment_hint(scalar, value));
    }
    if (!type.contains(value)) {
        return refuse_range(scalar, tighter(own, type), {});
    }
    return to_value(*integer, scalar.node);
}

Value type_float(const Scalar& scalar) {
    auto number = parse_float(scalar.text());
    if (!number && number.error() == NumberError::NotFinite && scalar.field.options.allow_non_finite) {
        number = parse_non_finite(scalar.text());
        if (!number) {
            number = std::unexpected{NumberError::NotFinite};
        }
    }
    if (!number) {
        return refuse_number(scalar, number.error());
    }
    const Range range = range_of(scalar.field, scalar.typing.environment);
    if (!range.contains(static_cast<Exact>(*number))) {
        return refuse_range(scalar, range, range_hint(scalar, range, *number));
    }
    return Value::number(*number, &scalar.node);
}

}  // namespace quantconf::schema
