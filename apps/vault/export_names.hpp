#pragma once

#include <optional>
#include <string_view>

namespace quantconf::app {

/// Why a variable is no place for an export of `run`, and what to do instead.
struct NoPlace {
    std::string_view reason;
    std::string_view hint;
};

/// Variables that decide which code runs, or with which configuration: a value out of a file, or a secret,
/// takes their place neither by mistake nor by a trick of somebody who may edit the file. There is no way to
/// allow it here: whoever means it sets the variable himself, in front of `quantconf run`.
[[nodiscard]] std::optional<NoPlace> no_place_for(std::string_view variable,
                                                  std::string_view environment_variable);

}  // namespace quantconf::app
