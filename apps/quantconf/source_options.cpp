#include "apps/quantconf/option_kinds.hpp"

namespace quantconf::app {

std::vector<Option> source_options(std::string_view command) {
    if (command == "sources") {
        return {operands("SOURCE"), format()};
    }
    if (command == "keys") {
        return {topic("check", {"check"}), operands("SOURCE"), format()};
    }
    if (command == "fetch") {
        return {operands("SOURCE PATH", 2, 2),
                list<&Arguments::parameters>("--param", "NAME=VALUE",
                                             "one parameter of the query; may be repeated"),
                timeout("for everything; timeout_seconds of the source if nobody says otherwise"), format()};
    }
    return {};
}

}  // namespace quantconf::app
