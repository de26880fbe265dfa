#pragma once

#include "apps/quantconf/session.hpp"

/// The commands that may unlock the store: one function each. They print, and return the exit code.
namespace quantconf::app {

int run_check(const Session& session);
int run_init(const Session& session);
int run_doctor(const Session& session);
int run_secret(const Session& session);
int run_audit(const Session& session);
int run_run(const Session& session);
/// `get --reveal`: recorded before the plain text leaves the store.
int run_reveal(const Session& session);

// Versions: what changes files and what reads state.db.
int run_set(const Session& session);
int run_history(const Session& session);
/// `diff` where a side is a version.
int run_diff_versions(const Session& session);
int run_at(const Session& session);
int run_rollback(const Session& session);
int run_reload(const Session& session);
int run_health(const Session& session);
int run_watch(const Session& session);

}  // namespace quantconf::app
