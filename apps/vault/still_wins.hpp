#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/quantconf/session.hpp"
#include "apps/vault/state_view.hpp"

namespace quantconf::app {

/// Something of a process's own that wins over a layer of files.
struct StillWins {
    std::string path = {};
    std::string layer = {};  ///< variable, process, option.
    std::string name = {};   ///< "QUANTBOT_DEBUG", "--set debug".
    /// What that process shows, as for people, secrets as references; nothing: it does not fit today's
    /// schema.
    std::optional<std::string> value = {};
};

/// A path that was changed, and the layer in which it was.
struct ChangedPath {
    std::string path = {};
    std::string layer = {};
};

/// Which of `changed` a process does not show, because its own variables, overrides or options win there: as
/// the version tells that it shows now. Nothing where that is unknown. A process that shows what another one
/// has recorded first is taken to have what that one had.
[[nodiscard]] Outcome<std::vector<StillWins>> still_wins(const Session& session, StateView& state,
                                                         const history::ProcessRow& process,
                                                         const std::vector<ChangedPath>& changed);

/// "QUANTBOT_DEBUG from its environment", "an override of its own".
[[nodiscard]] std::string describe(const StillWins& winner);

}  // namespace quantconf::app
