#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "history/history.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "state/database.hpp"

namespace quantconf::history {

/// Who a process is, beyond doubt: its number is used again, its start on a boot is not.
struct ProcessIdentity {
    std::string host = {};
    std::string boot = {};   ///< /proc/sys/kernel/random/boot_id.
    std::uint64_t pids = 0;  ///< The PID namespace: another container of this host numbers its own.
    std::int64_t pid = 0;
    std::uint64_t started = 0;  ///< In clock ticks since the boot, field 22 of /proc/PID/stat.
    std::string program = {};

    friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

/// This process as it is now (again after a fork).
[[nodiscard]] ProcessIdentity this_process();

/// What the kernel says about a process at this moment.
enum class Pulse : std::uint8_t {
    Runs,
    Stopped,  ///< By SIGSTOP or Ctrl-Z; one that a debugger holds for a moment runs.
    Gone,     ///< One of an earlier boot and a zombie, too.
};
/// Nothing if nobody here can say: it is of another host or another PID namespace, or /proc does not answer.
[[nodiscard]] std::optional<Pulse> pulse_of(const ProcessIdentity& process);
/// Whether it still runs, stopped or not; nothing as above.
[[nodiscard]] std::optional<bool> is_alive(const ProcessIdentity& process);

/// "off", "active", "starting", "polling".
[[nodiscard]] std::string_view name_of(Following following);

/// What a process says about itself.
struct ProcessStatus {
    Environment environment = Environment::Development;
    VersionNumber version = 0;
    bool last_reload_ok = true;
    std::string last_error = {};  ///< Its first line is kept; no secrets.
    Following following = Following::Off;
    std::vector<std::string> pending =
        {};  ///< Paths that wait for a restart; the first limits::kPendingPaths.

    friend bool operator==(const ProcessStatus&, const ProcessStatus&) = default;
};

/// What a process made of a request.
struct Answer {
    std::string request = {};  ///< Which one: its id.
    bool is_accepted = false;
    std::string said = {};  ///< Why not: lines, the first limits::kAnswerLines of them; no secrets.

    friend bool operator==(const Answer&, const Answer&) = default;
};

struct ProcessRow {
    ProcessId id = 0;
    ProcessIdentity identity = {};
    ProcessStatus status = {};
    Time since{};    ///< When the row was made.
    Time updated{};  ///< When it last said something.
};

/// The process table of state.db: one row for each manager of a bot that lives. One thread at a time; any
/// number of processes. Texts are kept as shown_text() makes them.
class Processes {
public:
    /// Both outlive it.
    Processes(state::Database& database, const Clock& clock);

    [[nodiscard]] Outcome<ProcessId> add(const ProcessIdentity& identity, const ProcessStatus& status);
    /// A sign of life: of a process that other hosts see too, more often than limits::kForeignSilence. A row
    /// that was taken for dead lives again. Problem::NoSuchProcess if it was removed, or forgotten meanwhile:
    /// add() again.
    [[nodiscard]] Outcome<void> update(ProcessId id, const ProcessStatus& status);
    /// A row that has not been removed, of whoever it is; nothing if there is none.
    [[nodiscard]] Outcome<std::optional<ProcessRow>> find(ProcessId id);
    /// Kept until the next one. Problem::NoSuchProcess as above.
    [[nodiscard]] Outcome<void> answer(ProcessId id, const Answer& answer);
    /// The last one; nothing if it has not answered anything.
    [[nodiscard]] Outcome<std::optional<Answer>> last_answer(ProcessId id);
    /// The row ends; its publications stay, with the moment of the end. Fine if it has ended already.
    [[nodiscard]] Outcome<void> remove(ProcessId id);
    /// Those that live, and those of other hosts that said something within limits::kForeignSilence. Rows of
    /// processes that died without remove() are ended here, with the moment of their last word; where
    /// state.db cannot be written just now, they are only left out.
    [[nodiscard]] Outcome<std::vector<ProcessRow>> live();

private:
    state::Database& database_;
    const Clock& clock_;
};

}  // namespace quantconf::history
