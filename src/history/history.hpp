#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "audit/log.hpp"
#include "base/clock.hpp"
#include "history/version.hpp"
#include "quantconf/error.hpp"
#include "state/database.hpp"

namespace quantconf::history {

/// Names a row of the process table; see processes.hpp.
using ProcessId = std::int64_t;

/// A version about to be published, by which process.
struct NewVersion {
    std::string hash;
    Environment environment = Environment::Development;
    std::string author;
    std::string reason;
    Kind kind = Kind::Load;
    VersionNumber rolled_back_to = 0;
    std::string canonical;
    std::vector<LayerRecord> layers;
    std::vector<std::pair<std::string, std::uint32_t>> secrets;
    std::size_t changes =
        0;  ///< Against what this process showed before; recomputed against the head if there is none.
};

/// Which versions. Empty means all.
struct Filter {
    std::optional<Environment> environment;
    std::size_t limit = 0;  ///< The newest ones; 0: all.
};

/// One process that showed a version at a moment.
struct LiveAt {
    ProcessId process = 0;
    std::string host;
    std::int64_t pid = 0;
    std::string program;
    VersionNumber version = 0;
    Time since{};  ///< When that process published it.
};

/// How much is kept. What is live in any process, its parents in use (the head of each environment, and what
/// it was rolled back to) and the newest `versions` stay whatever their age.
struct Retention {
    std::size_t versions = 10'000;
    std::chrono::days age{400};
};

/// The versions of one state folder, in state.db. One thread at a time; any number of processes.
class History {
public:
    /// All of these outlive it.
    History(state::Database& database, audit::Log& log, const Clock& clock);

    /// Records a version, its publication by `process` and the audit entry in one durable transaction. The
    /// same environment and hash as the head of that environment is the same version: then only the
    /// publication is new, and nothing at all if that process shows it already. On disk when it returns.
    [[nodiscard]] Outcome<VersionInfo> publish(const NewVersion& version, ProcessId process);

    /// The newest version of an environment; nothing if there is none.
    [[nodiscard]] Outcome<std::optional<VersionInfo>> head(Environment environment);
    /// Newest first.
    [[nodiscard]] Outcome<std::vector<VersionInfo>> list(const Filter& filter);
    /// Nothing if there is no such version, or no longer.
    [[nodiscard]] Outcome<std::optional<VersionRecord>> find(VersionNumber number);
    /// Which version each process showed at a moment: the newest publication of each that was running then.
    [[nodiscard]] Outcome<std::vector<LiveAt>> at(Time moment);
    /// Forgets what `retention` does not keep; how many versions that were. Numbers are never used again.
    [[nodiscard]] Outcome<std::size_t> prune(const Retention& retention);

private:
    state::Database& database_;
    audit::Log& log_;
    const Clock& clock_;
};

}  // namespace quantconf::history
