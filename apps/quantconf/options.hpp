#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/quantconf/arguments.hpp"

namespace quantconf::app {

/// One option or operand of a command: what its help shows and what its words become. A plain table, which
/// knows nothing of the library that parses.
struct Option {
    std::string_view name;       ///< "--limit"; an operand as the help calls it: "PATH".
    std::string_view type = {};  ///< "N"; empty for a flag and for an operand.
    std::string_view help = {};

    bool Arguments::*flag = nullptr;  ///< Set by a flag, which has none of the members below.
    /// Keeps the text of any other, once for each time that it is said.
    void (*take)(Arguments& arguments, const std::string& text) = nullptr;
    bool may_be_repeated = false;
    /// Says what is wrong with the text; empty if nothing is.
    std::string (*check)(const std::string& text) = nullptr;
    std::vector<std::string> choices = {};  ///< The only texts that it may have; empty: any.

    /// How many operands there have to be, and may be at most.
    int at_least = 0;
    int at_most = kAnyNumber;
    static constexpr int kAnyNumber = 0;

    [[nodiscard]] bool is_operand() const { return !name.starts_with("-"); }
};

/// The options of every command, before it or behind it.
[[nodiscard]] std::span<const Option> global_options();
/// Those of one command, in the order of its help.
[[nodiscard]] std::vector<Option> options_of(std::string_view command);

/// The parts of options_of(), one for each family of commands. Empty for any other command.
[[nodiscard]] std::vector<Option> value_options(std::string_view command);
[[nodiscard]] std::vector<Option> version_options(std::string_view command);
[[nodiscard]] std::vector<Option> source_options(std::string_view command);
[[nodiscard]] std::vector<Option> secret_options(std::string_view command);

}  // namespace quantconf::app
