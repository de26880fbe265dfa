#pragma once

#include "apps/quantconf/session.hpp"

/// The commands that never unlock the store: one function each. They print, and return the exit code.
namespace quantconf::app {

int run_show(const Session& session);
int run_get(const Session& session);
int run_explain(const Session& session);
int run_diff(const Session& session);
int run_schema(const Session& session);
int run_env(const Session& session);

/// What `get` is about: the valid configuration, and in it the value at the path that was asked for.
[[nodiscard]] Session::Result<CandidatePointer> load_with_value(const Session& session, const Value*& value);

// These need no schema.
int run_explain_code(const Arguments& arguments);
int run_completion(const Arguments& arguments);
int run_version(const Arguments& arguments);

}  // namespace quantconf::app
