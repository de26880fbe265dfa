#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quantconf/schema.hpp"

namespace quantconf::app {

/// The JSON Schema for editors; the first line of each layer names it.
inline constexpr std::string_view kEditorSchemaFile = "quantconf.schema.json";

/// One file that `init` writes.
struct InitialFile {
    std::string name;
    std::string text;
};

/// The bot's files are those of examples/config, compiled in. Another program's base.yaml is made from its
/// schema: every key with its default, its help as comment; required keys stand out as comments that must be
/// filled in.
[[nodiscard]] std::vector<InitialFile> initial_files(const Schema& schema, bool is_the_bot);

}  // namespace quantconf::app
