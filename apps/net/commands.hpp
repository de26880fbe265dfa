#pragma once

#include "apps/quantconf/session.hpp"

/// The commands that ask data providers: one function each. They print, and return the exit code.
namespace quantconf::app {

/// `keys check [SOURCE...]`
int run_keys(const Session& session);
/// `sources [SOURCE...]`
int run_sources(const Session& session);
/// `fetch SOURCE PATH`
int run_fetch(const Session& session);

}  // namespace quantconf::app
