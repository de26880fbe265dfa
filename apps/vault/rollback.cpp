#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/change_report.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/live_engine.hpp"
#include "apps/vault/state_view.hpp"

namespace quantconf::app {

int run_rollback(const Session& session) {
    const Arguments& arguments = session.arguments();
    const auto target = load_version(session, arguments.operands.front());
    if (!target) {
        return target.error();
    }
    const auto engine = open_engine(session, arguments.dry_run, false);
    if (!engine) {
        return engine.error();
    }
    const auto before = (*engine)->current()->candidate;
    const history::VersionNumber number = target->record.info.number;
    const auto done = (*engine)->rollback(
        number, {.reason = arguments.reason, .author = author(), .dry_run = arguments.dry_run});
    if (!done) {
        return report(session, done.error());
    }
    const auto after = (*engine)->current()->candidate;
    return print_change(session, {.action = "rollback",
                                  .dry_run = arguments.dry_run,
                                  .version = done->version,
                                  .rolled_back_to = number,
                                  .changes = layers::diff(before->root, target->candidate->root),
                                  .after = arguments.dry_run ? nullptr : after.get(),
                                  .before = before.get(),
                                  .pending = done->pending,
                                  .readers = done->version.environment});
}

}  // namespace quantconf::app
