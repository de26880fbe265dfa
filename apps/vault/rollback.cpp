#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/change_report.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/live_engine.hpp"
#include "apps/vault/meanwhile.hpp"
#include "apps/vault/state_view.hpp"

namespace quantconf::app {

int run_rollback(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (const auto refused = refuse_settings(session, "rollback")) {
        return *refused;
    }
    const auto target = load_version(session, arguments.operands.front());
    if (!target) {
        if (target.error() == kAnswerIsNo) {
            print_refusal(session, "there is no such version, or it does not fit today's schema");
        }
        return target.error();
    }
    const history::VersionNumber number = target->record.info.number;
    std::shared_ptr<const layers::Candidate> before;
    std::optional<live::FilesChanged> done;
    for (Repetition attempts = repetition(); !done;) {
        const auto engine = open_engine(session, {.dry_run = arguments.dry_run});
        if (!engine) {
            return engine.error();
        }
        const auto now = (*engine)->current();
        if (before != nullptr && before->hash != now->candidate->hash) {
            // It would take back what somebody has only just changed.
            return lost_against(session, now->label.environment, {});
        }
        before = now->candidate;
        auto result = (*engine)->rollback(
            number, {.reason = arguments.reason, .author = author(), .dry_run = arguments.dry_run});
        if (result) {
            done = *std::move(result);
        } else if (!is_conflict(result.error()) || !attempts.again()) {
            return report(session, result.error());
        }
    }
    return print_change(
        session, {.action = "rollback",
                  .dry_run = arguments.dry_run,
                  .version = done->report.version,
                  .rolled_back_to = number,
                  .changes = layers::diff(done->before->root, target->candidate->root),
                  .after = arguments.dry_run ? nullptr : done->after.get(),
                  .before = done->before.get(),
                  .pending = done->report.pending,
                  .readers = done->is_read_by_others ? std::nullopt
                                                     : std::optional{done->report.version.environment}});
}

}  // namespace quantconf::app
