#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/vault/doctor.hpp"
#include "apps/vault/state_view.hpp"
#include "history/processes.hpp"

namespace quantconf::app {

/// Why a process that is there does not do its work.
enum class Silence : std::uint8_t {
    Stopped,  ///< By SIGSTOP or Ctrl-Z.
    Overdue,  ///< It has given no sign of life for longer than it may.
    Behind,   ///< Others have recorded a version of other files, and it has said nothing since.
};

/// "stopped", "overdue", "behind".
[[nodiscard]] std::string_view name_of(Silence silence);

struct SilentProcess {
    history::ProcessRow row = {};
    Silence why = Silence::Overdue;
    std::optional<history::VersionInfo> missed = {};  ///< The newest version, where it shows another one.
};

/// A follower gives one each live::Upkeep::kWordEvery: this is two of them and a minute.
inline constexpr std::chrono::minutes kWordWithin{11};
/// Files are followed at once; the longest debounce and the longest wait for a writer are a minute each.
inline constexpr std::chrono::minutes kReactsWithin{3};

/// Whether the kernel says so for longer than a moment: what limits a process to a part of a processor stops
/// it again and again. Waits for some tenths of a second where it is stopped at all.
[[nodiscard]] bool is_stopped(const history::ProcessIdentity& process);

/// Those of `rows`, which are of one environment, that do not do their work. Who follows no files has
/// promised no signs of life. For as long as this machine was suspended since it was booted nobody is blamed.
[[nodiscard]] Outcome<std::vector<SilentProcess>> find_silent(StateView& state,
                                                              const std::vector<history::ProcessRow>& rows,
                                                              Time now);

/// A warning for each: which process, since when, what to do.
void check_silent(const std::vector<SilentProcess>& silent, Checks& checks);

}  // namespace quantconf::app
