#pragma once

#include <memory>
#include <string>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// What became of a source. Without errors, `document` is set; with errors it may be, where the rest of the
/// text could still be understood, so that one run reports everything. A document with errors is never
/// applied.
struct Parsed {
    std::shared_ptr<value::Document> document;
    Diagnostics diagnostics;
};

/// YAML 1.2 (core schema as our typing rules refine it), one document whose root is a mapping. Bounded in
/// time and memory for any input: sizes, depth, nodes and aliases have limits (base/limits.hpp).
[[nodiscard]] Parsed parse_yaml(std::shared_ptr<Source> source);

/// The same tree from JSON (RFC 8259): no comments, no single quotes, no bare words but true, false and null.
[[nodiscard]] Parsed parse_json(std::shared_ptr<Source> source);

/// A JSON array or object inside another text, such as the value of a variable. Any root. Spans point into
/// `source`.
[[nodiscard]] Parsed parse_json_value(std::shared_ptr<Source> source);

/// One NAME=value line of a .env file.
struct DotenvEntry {
    std::string name;
    std::string value;
    std::uint32_t name_begin = 0;  ///< Byte offsets in the source.
    std::uint32_t name_end = 0;
    std::uint32_t value_begin = 0;
    std::uint32_t value_end = 0;
};

struct ParsedDotenv {
    std::vector<DotenvEntry> entries;
    Diagnostics diagnostics;
};

/// NAME=value lines: `export ` is allowed in front, # comments, single quotes verbatim, double quotes with \n
/// \t \r \" \\ \$, nothing is expanded. A name that stands twice is an error.
[[nodiscard]] ParsedDotenv parse_dotenv(const std::shared_ptr<Source>& source);

}  // namespace quantconf::format
