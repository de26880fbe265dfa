#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apps/quantconf/session.hpp"
#include "live/engine.hpp"
#include "live/parts.hpp"
#include "quantconf/live.hpp"

namespace quantconf::app {

/// What the command line says about a configuration, as a program would that opens it.
[[nodiscard]] OpenOptions open_options(const Session& session, Environment environment);

struct EngineOptions {
    bool dry_run = false;         ///< Nothing is ever recorded.
    bool from_last_good = false;  ///< Where the files are broken, from the newest version: to mend them.
    bool accept_missing = false;  ///< A layer that the newest version had may be gone.
};

/// An engine for one change. What it finds is recorded if nobody else does. Finishes a change of files that
/// was interrupted before. Failures have been reported.
[[nodiscard]] Session::Result<std::unique_ptr<live::Engine>> open_engine(const Session& session,
                                                                         const EngineOptions& options);

/// Where JSON was asked for: the object of a change that was refused, for what stderr has been told already.
/// `why` holds nothing that was typed, because that may be a key.
void print_refusal(const Session& session, std::string_view why);
/// Tells the user; the exit code.
int report(const Session& session, const Failure& failure);

/// Who types: "alice (1000)".
[[nodiscard]] std::string author();

}  // namespace quantconf::app
