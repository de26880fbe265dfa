#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// Edits of a layer file by `set`, `update` and `rollback`. All of them leave the file as it was.
constexpr CatalogueEntry kEdits[] = {
    {.code = Code::EditOfAlias,
     .name = "the value comes from elsewhere in the file",
     .meaning =
         "The place to be changed has no value of its own: an alias (`*name`) or a merge key (`<<`) takes it "
         "from an anchor. Changing the anchor would change every place that refers to it, and putting a "
         "value in its place would hide it; which of the two is meant, nobody has said.",
     .example = R"(defaults: &defaults {requests_per_minute: 60}
finnhub: *defaults           # set finnhub.requests_per_minute=30)",
     .remedy = "Change the file by hand: at the anchor, or with a value of its own at this place. Then the "
               "tool can "
               "change it."},
    {.code = Code::EditOfAnchor,
     .name = "other places refer to this value",
     .meaning =
         "The value to be changed or removed, or something around or inside it, has an anchor (`&name`), and "
         "an alias elsewhere in the file refers to it. The edit would change that place, too, or break it.",
     .example = R"(polygon: &limits {requests_per_minute: 60}   # set polygon.requests_per_minute=30
finnhub: *limits)",
     .remedy = "Change the file by hand, and look at every place that refers to the anchor."},
    {.code = Code::EditOfOperator,
     .name = "an operator stands where a value shall be set",
     .meaning = "The place holds `!append`, `!delete` or another operator, which says how this layer changes "
                "the one "
                "beneath. A new value in its place would drop that, and the result of the merge would be "
                "another one "
                "than the author of the file had in mind.",
     .example = R"(failover:
  macro: !append [polygon]   # set failover.macro=[fred])",
     .remedy = "Change this place by hand, or set the value in a higher layer."},
    {.code = Code::EditThroughValue,
     .name = "no section to set a key in",
     .meaning =
         "The path of an edit leads through something that is no section in this file: a list or a single "
         "value. Replacing it by a section would lose what stands there.",
     .example = R"(monitoring: off              # set monitoring.log_level=DEBUG)",
     .remedy = "Check the path. If a section shall stand there, remove the value first."},
    {.code = Code::EditsContradict,
     .name = "edits contradict each other",
     .meaning = "One change names the same place twice, or a section and a key inside of it. The result "
                "would depend "
                "on the order in which they are carried out, which is not part of a change.",
     .example = R"(quantconf set debug=true debug=false --reason "look closer")",
     .remedy = "Keep one of the two."},
    {.code = Code::EditNotWritable,
     .name = "no file can hold this",
     .meaning =
         "The key or value of an edit cannot be written: an empty key or one with a dot, a text that is not "
         "UTF-8, a number that JSON has no word for, or a secret in plain text, which is never written into "
         "a "
         "layer.",
     .example = R"(# base.json
set weight=.inf              # JSON has no infinity)",
     .remedy = "Correct the key or value. A secret goes into the store, and its reference into the file."},
    {.code = Code::EditRefused,
     .name = "edit refused",
     .meaning = "The file is laid out in a way that cannot be changed safely at this place. Every edited "
                "text is read "
                "again and compared with what was asked for, value by value; this one would have been wrong "
                "or would "
                "have said something else, so it was thrown away.",
     .example = R"(note: |
  the text ends where the file ends, without a line ending     # set debug=true)",
     .remedy = "Change the file by hand, or write the place in a simpler way first."},
    {.code = Code::LayerVanished,
     .name = "a layer is suddenly empty or gone",
     .meaning =
         "A file that had content is empty or missing now. An editor or a copy may have been caught in "
         "the middle; taking it for an empty layer would turn every value in it back into its default. The "
         "version that is live stays until the file has content again, and nobody changes anything in a "
         "file meanwhile: `set`, `rollback` and updates of a program are refused, but for an update of one "
         "process, which is made on top of what it shows. The same holds for the overrides of all "
         "processes, which are kept until they are cleared with `set --unset`. `local.yaml` and `.env` "
         "count as removed once they stay gone for 5 seconds.",
     .example = R"(: > config/production.yaml   # while the bot runs)",
     .remedy =
         "Put the file back. If it is meant to be empty or gone, say so with `quantconf reload "
         "--accept-missing`, or in the program with `reload({.accept_missing = true})`. A restart takes "
         "the files as they are."},
    {.code = Code::ChangeVetoed,
     .name = "a subscriber refused the change",
     .meaning =
         "A part of the program that watches this path said no to the change, threw an exception or did "
         "not answer in time. Nothing was changed for anybody.",
     .example = R"(quantconf set trading.max_position_size=0.01   # while orders are open)",
     .remedy = "The message has the subscriber's reason. Try again when what it waits for is over."},
    {.code = Code::ChangeShadowed,
     .name = "the change would change nothing",
     .meaning = "A layer above the one that was to be changed sets the same value and would win. Writing the "
                "change down all the same would look like a success and be none.",
     .example = R"(export QUANTBOT_DEBUG=true
quantconf set debug=false --reason "quieter")",
     .remedy =
         "Change the value where it is set, or take it away there. `quantconf explain PATH` shows every "
         "layer."},
    {.code = Code::CannotRollBack,
     .name = "a rollback that files alone cannot do",
     .meaning =
         "Going back to a version edits the files that set what differs, and the result must be exactly "
         "that version. Here something else sets the value, such as a variable, or today's schema gives "
         "another result. Nothing was written.",
     .example = R"(export QUANTBOT_TRADING_MAX_POSITION_SIZE=0.02
quantconf rollback v12 --reason "limit too tight")",
     .remedy = "Take the value away where the message says that it is set, then roll back again."},
};

}  // namespace

std::span<const CatalogueEntry> edits() {
    return kEdits;
}

}  // namespace quantconf::chapters
