#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "apps/net/commands.hpp"
#include "apps/net/key_output.hpp"
#include "apps/net/opened_client.hpp"
#include "apps/quantconf/exit_code.hpp"

namespace quantconf::app {

namespace {

/// What the shell is told: 1 if a key is bad, else 3 if nobody could say of one.
int exit_code_of(const std::vector<sources::KeyReport>& reports) {
    using enum sources::KeyStatus;
    const auto any = [&](auto... statuses) {
        return std::ranges::any_of(reports, [&](const sources::KeyReport& report) {
            return ((report.status == statuses || report.last_status == statuses) || ...);
        });
    };
    if (any(Invalid, Expired)) {
        return kAnswerIsNo;
    }
    return any(Unreachable) ? kWorldFailed : kFine;
}

}  // namespace

int run_keys(const Session& session) {
    const auto providers = named_sources(session, session.arguments().operands);
    if (!providers) {
        return providers.error();
    }
    const auto opened = OpenedClient::open(session);
    if (!opened) {
        return opened.error();
    }
    const bool is_for_all = session.arguments().operands.empty();
    const auto reports = (*opened)->client().check_keys(is_for_all ? std::span<const sources::Provider>{}
                                                                   : std::span{*providers});
    if (session.arguments().format == "json") {
        print_keys_json(session, reports);
    } else {
        print_keys(session, reports);
    }
    return exit_code_of(reports);
}

}  // namespace quantconf::app
