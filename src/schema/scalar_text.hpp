#pragma once

#include <string_view>

#include "schema/scalar.hpp"

namespace quantconf::schema {

/// What holds for every text: no NUL, as many characters as the field allows, the form that its pattern asks
/// for. Reports and returns false otherwise. `text` is the scalar's text after unescaping.
[[nodiscard]] bool check_text(const Scalar& scalar, std::string_view text);

/// Warns where "abc #def" lost its end to a comment that looks as if it were meant as a part of the value. A
/// lost end of a secret is concealed.
void check_comment_tail(const Scalar& scalar);

}  // namespace quantconf::schema
