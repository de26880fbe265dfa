#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// Rules over several fields, schema files, and ourselves.
constexpr CatalogueEntry kRules[] = {
    {.code = Code::RuleViolated,
     .name = "rule violated",
     .meaning = "Each value is fine alone, but together, or for this environment, they break a rule "
                "of the schema. The message says which rule and which fields take part.",
     .example = R"(# production.yaml
debug: true            # must be off in production)",
     .remedy = "Change one of the fields named in the message. `quantconf explain PATH` shows which "
               "layer set each of them."},
    {.code = Code::RuleWarning,
     .name = "rule not followed",
     .meaning = "The configuration is allowed but unusual: the schema's author wants you to look at "
                "it twice. Nothing is refused.",
     .example = R"(# development.yaml
trading:
  max_position_size: 1.0     # everything in one position)",
     .remedy = "Check that it is what you want; the message says what is unusual about it."},
    {.code = Code::UnknownSchemaKeyword,
     .name = "unknown keyword in the schema",
     .meaning = "A schema file uses a word of JSON Schema that quantconf does not enforce. Skipping "
                "it would mean that a rule which you wrote down is silently not checked.",
     .example = R"({"type": "object", "minProperties": 2})",
     .remedy = "Express the rule with the keywords that are supported: type, enum, const, "
               "properties, required, additionalProperties, items, bounds, lengths, pattern, format, "
               "default, local $ref, title, description and x-quantconf."},
    {.code = Code::BadSchema,
     .name = "schema is wrong",
     .meaning = "The schema itself contradicts itself or cannot be understood: a default outside of "
                "its own bounds, a minimum above the maximum, an invalid pattern, a $ref that leads "
                "nowhere.",
     .example = R"({"type": "integer", "minimum": 10, "maximum": 5})",
     .remedy = "Correct the schema at the marked place. Nothing is checked against it until then."},
    {.code = Code::VariableNameCollision,
     .name = "two fields share a variable name",
     .meaning = "Names of variables are made from paths: upper case, with `_` for dots and dashes. "
                "Two fields come to the same name, so nobody could say which one the variable sets.",
     .example = R"(trading.max_size     -> QUANTBOT_TRADING_MAX_SIZE
trading_max.size     -> QUANTBOT_TRADING_MAX_SIZE)",
     .remedy = "Rename one of the two fields in the schema."},
    {.code = Code::TooManyDiagnostics,
     .name = "more problems than are shown",
     .meaning = "At most 100 problems are shown at once, errors first. The message says how many more "
                "there are. Often a few causes, such as a wrong indentation, make many of them.",
     .example = R"(# a file of another program as base.yaml: every key is unknown)",
     .remedy = "Correct the first ones and check again."},
};

}  // namespace

std::span<const CatalogueEntry> rules() {
    return kRules;
}

}  // namespace quantconf::chapters
