#pragma once

#include <string>
#include <string_view>

#include "quantconf/code.hpp"
#include "quantconf/field.hpp"
#include "schema/typing.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// One scalar on its way to become a value of its field. Lives during one call of type_scalar.
struct Scalar {
    Typing& typing;
    const value::Node& node;
    const Field& field;
    std::string_view path;

    [[nodiscard]] std::string_view text() const noexcept { return node.scalar(); }
};

// One function for each family of types. They report and return Invalid where the text is not a value.

[[nodiscard]] Value type_boolean(const Scalar& scalar);
[[nodiscard]] Value type_integer(const Scalar& scalar);  ///< Also ports.
[[nodiscard]] Value type_float(const Scalar& scalar);
[[nodiscard]] Value type_duration(const Scalar& scalar);
[[nodiscard]] Value type_size(const Scalar& scalar);
[[nodiscard]] Value type_string(const Scalar& scalar);
[[nodiscard]] Value type_enum(const Scalar& scalar);
[[nodiscard]] Value type_url(const Scalar& scalar);
[[nodiscard]] Value type_host(const Scalar& scalar);
[[nodiscard]] Value type_time_zone(const Scalar& scalar);
[[nodiscard]] Value type_secret(const Scalar& scalar);

/// "an integer", "a duration such as 30s": what a field of this type wants to see.
[[nodiscard]] std::string expected_text(const Field& field);

}  // namespace quantconf::schema
