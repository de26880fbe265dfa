#include "apps/vault/silence.hpp"

#include <algorithm>
#include <ctime>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "live/upkeep.hpp"
#include "quantconf/detail/try.hpp"
#include "value/units.hpp"

namespace quantconf::app {
namespace {

using Rows = std::vector<history::ProcessRow>;
using std::chrono::seconds;

static_assert(kWordWithin > 2 * live::Upkeep::kWordEvery);

/// For how long this machine has slept since it was booted: only one of the two clocks goes on meanwhile.
seconds suspended() {
    timespec with{};
    timespec without{};
    const bool is_known =
        ::clock_gettime(CLOCK_BOOTTIME, &with) == 0 && ::clock_gettime(CLOCK_MONOTONIC, &without) == 0;
    return is_known ? std::max(seconds{0}, seconds{with.tv_sec - without.tv_sec}) : seconds{0};
}

/// Layer and bytes of each file. Not its name, which depends on where a program was started; variables and
/// overrides are each process's own.
std::vector<std::pair<std::string, std::string>> files_of(const history::VersionRecord& record) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const history::LayerRecord& layer : record.layers) {
        if (!layer.sha256.empty()) {
            files.emplace_back(layer.layer, layer.sha256);
        }
    }
    return files;
}

/// Whether `head` was made of other files than what a process shows: then it should have looked at them.
Outcome<bool> is_of_other_files(StateView& state, const history::VersionInfo& head,
                                history::VersionNumber shown) {
    QC_TRY(const auto newest, state.history().find(head.number));
    QC_TRY(const auto live, state.history().find(shown));
    return newest && live && files_of(*newest) != files_of(*live);
}

Outcome<std::optional<Silence>> silence_of(StateView& state, const history::ProcessRow& row,
                                           const std::optional<history::VersionInfo>& missed, Time now) {
    if (is_stopped(row.identity)) {
        return Silence::Stopped;
    }
    if (row.status.following == Following::Off) {
        return std::nullopt;
    }
    const auto allowance = suspended();
    if (now - row.updated > kWordWithin + allowance) {
        return Silence::Overdue;
    }
    // What somebody reads who starts is nothing that the others had to hear of.
    const bool is_change = missed && missed->kind != history::Kind::Load;
    if (is_change && row.status.following == Following::Active && missed->at > row.updated &&
        now - missed->at > kReactsWithin + allowance) {
        QC_TRY(const bool is_behind, is_of_other_files(state, *missed, row.status.version));
        return is_behind ? std::optional{Silence::Behind} : std::nullopt;
    }
    return std::nullopt;
}

std::string hint_for(const SilentProcess& silent) {
    const std::int64_t pid = silent.row.identity.pid;
    if (silent.why == Silence::Stopped) {
        return fmt::format("`kill -CONT {}` lets it go on", pid);
    }
    if (!history::pulse_of(silent.row.identity)) {
        return "it is of another machine or container: look there whether it still runs, and whether the "
               "clocks agree";
    }
    return fmt::format(
        "it runs: can it write the state folder? Else it hangs, on a file system perhaps; `cat "
        "/proc/{}/stack` "
        "or a debugger says where, and a restart helps",
        pid);
}

std::string words_for(Silence why) {
    switch (why) {
        case Silence::Stopped:
            return "is stopped";
        case Silence::Overdue:
            return "gives no signs of life any more";
        case Silence::Behind:
            break;
    }
    return "does not follow the files any more";
}

}  // namespace

std::string_view name_of(Silence silence) {
    switch (silence) {
        case Silence::Stopped:
            return "stopped";
        case Silence::Overdue:
            return "overdue";
        case Silence::Behind:
            break;
    }
    return "behind";
}

bool is_stopped(const history::ProcessIdentity& process) {
    constexpr int kLooks = 4;
    constexpr std::chrono::milliseconds kPause{75};
    for (int look = 0; look < kLooks; ++look) {
        if (look > 0) {
            std::this_thread::sleep_for(kPause);
        }
        if (history::pulse_of(process) != history::Pulse::Stopped) {
            return false;
        }
    }
    return true;
}

Outcome<std::vector<SilentProcess>> find_silent(StateView& state, const Rows& rows, Time now) {
    std::vector<SilentProcess> silent;
    for (const history::ProcessRow& row : rows) {
        QC_TRY(auto head, state.history().head(row.status.environment));
        if (head && (head->number <= row.status.version || row.status.version == 0)) {
            head.reset();
        }
        QC_TRY(const auto why, silence_of(state, row, head, now));
        if (why) {
            silent.push_back({.row = row, .why = *why, .missed = std::move(head)});
        }
    }
    return silent;
}

void check_silent(const std::vector<SilentProcess>& all, Checks& checks) {
    for (const SilentProcess& silent : all) {
        const history::ProcessStatus& status = silent.row.status;
        checks.push_back(
            {"responding", Health::Warning,
             fmt::format("{} {}: its last word is of {}, and it goes on with v{}{}",
                         called(silent.row.identity), words_for(silent.why), short_time(silent.row.updated),
                         status.version,
                         silent.missed ? fmt::format(" while v{} is recorded since {}", silent.missed->number,
                                                     short_time(silent.missed->at))
                                       : std::string{}),
             hint_for(silent)});
    }
}

}  // namespace quantconf::app
