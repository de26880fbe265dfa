#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/change_report.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/live_engine.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/state_view.hpp"
#include "base/utf8.hpp"
#include "crypto/random.hpp"
#include "history/change_lock.hpp"
#include "live/reload_request.hpp"
#include "live/vanished.hpp"
#include "quantconf/detail/try.hpp"
#include "state/private_file.hpp"
#include "value/units.hpp"

namespace quantconf::app {
namespace {

using Rows = std::vector<history::ProcessRow>;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kTimeout{15'000};  ///< Longer than a writer who pauses is waited for.
constexpr Milliseconds kPause{20};        ///< Between two looks at the answers.

enum class Said : std::uint8_t {
    Accepted,
    Refused,
    Nothing,       ///< It did not answer in time.
    NotFollowing,  ///< It follows no files: nobody can ask it.
    Ended,         ///< It has ended meanwhile.
};

std::string_view word_for(Said said) {
    switch (said) {
        case Said::Accepted:
            return "accepted";
        case Said::Refused:
            return "refused";
        case Said::Nothing:
            return "no_answer";
        case Said::NotFollowing:
            return "not_following";
        case Said::Ended:
            break;
    }
    return "ended";
}

/// One process, and what it made of the request.
struct Asked {
    history::ProcessRow row;
    Said said = Said::Nothing;
    std::string why = {};  ///< Lines.
};

Outcome<std::string> new_id() {
    constexpr std::size_t kBytes = 16;
    std::array<char, kBytes> bytes{};
    crypto::SystemRandom random;
    if (auto done = random.fill(bytes); !done) {
        return std::unexpected{std::move(done).error()};
    }
    std::string id;
    for (const char byte : bytes) {
        id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return id;
}

/// Takes the answers in that have come; false while one is missing.
Outcome<bool> look_for_answers(StateView& state, const std::string& id, std::vector<Asked>& asked) {
    bool is_complete = true;
    QC_TRY(const Rows rows, state.processes().live());
    for (Asked& one : asked) {
        if (one.said != Said::Nothing) {
            continue;
        }
        QC_TRY(const auto answer, state.processes().last_answer(one.row.id));
        const auto now = std::ranges::find(rows, one.row.id, &history::ProcessRow::id);
        if (answer && answer->request == id) {
            one.said = answer->is_accepted ? Said::Accepted : Said::Refused;
            one.why = answer->said;
        } else if (now == rows.end()) {
            one.said = Said::Ended;
        }
        if (now != rows.end()) {
            one.row = *now;
        }
        is_complete = is_complete && one.said != Said::Nothing;
    }
    return is_complete;
}

/// Asks all of them at once, and waits until each has answered or the time is over.
Outcome<void> ask(const Session& session, StateView& state, std::vector<Asked>& asked, Milliseconds timeout) {
    const std::filesystem::path folder = session.state_dir();
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    if (auto safe = state::check_private_folder(folder); !safe) {
        return safe;
    }
    // Two who ask at once would take each other's request away.
    QC_TRY(const auto lock, history::ChangeLock::acquire(folder, timeout, live::kReloadLock));
    QC_TRY(std::string id, new_id());
    const SystemClock clock;
    live::ReloadRequest request{.id = std::move(id),
                                .until = clock.now() + timeout,
                                .accept_missing = session.arguments().accept_missing,
                                .author = author()};
    for (const Asked& one : asked) {
        if (one.said == Said::Nothing) {
            request.asked.push_back(live::AskedProcess::of(one.row.id, one.row.identity));
        }
    }
    if (request.asked.empty()) {
        return {};
    }
    QC_TRY(const auto placed, live::PlacedRequest::place(request, folder));
    while (true) {
        QC_TRY(const bool is_complete, look_for_answers(state, request.id, asked));
        if (is_complete || std::chrono::steady_clock::now() >= deadline) {
            return {};
        }
        std::this_thread::sleep_for(kPause);
    }
}

int exit_code_for(const std::vector<Asked>& asked) {
    const auto is = [](auto... said) {
        return [=](const Asked& one) { return ((one.said == said) || ...); };
    };
    if (std::ranges::any_of(asked, is(Said::Refused))) {
        return kAnswerIsNo;
    }
    return std::ranges::all_of(asked, is(Said::Accepted)) ? kFine : kWorldFailed;
}

void print_text(const Session& session, const std::vector<Asked>& asked, Milliseconds timeout) {
    const Terminal& out = session.out();
    for (const Asked& one : asked) {
        std::string text =
            fmt::format("{} ({}): ", called(one.row.identity), name_of(one.row.status.environment));
        const std::string version =
            one.row.status.version == 0 ? "what it had" : fmt::format("v{}", one.row.status.version);
        switch (one.said) {
            case Said::Accepted:
                text += fmt::format("{}, shows {}", out.green("accepted"), version);
                break;
            case Said::Refused:
                text += fmt::format("{}, goes on with {}", out.red("refused"), version);
                break;
            case Said::Nothing:
                text += fmt::format("did not answer within {}", value::to_text(Duration{timeout}));
                break;
            case Said::NotFollowing:
                text += "cannot be asked: it follows no files, and its program says when it loads them";
                break;
            case Said::Ended:
                text += "ended meanwhile";
                break;
        }
        out.print(text + "\n");
        for (std::string_view rest = one.why; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            out.print(fmt::format("  {}\n", rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        if (one.said == Said::Accepted && !one.row.status.pending.empty()) {
            out.print(fmt::format("  waits for a restart: {}\n",
                                  escaped(fmt::format("{}", fmt::join(one.row.status.pending, ", ")))));
        }
    }
}

/// What both kinds of answers have. `loaded`: by the tool itself, because nobody runs.
void print_json(const Session& session, const std::vector<Asked>& asked, const VersionLabel* loaded) {
    JsonWriter json;
    json.begin_object()
        .member("ok", exit_code_for(asked) == kFine)
        .member("accept_missing", session.arguments().accept_missing);
    json.key("answers").begin_array();
    for (const Asked& one : asked) {
        json.begin_object().member("answer", word_for(one.said)).member("said", one.why).key("process");
        write_process(json, one.row);
        json.end_object();
    }
    json.end_array().key("loaded");
    if (loaded == nullptr) {
        json.null();
    } else {
        json.begin_object();
        write_number(json, "version", loaded->number);
        json.member("hash", loaded->hash).member("environment", name_of(loaded->environment)).end_object();
    }
    json.end_object();
    session.out().print(json.take());
}

/// Required layers that the newest version had and the files have not: nobody runs who could miss them.
Session::Result<Diagnostics> missing_since_last_version(const Session& session) {
    const auto chosen = session.environment();
    if (!chosen) {
        return std::unexpected{chosen.error()};
    }
    const auto files = session.load(*chosen);
    if (!files) {
        return std::unexpected{files.error()};
    }
    const auto found = [&]() -> Outcome<std::optional<history::VersionRecord>> {
        QC_TRY(const auto state, StateView::open(session));
        if (state == nullptr) {
            return std::nullopt;
        }
        QC_TRY(const auto head, state->history().head(chosen->environment));
        return head ? state->history().find(head->number)
                    : Outcome<std::optional<history::VersionRecord>>{std::nullopt};
    }();
    if (!found) {
        return std::unexpected{session.fail(found.error())};
    }
    // Where the values are the same, nothing has vanished with it.
    const bool is_new = *found && (**found).info.hash != (**files).hash;
    return is_new ? live::vanished_since(**found, **files) : Diagnostics{};
}

/// Nobody runs: what a start would find is recorded now.
int load_once(const Session& session) {
    if (!session.arguments().accept_missing) {
        auto missing = missing_since_last_version(session);
        if (!missing) {
            return missing.error();
        }
        if (!missing->empty()) {
            return report(session, Failure{*std::move(missing)});
        }
    }
    const auto engine = open_engine(session, {.accept_missing = true});
    if (!engine) {
        return engine.error();
    }
    if (session.arguments().accept_missing) {  // Also where the values are the same: `set` asks the history.
        if (const auto done = (*engine)->reload({.author = author(), .accept_missing = true}); !done) {
            return report(session, done.error());
        }
    } else if (const auto recorded = (*engine)->record_current(); !recorded) {
        return report(session, Failure{recorded.error()});
    }
    const VersionLabel label = (*engine)->current()->label;
    if (session.arguments().format == "json") {
        print_json(session, {}, &label);
        return kFine;
    }
    session.out().print(fmt::format("no process is running; loaded once: v{} of {}\n", label.number,
                                    name_of(label.environment)));
    return kFine;
}

}  // namespace

int run_reload(const Session& session) {
    const Arguments& arguments = session.arguments();
    std::optional<Environment> only;
    if (arguments.environment) {
        const auto chosen = session.environment();
        if (!chosen) {
            return chosen.error();
        }
        only = chosen->environment;
    }
    const auto state = StateView::open(session);
    if (!state) {
        return session.fail(state.error());
    }
    Rows rows;
    if (*state != nullptr) {
        auto found = (*state)->processes().live();
        if (!found) {
            return session.fail(found.error());
        }
        rows = of_environment(*std::move(found), only);
    }
    if (rows.empty()) {
        return load_once(session);
    }
    if (rows.size() > live::kAskedMax) {
        return session.fail(kWorldFailed,
                            fmt::format("{} processes are running, and at most {} can be asked at once",
                                        rows.size(), live::kAskedMax),
                            "ask those of one environment with --env");
    }
    std::vector<Asked> asked;
    for (history::ProcessRow& row : rows) {
        const bool is_deaf = row.status.following == Following::Off;
        asked.push_back({.row = std::move(row), .said = is_deaf ? Said::NotFollowing : Said::Nothing});
    }
    const Milliseconds timeout = arguments.timeout.value_or(kTimeout);
    if (auto done = ask(session, **state, asked, timeout); !done) {
        return session.fail(done.error());
    }
    if (arguments.format == "json") {
        print_json(session, asked, nullptr);
    } else {
        print_text(session, asked, timeout);
    }
    return exit_code_for(asked);
}

}  // namespace quantconf::app
