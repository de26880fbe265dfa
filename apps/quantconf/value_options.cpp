#include "apps/quantconf/option_kinds.hpp"

namespace quantconf::app {

std::vector<Option> value_options(std::string_view command) {
    if (command == "init") {
        return {operands("DIR", 0, 1), flag<&Arguments::force>("--force", "replace files that exist"),
                format()};
    }
    if (command == "check") {
        return {operands("DIR", 0, 1),
                flag<&Arguments::all>("--all", "all four environments, as the files alone describe them"),
                flag<&Arguments::with_env>("--with-env", "with --all: also .env, variables and --set"),
                format({"text", "json", "sarif", "github"})};
    }
    if (command == "show") {
        return {flag<&Arguments::origins>("--origins", "say behind each value where it comes from"),
                format({"yaml", "json", "flat"})};
    }
    if (command == "get") {
        return {operands("PATH", 1, 1),
                flag<&Arguments::reveal>("--reveal", "the plain text of a secret; this is recorded"),
                format()};
    }
    if (command == "explain") {
        return {operands("PATH|CODE", 1, 1), format()};
    }
    if (command == "diff") {
        return {operands("A B", 2, 2), format()};
    }
    if (command == "schema") {
        return {topic("json|docs|paths", {"json", "docs", "paths"})};
    }
    if (command == "env") {
        return {topic("list|explain", {"list", "explain"}), operands("NAME", 0, 1), format()};
    }
    if (command == "doctor" || command == "version") {
        return {format()};
    }
    if (command == "completion") {
        return {topic("bash|zsh|fish", {"bash", "zsh", "fish"})};
    }
    if (command == "help") {
        return {topic("COMMAND", {}, 0)};
    }
    return {};
}

}  // namespace quantconf::app
