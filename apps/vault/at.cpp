#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/state_view.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"
#include "history/moment.hpp"

namespace quantconf::app {
namespace {

/// What was live, with the versions that it was.
struct Moment {
    Time at{};
    std::vector<history::LiveAt> live = {};
    std::map<history::VersionNumber, OldVersion> versions = {};

    [[nodiscard]] const OldVersion* version_of(const history::LiveAt& process) const {
        const auto found = versions.find(process.version);
        return found == versions.end() ? nullptr : &found->second;
    }
};

Session::Result<Moment> look_up(const Session& session) {
    const auto at = history::parse_moment(session.arguments().operands.front());
    if (!at) {
        // Any other word may have been pasted in the wrong place, and is not repeated.
        const bool is_like_one = session.arguments().operands.front().find_first_not_of(
                                     "0123456789-+:.TZtz ") == std::string::npos;
        return std::unexpected{session.fail(kWrongUsage, is_like_one ? at.error() : "that is not a moment",
                                            "for example `quantconf at 2026-03-01T09:30:00Z`; an order's "
                                            "timestamp in seconds to nanoseconds is understood too")};
    }
    for (const std::string& path : session.arguments().paths) {
        if (session.schema().find(path) == nullptr) {
            return std::unexpected{session.unknown_path(path)};
        }
    }
    Moment moment{.at = *at};
    const auto state = StateView::open(session);
    if (!state) {
        return std::unexpected{session.fail(state.error())};
    }
    if (*state == nullptr) {
        return moment;
    }
    auto live = (*state)->history().at(*at);
    if (!live) {
        return std::unexpected{session.fail(live.error())};
    }
    moment.live = *std::move(live);
    for (const history::LiveAt& process : moment.live) {
        if (moment.versions.contains(process.version)) {
            continue;
        }
        auto record = (*state)->history().find(process.version);
        if (!record) {
            return std::unexpected{session.fail(record.error())};
        }
        if (!*record) {
            continue;
        }
        auto values = values_of(session, **record);
        if (!values) {
            return std::unexpected{session.fail(values.error())};
        }
        moment.versions.emplace(process.version,
                                OldVersion{.record = **std::move(record), .candidate = *std::move(values)});
    }
    if (const auto chosen = session.environment(); session.arguments().environment && chosen) {
        std::erase_if(moment.live, [&](const history::LiveAt& process) {
            const OldVersion* version = moment.version_of(process);
            return version != nullptr && version->record.info.environment != chosen->environment;
        });
    } else if (!chosen) {
        return std::unexpected{chosen.error()};
    }
    return moment;
}

void print_json(const Session& session, const Moment& moment) {
    JsonWriter json;
    json.begin_object().member("at", to_rfc3339(moment.at)).key("processes").begin_array();
    for (const history::LiveAt& process : moment.live) {
        const OldVersion* version = moment.version_of(process);
        json.begin_object()
            .member("pid", process.pid)
            .member("host", process.host)
            .member("program", process.program)
            .member("version", process.version);
        json.key("hash");
        version == nullptr ? json.null() : json.value(version->record.info.hash);
        json.key("environment");
        version == nullptr ? json.null() : json.value(name_of(version->record.info.environment));
        json.member("since", to_rfc3339(process.since)).member("may_have_ended", process.may_have_ended);
        json.key("values").begin_object();
        for (const std::string& path : session.arguments().paths) {
            const Value* value = version == nullptr ? nullptr : version->candidate->root.at(path);
            json.key(path);
            value == nullptr ? static_cast<void>(json.null()) : format::write_json(json, *value);
        }
        json.end_object().end_object();
    }
    json.end_array().end_object();
    session.out().print(json.take());
}

void print_text(const Session& session, const Moment& moment) {
    const Terminal& out = session.out();
    for (const history::LiveAt& process : moment.live) {
        const OldVersion* version = moment.version_of(process);
        out.print(fmt::format("{:>6}  {:<11}  {}  since {}{}\n", fmt::format("v{}", process.version),
                              version == nullptr ? "(forgotten)" : name_of(version->record.info.environment),
                              called({.host = process.host, .pid = process.pid, .program = process.program}),
                              to_rfc3339(process.since),
                              process.may_have_ended ? "  (may have ended before)" : ""));
        for (const std::string& path : session.arguments().paths) {
            const Value* value = version == nullptr ? nullptr : version->candidate->root.at(path);
            out.print(fmt::format("        {} = {}\n", path,
                                  value == nullptr ? "(not set)" : escaped(format::to_display(*value))));
        }
    }
    if (moment.live.empty()) {
        session.err().print(fmt::format("note: no process showed a version at {}\n", to_rfc3339(moment.at)));
    }
}

}  // namespace

int run_at(const Session& session) {
    const auto moment = look_up(session);
    if (!moment) {
        return moment.error();
    }
    if (session.arguments().format == "json") {
        print_json(session, *moment);
    } else {
        print_text(session, *moment);
    }
    return moment->live.empty() ? kAnswerIsNo : kFine;
}

}  // namespace quantconf::app
