#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// Keys against the schema, and layers against each other.
constexpr CatalogueEntry kKeys[] = {
    {.code = Code::UnknownKey,
     .name = "unknown key",
     .meaning = "There is no such field. It is an error and not ignored, because a limit with a "
                "typing mistake in its name would simply not exist. The search for similar names "
                "includes the other sections.",
     .example = R"(trading:
  max_positon_size: 0.05)",
     .remedy = "Correct the spelling as the hint suggests, or move the key into the section that has "
               "it. `quantconf schema docs` lists every field."},
    {.code = Code::MissingKey,
     .name = "required key missing",
     .meaning = "No layer sets this field, and it has no default, because every default would be "
                "wrong for somebody. The position is the nearest section in which it would stand.",
     .example = R"(database:
  port: 5432           # host is required)",
     .remedy = "Set the key in base.yaml or in the environment's file, or through its variable "
               "(`quantconf env list`)."},
    {.code = Code::DeprecatedKey,
     .name = "old spelling of a key",
     .meaning = "The key still works but has a new place. It is taken as the new one; this is a note. "
                "Other places than the old one know only the new name.",
     .example = R"(max_position_size: 0.05)",
     .remedy = "Write it where the message says, here `trading:` with `max_position_size: 0.05` "
               "indented below, and delete the old line."},
    {.code = Code::AliasConflict,
     .name = "old and new spelling disagree",
     .meaning = "The same layer sets a field under its old and under its new name, with different "
                "values. Which one you meant cannot be known.",
     .example = R"(max_position_size: 0.1
trading:
  max_position_size: 0.05)",
     .remedy = "Keep the new spelling with the value that you want and delete the other line."},
    {.code = Code::ShapeConflict,
     .name = "layers disagree about the shape",
     .meaning = "One layer has a section where another has a list or a single value. Taking the "
                "higher one would throw the whole section away, and with it limits that nobody sees "
                "disappear. Both places are shown.",
     .example = R"(# base.yaml
trading: {max_position_size: 0.05}
# production.yaml
trading: 0.1)",
     .remedy = "Give both the shape of the field. If a section is really meant to be exchanged as a "
               "whole, write `!replace` in front of the new one."},
    {.code = Code::NothingToDelete,
     .name = "nothing to delete",
     .meaning = "`!delete` removes what lower layers set, but none of them sets this key. Either the "
                "name is wrong or the line is no longer needed; in both cases what you expect to be "
                "removed may still be in force somewhere else.",
     .example = R"(# production.yaml, and base.yaml has no such key
proxy: !delete)",
     .remedy = "Correct the name or delete the line. `!delete?` removes the value only if there is "
               "one."},
    {.code = Code::NothingToRemove,
     .name = "nothing to remove",
     .meaning = "`!remove` takes items out of the list of a lower layer, but the item, or the list "
                "itself, is not there.",
     .example = R"(# base.yaml
symbols: [SPY, QQQ]
# production.yaml
symbols: !remove [IWM])",
     .remedy = "Compare with the list beneath (`quantconf explain PATH` shows it) and correct or "
               "delete the item."},
    {.code = Code::EmptyMapChangesNothing,
     .name = "{} changes nothing",
     .meaning = "Sections of several layers are joined key by key, so an empty section adds nothing "
                "and removes nothing. Whoever writes it usually wants to clear the section, so this "
                "is a warning.",
     .example = R"(# production.yaml
rate_limits: {})",
     .remedy = "Write `rate_limits: !replace {}` to clear it, or delete the line."},
    {.code = Code::DuplicateListKey,
     .name = "two items with the same name",
     .meaning = "The items of this list are told apart by one of their keys, so that layers can "
                "change a single item. Two items of one layer have the same.",
     .example = R"(sources:
  - name: polygon
    priority: 1
  - name: polygon
    priority: 2)",
     .remedy = "Join the two items or rename one."},
};

}  // namespace

std::span<const CatalogueEntry> keys() {
    return kKeys;
}

}  // namespace quantconf::chapters
