#pragma once

#include "apps/quantconf/session.hpp"
#include "apps/vault/doctor.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/value.hpp"

namespace quantconf::app {

/// Whether each reference of a configuration leads to a secret, as a start would find out. A store that
/// whoever asks has no key for says nothing; without any store nothing is looked up. Nothing is recorded or
/// kept.
void check_references(const Session& session, const Value& root, Environment environment, bool somebody_runs,
                      Checks& checks);

}  // namespace quantconf::app
