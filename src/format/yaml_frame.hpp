#pragma once

#include <cstddef>
#include <string_view>

#include "format/report.hpp"

namespace quantconf::format {

/// Checks the directives in front of the document and returns where libyaml has to begin: behind them.
/// Only `%YAML 1.2` is accepted; YAML 1.1 reads the same words as other values.
[[nodiscard]] std::size_t skip_directives(std::string_view text, std::size_t begin, Report& report);

/// Reports what follows the first document, which ended at byte `end`. Comments may.
void check_end(std::string_view text, std::size_t end, Report& report);

}  // namespace quantconf::format
