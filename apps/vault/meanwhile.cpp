#include "apps/vault/meanwhile.hpp"

#include <optional>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/state_view.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

/// "v12 of alice (1000) was faster: volatility".
std::string newest_change(const Session& session, Environment environment) {
    const auto state = StateView::open(session);
    if (!state || *state == nullptr) {
        return {};
    }
    const auto head = (*state)->history().head(environment);
    if (!head || !*head) {
        return {};
    }
    return fmt::format("v{} of {} was faster{}{}", (*head)->number, escaped((*head)->author),
                       (*head)->reason.empty() ? "" : ": ", escaped((*head)->reason));
}

}  // namespace

std::optional<int> refuse_settings(const Session& session, std::string_view command) {
    if (session.arguments().settings.empty()) {
        return std::nullopt;
    }
    return session.fail(kWrongUsage, fmt::format("`{}` takes no --set: that holds for one run only", command),
                        "what is to stay is named as PATH=VALUE of `quantconf set`");
}

Repetition repetition() {
    static crypto::SystemRandom random;
    return {random, [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); }};
}

int lost_against(const Session& session, Environment environment, std::string_view path) {
    const std::string who = newest_change(session, environment);
    return session.fail(
        kAnswerIsNo,
        fmt::format("{} was changed by somebody else meanwhile", path.empty() ? "the configuration" : path),
        fmt::format("nothing was changed; {}{}look at it, and repeat the command if it is still right", who,
                    who.empty() ? "" : "; "));
}

}  // namespace quantconf::app
