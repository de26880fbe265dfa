#include "apps/quantconf/usage_errors.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/check_arguments.hpp"
#include "apps/quantconf/help.hpp"
#include "apps/quantconf/options.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/text.hpp"

namespace quantconf::app {
namespace {

/// What there is to say in the place of a word.
std::vector<std::string> known_words(std::string_view command, const std::string& word) {
    if (!word.starts_with("-")) {
        return command_names();
    }
    std::vector<std::string> known{"--help"};
    for (const Option& option : global_options()) {
        known.emplace_back(option.name);
    }
    for (const Option& option : options_of(command)) {
        if (!option.is_operand()) {
            known.emplace_back(option.name);
        }
    }
    return known;
}

}  // namespace

Stop unexpected_word(std::string_view command, const std::string& word) {
    const bool is_option = word.starts_with("-");
    if (!command.empty() && !is_option) {
        return wrong_usage(fmt::format("{} takes no further argument", command), usage_hint(command));
    }
    const auto known = known_words(command, word);
    const std::string name = word.substr(0, word.find('='));
    const std::string hint = std::ranges::find(known, name) != known.end()
                                 ? fmt::format("write {} behind the command", name)
                                 : did_you_mean(nearest(name, known));
    const std::string otherwise =
        command == "run" ? "an option of the command? put `--` before the command" : usage_hint(command);
    return wrong_usage(no_such(is_option ? "option" : "command", name_part(word), !hint.empty()),
                       hint.empty() ? otherwise : hint);
}

std::string usage_hint(std::string_view command) {
    return command.empty() ? "`quantconf --help` lists the commands"
                           : fmt::format("`quantconf {} --help` shows how", command);
}

}  // namespace quantconf::app
