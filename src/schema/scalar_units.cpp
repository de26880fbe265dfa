#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/scalar.hpp"
#include "schema/scalar_bounds.hpp"
#include "schema/scalar_report.hpp"
#include "value/units.hpp"

namespace quantconf::schema {

namespace {

using value::UnitError;

Code code_of(UnitError error) {
    switch (error) {
        case UnitError::NotANumber:
            return Code::WrongType;
        case UnitError::MissingUnit:
            return Code::MissingUnit;
        case UnitError::UnknownUnit:
            return Code::UnknownUnit;
        case UnitError::Overflow:
            return Code::Overflow;
        case UnitError::NotExact:
            return Code::NotExact;
    }
    return Code::WrongType;
}

/// "30 sec" -> {"30", "sec"}.
struct Quantity {
    std::string_view number;
    std::string unit;  ///< In lower case.
};

Quantity split(std::string_view text) {
    const auto end = std::min(text.find_first_not_of("-0123456789."), text.size());
    const auto unit = std::min(text.find_first_not_of(' ', end), text.size());
    return {.number = text.substr(0, end), .unit = ascii_lower(text.substr(unit))};
}

/// The unit of ours for what people also call it; empty if we do not know.
std::string_view known_duration_unit(std::string_view unit) {
    using Names = std::pair<std::string_view, std::string_view>;
    static constexpr std::array kNames{
        Names{"d", "d day days"},
        Names{"h", "h hr hrs hour hours"},
        Names{"m", "m min mins minute minutes"},
        Names{"s", "s sec secs second seconds"},
        Names{"ms", "ms msec msecs milli millis millisecond milliseconds"},
        Names{"us", "us usec usecs micros microsecond microseconds \xc2\xb5s \xce\xbcs"},
        Names{"ns", "ns nsec nsecs nanos nanosecond nanoseconds"},
    };
    const auto known = std::ranges::find_if(kNames, [unit](const Names& names) {
        return fmt::format(" {} ", names.second).contains(fmt::format(" {} ", unit));
    });
    return known == kNames.end() ? std::string_view{} : known->first;
}

std::string duration_hint(const Scalar& scalar, UnitError error) {
    if (!may_quote(scalar)) {
        return {};
    }
    if (error == UnitError::MissingUnit && value::parse_duration(fmt::format("{}m", scalar.text()))) {
        return fmt::format("write {0}s, {0}ms or {0}m", scalar.text());
    }
    if (error == UnitError::NotExact) {
        return "durations are whole nanoseconds";
    }
    if (error == UnitError::Overflow) {
        return "the longest duration is about 292 years";
    }
    const auto [number, unit] = split(scalar.text());
    const std::string written = fmt::format("{}{}", number, known_duration_unit(unit));
    if (!unit.empty() && value::parse_duration(written)) {
        return fmt::format("write {}", written);
    }
    return "units are d, h, m, s, ms, us and ns, the largest first: 1h30m";
}

/// "5KB" could be 5000 or 5120 bytes: the user has to say.
std::string size_hint(const Scalar& scalar, UnitError error) {
    if (!may_quote(scalar)) {
        return {};
    }
    if (error == UnitError::MissingUnit && value::parse_size(fmt::format("{}MiB", scalar.text()))) {
        return fmt::format("write {0}MiB, {0}MB or {0}kB", scalar.text());
    }
    if (error == UnitError::NotExact) {
        return "sizes are whole bytes";
    }
    if (error == UnitError::Overflow) {
        return "the largest size is 18446744073709551615B";
    }
    const auto [number, unit] = split(scalar.text());
    static constexpr std::array<std::string_view, 4> kEndings{"", "b", "i", "ib"};
    const bool is_number = value::parse_size(fmt::format("{}B", number)).has_value() ||
                           value::parse_size(fmt::format("{}TB", number)).has_value();
    const bool is_ambiguous = !unit.empty() && std::string_view{"kmgt"}.contains(unit.front()) &&
                              std::ranges::find(kEndings, unit.substr(1)) != kEndings.end();
    if (is_number && (unit == "b" || unit == "byte" || unit == "bytes")) {
        return fmt::format("write {}B", number);
    }
    if (!is_number || !is_ambiguous) {
        return "units are B, kB, MB, GB, TB (powers of ten) and KiB, MiB, GiB, TiB (powers of two)";
    }
    const std::string binary = ascii_upper(unit.substr(0, 1));
    const std::string decimal = binary == "K" ? "k" : binary;
    return fmt::format("write {0}{1}B (powers of ten) or {0}{2}iB (powers of two)", number, decimal, binary);
}

Value refuse_unit(const Scalar& scalar, UnitError error, std::string hint) {
    std::string expected = expected_text(scalar.field);
    if (error == UnitError::MissingUnit) {
        expected = scalar.field.type == Type::Duration ? "a duration with a unit" : "a size with a unit";
    }
    return refuse(scalar, {.code = code_of(error), .expected = std::move(expected), .hint = std::move(hint)});
}

}  // namespace

Value type_duration(const Scalar& scalar) {
    const auto duration = value::parse_duration(scalar.text());
    if (!duration) {
        return refuse_unit(scalar, duration.error(), duration_hint(scalar, duration.error()));
    }
    const Range range = range_of(scalar.field, scalar.typing.environment);
    const auto value = static_cast<Exact>(duration->count());
    if (!range.contains(value)) {
        return refuse_range(scalar, range, environment_hint(scalar, value));
    }
    return Value::duration(*duration, &scalar.node);
}

Value type_size(const Scalar& scalar) {
    const auto size = value::parse_size(scalar.text());
    if (!size) {
        return refuse_unit(scalar, size.error(), size_hint(scalar, size.error()));
    }
    const Range range = range_of(scalar.field, scalar.typing.environment);
    const auto value = static_cast<Exact>(size->bytes);
    if (!range.contains(value)) {
        return refuse_range(scalar, range, environment_hint(scalar, value));
    }
    return Value::size(*size, &scalar.node);
}

}  // namespace quantconf::schema
