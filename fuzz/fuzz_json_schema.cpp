// A schema file from somebody else: it is understood whole, or every keyword that is not is named.

#include <string>
#include <string_view>

#include "base/files.hpp"
#include "format/parse.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "layers/load.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::fuzz {
namespace {

/// What was understood can be written down, and an empty configuration can be held against it.
void use(const Schema& schema) {
    const std::string exported = schema::to_json_schema(schema);
    require(!exported.empty() && !schema::to_markdown(schema).empty(), "a schema can be written down");

    MemoryFiles files;
    files.put("config/base.yaml", "{}\n");
    layers::Inputs inputs;
    inputs.schema = &schema;
    inputs.files = &files;
    const auto candidate = layers::load(inputs);
    require(candidate.has_value(), "files in memory can be read");
    static_cast<void>(check_and_render((*candidate)->diagnostics));
}

}  // namespace

Verdict run_target(std::string_view input) {
    const format::Parsed parsed =
        format::parse_yaml(Source::make(Source::Kind::File, "schema", "schema.yaml", std::string{input}));
    static_cast<void>(check_and_render(parsed.diagnostics));
    if (!parsed.document || has_errors(parsed.diagnostics)) {
        return Verdict::Used;
    }
    const Checked<Schema> schema = schema::from_json_schema(*parsed.document);
    if (!schema) {
        require(has_errors(schema.error()), "a refused schema has an error");
        static_cast<void>(check_and_render(schema.error()));
        return Verdict::Used;
    }
    use(*schema);
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
