#pragma once

#include <optional>
#include <string_view>

#include "apps/quantconf/arguments.hpp"

namespace quantconf::app {

/// "error: ..." and "hint: ..." for a wrong command line.
[[nodiscard]] Stop wrong_usage(std::string_view message, std::string_view hint);

/// The folder that `check DIR` names becomes the configuration folder; wrong if --config-dir has named one.
[[nodiscard]] std::optional<Stop> take_folder(Arguments& arguments, bool is_config_dir_named);

/// Words that are right one by one and wrong together, or with something missing.
[[nodiscard]] std::optional<Stop> check_arguments(const Arguments& arguments);

}  // namespace quantconf::app
