#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "apps/quantconf/diff.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/state_view.hpp"

namespace quantconf::app {
namespace {

/// The version that the processes of the chosen environment show, "v12": the newest, if they do not agree;
/// the newest recorded one, if none is running.
Session::Result<std::string> live_version(const Session& session) {
    const auto chosen = session.environment();
    if (!chosen) {
        return std::unexpected{chosen.error()};
    }
    const auto state = StateView::open(session);
    if (!state) {
        return std::unexpected{session.fail(state.error())};
    }
    Outcome<std::vector<history::ProcessRow>> rows;
    Outcome<std::optional<history::VersionInfo>> head;
    if (*state != nullptr) {
        rows = (*state)->processes().live();
        head = (*state)->history().head(chosen->environment);
    }
    if (!rows) {
        return std::unexpected{session.fail(rows.error())};
    }
    if (!head) {
        return std::unexpected{session.fail(head.error())};
    }
    history::VersionNumber newest = 0;
    history::VersionNumber oldest = 0;
    for (const history::ProcessRow& row : of_environment(*rows, chosen->environment)) {
        if (row.status.version != 0) {
            newest = std::max(newest, row.status.version);
            oldest = oldest == 0 ? row.status.version : std::min(oldest, row.status.version);
        }
    }
    if (newest != oldest) {
        session.err().print(fmt::format(
            "note: processes show different versions, v{} to v{}; live means v{}\n", oldest, newest, newest));
    }
    if (newest == 0 && *head) {
        newest = (*head)->number;
        session.err().print(fmt::format("note: no process of {} is running; live means v{}, the newest one\n",
                                        name_of(chosen->environment), newest));
    }
    if (newest == 0) {
        return std::unexpected{session.fail(
            kAnswerIsNo, fmt::format("nothing of {} has been recorded yet", name_of(chosen->environment)),
            "versions are recorded by running programs, and by `quantconf set`")};
    }
    return fmt::format("v{}", newest);
}

Session::Result<CandidatePointer> side(const Session& session, std::string text) {
    if (!names_a_version(text)) {
        return side_of_files(session, text);
    }
    if (text == "live") {
        auto live = live_version(session);
        if (!live) {
            return std::unexpected{live.error()};
        }
        text = *std::move(live);
    }
    auto version = load_version(session, text);
    if (!version) {
        return std::unexpected{version.error()};
    }
    return std::move(version->candidate);
}

}  // namespace

int run_diff_versions(const Session& session) {
    const auto from = side(session, session.arguments().operands[0]);
    if (!from) {
        return from.error();
    }
    const auto to = side(session, session.arguments().operands[1]);
    if (!to) {
        return to.error();
    }
    return print_differences(session, (*from)->root, (*to)->root);
}

}  // namespace quantconf::app
