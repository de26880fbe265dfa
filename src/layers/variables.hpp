#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "layers/load.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/error.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// One NAME=value, from the environment of the process or from a line of a .env file.
struct Assignment {
    std::string name;
    std::string value;
    /// The .env file, and where name and value stand in it; nullptr for the environment of the process.
    std::shared_ptr<Source> file;
    std::uint32_t name_begin = 0;
    std::uint32_t name_end = 0;
    std::uint32_t value_begin = 0;  ///< Without quotes.
    std::uint32_t value_end = 0;
};

/// "NAME=value" texts as the process has them. What has no name is left out.
[[nodiscard]] std::vector<Assignment> read_environ(const std::vector<std::string>& variables);

/// What the lines of the .env file beside the layers assign.
struct Dotenv {
    std::shared_ptr<Source> source;  ///< nullptr: there is none.
    std::vector<Assignment> assignments;
    bool is_broken = false;
};
[[nodiscard]] Outcome<Dotenv> read_dotenv(const Inputs& inputs, Diagnostics& diagnostics);

/// Whether <PREFIX>_STRICT_EMPTY is on in the environment of the process or, where that does not say, in
/// .env.
[[nodiscard]] bool wants_strict_empty(const std::vector<Assignment>& environ_assignments,
                                      const std::vector<Assignment>& dotenv_assignments, const Inputs& inputs,
                                      Diagnostics& diagnostics);

/// What variables need to know besides themselves.
struct VariableContext {
    const Inputs& inputs;
    const value::Node& lower;  ///< The merged layers beneath: their map keys need no `__`.
    bool strict_empty = false;
    Arena& arena;
    Diagnostics& diagnostics;
    std::vector<std::shared_ptr<Source>>& sources;  ///< Receives what the nodes point to, in order.
};

/// Rules E1-E10: turns the variables with the schema's prefix into one layer, called "dotenv" or "variable".
/// Others are none of our business. Values of secret fields are concealed before anything is reported.
[[nodiscard]] value::Node read_variables(const VariableContext& context,
                                         const std::vector<Assignment>& assignments);

}  // namespace quantconf::layers
