#pragma once

#include <cstddef>
#include <string>

#include "apps/quantconf/session.hpp"
#include "apps/vault/doctor.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/value.hpp"

namespace quantconf::app {

/// How many references of a configuration a start needs the secrets of: not SECURE:?name, which may be
/// missing.
[[nodiscard]] std::size_t count_needed_references(const Value& root);
/// "7 references, and there is no store to look them up in".
[[nodiscard]] std::string references_without_store(std::size_t count);

/// Whether each reference of a configuration leads to a secret, as a start would find out. A store that
/// whoever asks has no key for says nothing; where there is none and something is needed from it, nothing
/// could start. Nothing is recorded or kept.
void check_references(const Session& session, const Value& root, Environment environment, bool somebody_runs,
                      Checks& checks);

}  // namespace quantconf::app
