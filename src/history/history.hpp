#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/log.hpp"
#include "base/clock.hpp"
#include "history/version.hpp"
#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "state/database.hpp"

namespace quantconf::history {

/// Names a row of the process table; see processes.hpp.
using ProcessId = std::int64_t;

/// A version about to be published.
struct NewVersion {
    std::string hash = {};  ///< The SHA-256 of `canonical`, asserted.
    Environment environment = Environment::Development;
    std::string author = {};
    std::string reason = {};
    Kind kind = Kind::Load;
    VersionNumber rolled_back_to = 0;
    std::string canonical = {};
    std::vector<LayerRecord> layers = {};
    std::vector<std::pair<std::string, std::uint32_t>> secrets = {};
    /// Against what this process showed before. Counted anew where that is not the parent.
    std::size_t changes = 0;
    /// Of a change of files: the hash of what they said before. Where it is another one, the change is a
    /// version of its own, also if the head has its hash: then the head is what somebody had read earlier and
    /// recorded later. Empty: no files were changed.
    std::string replaces = {};
    /// Of a process that has lost the history in which it showed this number: it gets a higher one, whatever
    /// the history at hand knows. 0: no such thing.
    VersionNumber follows = 0;
    /// A version of its own also where the head has its hash: the layers that it comes from are others.
    bool is_own = false;
};

/// From the last number that a history has given, or that a process remembers of one that was lost, to the
/// next: what others may have recorded in the lost one behind that is not named twice.
inline constexpr VersionNumber kLostNumbers = 100;

/// Which versions. Empty means all.
struct Filter {
    std::optional<Environment> environment = {};
    std::size_t limit = 0;  ///< The newest ones; 0: all.
};

/// One process that showed a version at a moment.
struct LiveAt {
    ProcessId process = 0;
    std::string host = {};
    std::int64_t pid = 0;
    std::string program = {};
    VersionNumber version = 0;
    Time since{};  ///< When that process published it.
    /// It died without a word: it last said something before that moment, and was found dead after it.
    bool may_have_ended = false;
};

/// The versions of one state folder, in state.db. One thread at a time; any number of processes.
class History {
public:
    /// All of these outlive it.
    History(state::Database& database, audit::Log& log, const Clock& clock);

    /// Records a version, its publication by `process` and the audit entry in one durable transaction. The
    /// same environment and hash as the head of that environment is the same version: then only the
    /// publication is new, and nothing at all if that process shows it already. A load or reload that gives
    /// what the process shows adds nothing either if another process has moved the head meanwhile. On disk
    /// when it returns.
    ///
    /// Process 0 is a tool that records a version and shows it to nobody. Refused with Problem::NoSuchProcess
    /// if the row was removed, with Problem::TooLarge beyond the limits of history/limits.hpp.
    [[nodiscard]] Outcome<VersionInfo> publish(const NewVersion& version, ProcessId process);

    /// Of a process whose row was lost, and that still shows a version: it does so from now on, as far as is
    /// known. False if that version is forgotten, too.
    [[nodiscard]] Outcome<bool> show_again(VersionNumber number, ProcessId process);

    /// Whether this is the history in which a version was published, as far as it can tell: it has come to
    /// that number, and has no other version there. What is forgotten is no contradiction.
    [[nodiscard]] Outcome<bool> continues(VersionNumber number, std::string_view hash);
    /// The newest version of an environment that goes on behind a lost history; nothing if there is none.
    [[nodiscard]] Outcome<std::optional<VersionInfo>> last_break(Environment environment);

    /// The newest version of an environment; nothing if there is none.
    [[nodiscard]] Outcome<std::optional<VersionInfo>> head(Environment environment);
    /// Newest first.
    [[nodiscard]] Outcome<std::vector<VersionInfo>> list(const Filter& filter);
    /// Nothing if there is no such version, or no longer. state::Problem::Damaged if its values do not hash
    /// to its hash.
    [[nodiscard]] Outcome<std::optional<VersionRecord>> find(VersionNumber number);
    /// Which version each process showed at a moment: of each that was running then, the last publication
    /// whose time is not after the moment. Last in the order in which they were made: a clock that jumps back
    /// changes nothing. A process whose publication of that time is forgotten is not listed.
    [[nodiscard]] Outcome<std::vector<LiveAt>> at(Time moment);
    /// Forgets what `retention` does not keep; how many versions that were. Numbers are never used again. The
    /// file does not get smaller, it is filled again. In several short transactions, oldest first: who
    /// publishes meanwhile waits for one of them at most. What somebody begins to use meanwhile stays.
    [[nodiscard]] Outcome<std::size_t> prune(const Retention& retention);

private:
    /// Inside the caller's transaction.
    [[nodiscard]] Outcome<VersionInfo> add(state::Transaction& transaction, const NewVersion& version,
                                           const std::optional<VersionInfo>& parent, VersionNumber shown,
                                           Time now);

    state::Database& database_;
    audit::Log& log_;
    const Clock& clock_;
};

}  // namespace quantconf::history
