#pragma once

#include <string>
#include <string_view>

#include "apps/quantconf/arguments.hpp"

namespace quantconf::app {

/// For a word that nothing takes. `command` is the one that was found before it; empty: none.
[[nodiscard]] Stop unexpected_word(std::string_view command, const std::string& word);

/// Where the usage of a command is shown; of all of them without one.
[[nodiscard]] std::string usage_hint(std::string_view command);

}  // namespace quantconf::app
