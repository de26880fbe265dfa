#include "base/catalogue_entries.hpp"

namespace quantconf::chapters {
namespace {

// Environment variables, .env and --set.
constexpr CatalogueEntry kVariables[] = {
    {.code = Code::UnknownVariable,
     .name = "unknown variable",
     .meaning = "A variable begins like ours (QUANTBOT_) but belongs to no field. It is an error and "
                "not ignored, because the limit that you meant to set would keep its old value "
                "without a word.",
     .example = R"(export QUANTBOT_TRADING_MAX_POSITON_SIZE=0.05)",
     .remedy = "Correct the name as the hint suggests, or unset the variable. `quantconf env list` "
               "prints every name; entries of free sections need `__` around the free part."},
    {.code = Code::VariableCase,
     .name = "variable in the wrong case",
     .meaning = "Names of variables are upper case. This one is like one of ours in other letters; it "
                "is ignored, and you are warned because you probably expect it to work.",
     .example = R"(export quantbot_debug=true)",
     .remedy = "Write it in upper case: QUANTBOT_DEBUG."},
    {.code = Code::VariableSetTwice,
     .name = "value set twice",
     .meaning = "The same value is given twice from one place: the variable stands twice in the "
                "environment, both NAME and NAME_FILE are set, both spellings of a name (`_` and "
                "`__`) are, or a list is given as a whole and by its items.",
     .example = R"(export QUANTBOT_DATABASE_PASSWORD_FILE=/run/secrets/db
export QUANTBOT_DATABASE_PASSWORD=SECURE:database_password)",
     .remedy = "Keep one of them and unset the other."},
    {.code = Code::ListGap,
     .name = "list with a gap",
     .meaning = "The items of a list are numbered from 0 without gaps. A missing number usually means "
                "that one item was forgotten or deleted, and closing the gap would renumber the rest.",
     .example = R"(export QUANTBOT_TRADING_SYMBOLS__0__=SPY
export QUANTBOT_TRADING_SYMBOLS__2__=QQQ)",
     .remedy = "Set the missing item or renumber the rest. The whole list can also be given at once, "
               "as JSON ([\"SPY\",\"QQQ\"]) or separated by commas (SPY,QQQ)."},
    {.code = Code::EmptyVariable,
     .name = "empty variable",
     .meaning = "The variable is set but empty. Unless the field takes an empty text, that counts as "
                "\"not set\", and lower layers decide; you are told in case a value got lost, for "
                "example in a deployment script. With QUANTBOT_STRICT_EMPTY=1 it is an error.",
     .example = R"(export QUANTBOT_DATABASE_HOST=)",
     .remedy = "Set a value, or unset the variable."},
    {.code = Code::KubernetesLink,
     .name = "variable made by Kubernetes",
     .meaning = "Kubernetes gives every container variables such as NAME_PORT=tcp://10.0.0.1:5432 for "
                "each service. This one looks like that, not like a setting of yours, and is ignored.",
     .example = R"(QUANTBOT_DATABASE_PORT=tcp://10.0.0.1:5432)",
     .remedy = "Nothing to do. To be rid of it, set `enableServiceLinks: false` in the pod, or "
               "rename the service."},
    {.code = Code::VariableFileUnreadable,
     .name = "file named by a variable cannot be read",
     .meaning = "A variable NAME_FILE gives the path of a file that holds the value, as Docker and "
                "Kubernetes do for secrets. The file does not exist, is not a regular file, is too "
                "large or may not be read.",
     .example = R"(export QUANTBOT_DATABASE_PASSWORD_FILE=/run/secrets/db-pasword)",
     .remedy = "Correct the path, mount the secret, or give the bot's user the right to read it "
               "(chmod 0400 and the right owner)."},
    {.code = Code::VariableFileExposed,
     .name = "secret file that everybody may read",
     .meaning = "The file holds a secret, but other users of the machine may read it. In production "
                "that is refused: the key may already be known to others.",
     .example = R"(-rw-r--r-- 1 bot bot 24 /run/secrets/db)",
     .remedy = "`chmod 0600` the file (0400 is fine too) and, if others had access to the machine, "
               "change the secret."},
    {.code = Code::VariableNotUtf8,
     .name = "variable is not UTF-8",
     .meaning = "The value holds bytes that are not UTF-8. It is not shown, because a damaged secret "
                "is still a secret.",
     .example = R"(export QUANTBOT_DATABASE_NAME=$(printf 'caf\351'))",
     .remedy = "Set it again from a terminal or script that uses UTF-8."},
    {.code = Code::VariableIsSection,
     .name = "variable names a whole section",
     .meaning = "The name belongs to a section, not to a single value or list. A section cannot be "
                "set by one variable: what happens to its other keys would be unclear.",
     .example = R"(export QUANTBOT_TRADING='{"max_position_size": 0.05}')",
     .remedy = "Set each value through its own variable, here "
               "QUANTBOT_TRADING_MAX_POSITION_SIZE=0.05, or write a layer file."},
    {.code = Code::BadListSyntax,
     .name = "list not understood",
     .meaning = "A list in a variable or behind --set is either JSON, [\"SPY\",\"QQQ\"], or single "
                "values separated by commas: SPY,QQQ. This text is neither, or has an empty item.",
     .example = R"(quantconf --set 'trading.symbols=[SPY QQQ' check)",
     .remedy = "Write one of the two forms. Items with commas or spaces at their ends need the JSON "
               "form; mind the quotes of your shell."},
};

}  // namespace

std::span<const CatalogueEntry> variables() {
    return kVariables;
}

}  // namespace quantconf::chapters
