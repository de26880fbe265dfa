#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/schema.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// Bytes of a source that hold a secret: the loader conceals them before anything is shown.
struct SecretSpan {
    const Source* source = nullptr;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// Where secrets in plain text begin in their source, and the path of each.
using SecretPlaces = std::map<std::pair<const Source*, std::uint32_t>, std::string>;

/// What typing needs besides the node and its field, and where it reports.
struct Typing {
    const Schema& schema;
    Environment environment;
    Arena& arena;  ///< Receives decoded texts and children.
    Diagnostics& diagnostics;
    std::vector<SecretSpan>& secrets;
    /// False if a layer could not be parsed: what is missing may stand there, so nothing is called missing.
    bool report_missing = true;
    /// A field that is no secret must not get one of these texts, which only an alias can give it.
    SecretPlaces secret_places = {};
};

/// One scalar against a scalar field: table C.1, bounds, patterns, references. `path` is only used for
/// messages. Reports and returns Invalid where the text is not a value of the field.
[[nodiscard]] Value type_scalar(Typing& typing, const value::Node& node, const Field& field,
                                std::string_view path);

/// The merged tree against the whole schema: unknown and missing keys, shapes, every scalar of every layer
/// (also those hidden by a higher layer, through Node::below), defaults, lengths, bounds per environment.
/// Rules are not run. Struct members of the result stand in schema order; Invalid marks what was reported.
[[nodiscard]] Value type_tree(Typing& typing, const value::Node& merged);

/// Runs the rules whose inputs are all valid and reports what they find; where a layer could not be parsed,
/// only what they find about values that somebody wrote.
void run_rules(Typing& typing, const Value& root);

}  // namespace quantconf::schema
