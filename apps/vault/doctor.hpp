#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/quantconf/session.hpp"

namespace quantconf::app {

/// Only a failure makes the exit code 1.
enum class Health : std::uint8_t { Ok, Warning, Failure };

/// One thing that `quantconf doctor` has looked at.
struct Check {
    std::string name;
    Health status = Health::Ok;
    std::string detail;
    std::string hint;
};

using Checks = std::vector<Check>;

/// The folder with the layers: whether it is there, who may write it, and files in it that nobody reads or
/// that are out of date.
void check_folder(const Session& session, Checks& checks);
/// state.db: whether it opens, every page of it is what SQLite left there, and every row what we wrote.
void check_state(const Session& session, Checks& checks);
/// The store and its key, without unlocking anything: permissions, places, version control; core files.
void check_secrets(const Session& session, Checks& checks);

}  // namespace quantconf::app
