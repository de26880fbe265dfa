#pragma once

#include <cstdint>
#include <string_view>

#include "format/report.hpp"
#include "format/yaml_events.hpp"

namespace quantconf::format {

/// Says in the user's words why libyaml stopped, at the place that has to be mended.
///
/// `understood_to` is where the last good event ended. Never quotes the text: what was not understood may be
/// a password.
void report_yaml_error(const YamlError& error, std::string_view text, std::uint32_t understood_to,
                       bool has_deceptive, Report& report);

/// Reports an unquoted text that contains an invisible character. True if there is one in bytes [begin, end).
bool report_deceptive(std::string_view text, std::size_t begin, std::size_t end, std::string path,
                      Report& report);

}  // namespace quantconf::format
