#pragma once

#include "apps/quantconf/session.hpp"

/// One function a command, one file each. They print, and return the exit code.
namespace quantconf::app {

int run_check(const Session& session);
int run_show(const Session& session);
int run_get(const Session& session);
int run_explain(const Session& session);
int run_diff(const Session& session);
int run_schema(const Session& session);
int run_env(const Session& session);
int run_init(const Session& session);
int run_doctor(const Session& session);
int run_secret(const Session& session);
int run_audit(const Session& session);
int run_run(const Session& session);

// These need no schema.
int run_explain_code(const Arguments& arguments);
int run_completion(const Arguments& arguments);
int run_version(const Arguments& arguments);

}  // namespace quantconf::app
