#pragma once

#include <optional>
#include <string_view>

#include "apps/quantconf/session.hpp"
#include "apps/vault/repetition.hpp"

namespace quantconf::app {

/// --set holds for one run, and what `command` changes stays: together they would record what no file says.
/// The exit code, once that was reported; nothing if there is none.
[[nodiscard]] std::optional<int> refuse_settings(const Session& session, std::string_view command);

/// Repeats with real randomness and real pauses.
[[nodiscard]] Repetition repetition();

/// `path` (empty: something) was changed by somebody else while this command was at it: says by whom. The
/// exit code.
int lost_against(const Session& session, Environment environment, std::string_view path);

}  // namespace quantconf::app
