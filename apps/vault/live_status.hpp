#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/quantconf/session.hpp"
#include "apps/vault/doctor.hpp"
#include "apps/vault/key_health.hpp"
#include "apps/vault/silence.hpp"
#include "apps/vault/state_view.hpp"

namespace quantconf::app {

/// How a bot is: of no use, in need of somebody, or fine.
enum class Verdict : std::uint8_t { Ok, Degraded, Failing };

/// Everything that `quantconf health` says about one environment.
struct LiveStatus {
    Environment environment = Environment::Development;
    /// What its processes show, the newest if they do not agree; the newest recorded one if none is running.
    std::optional<history::VersionInfo> version = {};
    std::optional<Time> last_loaded = {};
    /// Where the history goes on behind one that was lost while processes ran that still do.
    std::optional<history::VersionInfo> history_break = {};
    bool last_reload_ok = true;
    bool file_watcher_active = false;
    bool database_configured = false;
    bool monitoring_enabled = false;
    bool can_read_files = true;                       ///< False: nobody can say what they say.
    std::vector<history::ProcessRow> processes = {};  ///< Of every environment.
    std::vector<SilentProcess> silent = {};           ///< Of this one.
    bool shows_one_content = true;                    ///< Its processes, perhaps under several numbers.
    std::vector<KeyHealth> keys = {};                 ///< Of the sources that have one.
    Checks checks = {};
    Verdict verdict = Verdict::Ok;
};

/// Looks at files, versions and processes; changes nothing. What keeps it from looking has been reported.
[[nodiscard]] Session::Result<LiveStatus> look_at_live_status(const Session& session);

}  // namespace quantconf::app
