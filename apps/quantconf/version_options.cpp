#include "apps/quantconf/option_kinds.hpp"

namespace quantconf::app {
namespace {

Option reason() {
    return text<&Arguments::reason>("--reason", "TEXT", "why; recorded");
}

Option dry_run() {
    return flag<&Arguments::dry_run>("--dry-run", "say what would change, and change nothing");
}

std::string not_a_count(const std::string& text) {
    return not_a_number("a count of versions", text);
}

}  // namespace

std::vector<Option> version_options(std::string_view command) {
    if (command == "set") {
        return {operands("PATH=VALUE"),
                list<&Arguments::unsets>("--unset", "PATH", "take this key out of the file; may be repeated"),
                reason(),
                dry_run(),
                {.name = "--layer",
                 .type = "NAME",
                 .help = "environment (default), base, local, or shared: until it is taken away again",
                 .take = keep<&Arguments::layer>,
                 .choices = {"base", "environment", "local", "shared"}},
                format()};
    }
    if (command == "history") {
        return {topic("show", {"show"}, 0), operands("vN", 0, 1),
                limit("only the newest versions", not_a_count), format()};
    }
    if (command == "at") {
        return {
            operands("TIMESTAMP", 1, 1),
            list<&Arguments::paths>("--path", "PATH", "also show this value; may be repeated"),
            format(),
        };
    }
    if (command == "rollback") {
        return {operands("vN", 1, 1), reason(), dry_run(), format()};
    }
    if (command == "reload") {
        return {flag<&Arguments::accept_missing>(
                    "--accept-missing", "a file that had content and is empty or gone is meant to be"),
                timeout("how long to wait for answers, 15s if nobody says otherwise"), format()};
    }
    if (command == "health" || command == "watch") {
        return {format()};
    }
    return {};
}

}  // namespace quantconf::app
