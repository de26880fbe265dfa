#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <system_error>
#include <variant>

#include "quantconf/diagnostic.hpp"

namespace quantconf {

/// The world failed: a disk, a permission, a network. Wrong data is a Diagnostic instead.
struct Error {
    std::string operation = {};  ///< What we were doing: "read".
    std::string subject = {};    ///< To what: "config/base.yaml".
    std::error_code cause = {};  ///< Why, as the operating system says it.
    std::string hint = {};       ///< What to do next; may be empty.
};

/// "cannot read config/base.yaml: Permission denied".
[[nodiscard]] std::string to_text(const Error& error);

/// Either a value or the world's reason for there being none.
template <typename T>
using Outcome = std::expected<T, Error>;

/// Operations that can fail both ways say so.
using Failure = std::variant<Diagnostics, Error>;

/// Every diagnostic, or the one error, as text for a person.
[[nodiscard]] std::string to_text(const Failure& failure);

}  // namespace quantconf
