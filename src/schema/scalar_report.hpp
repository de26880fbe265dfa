#pragma once

#include <span>
#include <string>
#include <string_view>

#include "quantconf/code.hpp"
#include "schema/scalar.hpp"

namespace quantconf::schema {

/// Whether the text may stand in a message: it is no secret, contains none, and was written by the user as it
/// is (the result of ${...} may come from a variable that nobody wants to see printed).
[[nodiscard]] bool may_quote(const Scalar& scalar);

/// What the user wrote, for "found ...": bare if it is short and simple, else quoted and cut. Where the text
/// must not be shown it says so, and the loader is told to conceal it.
[[nodiscard]] std::string found_text(const Scalar& scalar);

/// Tells the loader never to show the scalar.
void conceal(const Scalar& scalar);

/// Why a scalar is refused.
struct Refusal {
    Code code = Code::WrongType;
    std::string expected = {};
    std::string found = {};  ///< Empty: found_text().
    std::string hint = {};
};

/// Reports "expected X, found Y". Always Invalid.
[[nodiscard]] Value refuse(const Scalar& scalar, Refusal refusal);

/// Reports a sentence where "expected, found" would say too much or too little. The caller may add to it.
Diagnostic& report(const Scalar& scalar, Severity severity, Code code, std::string message,
                   std::string hint = {});

/// "did you mean INFO?", or nothing. Gives up after many diagnostics: each costs a look at every candidate.
[[nodiscard]] std::string suggestion(const Scalar& scalar, std::span<const std::string> candidates);

}  // namespace quantconf::schema
