#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "layers/load.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// Where a setting comes from, as it is called in messages and by `explain`.
struct SettingOrigin {
    std::string_view layer;
    std::string_view prefix;  ///< Before the path.
};
inline constexpr SettingOrigin kCommandLine{.layer = "option", .prefix = "--set "};
inline constexpr SettingOrigin kProcessOverride{.layer = "process", .prefix = "update "};

struct SettingContext {
    const Inputs& inputs;
    SettingOrigin origin;
    bool strict_empty = false;
    Arena& arena;
    Diagnostics& diagnostics;
    std::vector<std::shared_ptr<Source>>& sources;  ///< Receives what the nodes point to.
};

/// One PATH=VALUE as a layer of its own, so that a later one lies on top of an earlier one. Values are
/// written as in variables; old spellings of a path are understood and noted. Lists are set as a whole. An
/// empty map, with a diagnostic, if it says nothing that the schema knows.
[[nodiscard]] value::Node read_setting(const SettingContext& context, std::string_view setting);

}  // namespace quantconf::layers
