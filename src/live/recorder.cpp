#include "live/recorder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "audit/actor.hpp"
#include "base/assert.hpp"
#include "history/change_lock.hpp"
#include "history/problem.hpp"
#include "history/whole.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "state/problem.hpp"

namespace quantconf::live {

namespace {

constexpr history::ProcessId kNobody = 0;

bool is_of_files(const history::VersionRecord& record) {
    return std::ranges::none_of(record.layers, [](const history::LayerRecord& layer) {
        return layer.layer == "variable" || layer.layer == "option";
    });
}

}  // namespace

struct Recorder::Open {
    Open(state::Database opened, std::optional<crypto::SecretBytes> key, const Clock& clock)
        : database{std::move(opened)},
          log{database, std::move(key), {.clock = clock}},
          history{database, log, clock},
          processes{database, clock} {}

    /// Whoever says nothing about himself is the user that this process runs as.
    [[nodiscard]] history::NewVersion signed_by_somebody(history::NewVersion version) const {
        if (version.author.empty()) {
            version.author = author;
        }
        return version;
    }

    std::string author = audit::shown(audit::this_process());
    state::Database database;
    audit::Log log;
    history::History history;
    history::Processes processes;
};

Recorder::Recorder(std::filesystem::path file, const Clock& clock, RecorderRole role)
    : file_{std::move(file)}, clock_{clock}, role_{role} {}
Recorder::~Recorder() = default;

void Recorder::use_key(std::string_view audit_key) {
    if (key_ && key_->view() == audit_key) {
        return;
    }
    key_ = crypto::SecretBytes::copy_of(audit_key, crypto::OnFork::Wipe);
    open_.reset();
}

void Recorder::wait_at_most(std::chrono::milliseconds busy_timeout) {
    busy_timeout_ = busy_timeout;
    if (open_ != nullptr) {
        open_->database.wait_at_most(busy_timeout);
    }
}

Outcome<Recorder::Open*> Recorder::open() {
    if (open_ == nullptr) {
        std::error_code ignored;
        // A store that exists has a log. Whoever deletes it does not thereby begin anew in silence.
        const bool has_store = std::filesystem::exists(file_.parent_path() / "secrets.qcs", ignored);
        const auto access = role_ == RecorderRole::Reader ? state::Access::Read
                            : has_store                   ? state::Access::Write
                                                          : state::Access::Create;
        auto opened = state::Database::open(file_, {.access = access, .busy_timeout = busy_timeout_});
        if (!opened && has_store && opened.error().cause == state::Problem::Missing) {
            opened.error().hint =
                "the audit log of the secret store was in it: put it back from a backup, or begin a new one "
                "with --accept-rollback";
        }
        QC_TRY(state::Database database, std::move(opened));
        std::optional<crypto::SecretBytes> key;
        if (key_) {
            key = crypto::SecretBytes::copy_of(key_->view(), crypto::OnFork::Wipe);
        }
        open_ = std::make_unique<Open>(std::move(database), std::move(key), clock_);
    }
    return open_.get();
}

template <typename Use>
auto Recorder::with(Use use) -> decltype(use(std::declval<Open&>())) {
    QC_TRY(Open* const opened, open());
    auto result = use(*opened);
    if (!result && result.error().cause == state::Problem::Replaced) {
        open_.reset();
        QC_TRY(Open* const again, open());
        result = use(*again);
    }
    if (!result) {
        open_.reset();
    }
    return result;
}

Outcome<bool> Recorder::has_row(Open& state) const {
    if (!process_) {
        return false;
    }
    QC_TRY(const auto row, state.processes.find(*process_));
    return row && row->since == since_ && row->identity.pid == ::getpid();
}

Outcome<void> Recorder::join(Open& state, const history::ProcessStatus& status) {
    QC_TRY(const bool is_there, has_row(state));
    if (is_there) {
        return {};
    }
    QC_TRY(process_, state.processes.add(history::this_process(), status));
    QC_TRY(const auto row, state.processes.find(*process_));
    since_ = row ? row->since : Time{};
    return {};
}

Outcome<void> Recorder::check_continuity(Open& state) const {
    if (!published_) {
        return {};
    }
    QC_TRY(const bool goes_on, state.history.continues(published_->number, published_->hash));
    return goes_on
               ? Outcome<void>{}
               : std::unexpected{Error{.operation = "go on with",
                                       .subject = file_.string(),
                                       .cause = make_error_code(Problem::HistoryLost),
                                       .hint = fmt::format("this process has published v{} in another one",
                                                           published_->number)}};
}

Outcome<bool> Recorder::show_again(const history::ProcessStatus& status) {
    return with([&](Open& state) -> Outcome<bool> {
        if (auto joined = join(state, status); !joined) {
            return std::unexpected{std::move(joined).error()};
        }
        return state.history.show_again(published_->number, *process_);
    });
}

Outcome<void> Recorder::look() {
    return with([&](Open& state) -> Outcome<void> {
        if (auto goes_on = check_continuity(state); !goes_on) {
            return goes_on;
        }
        QC_TRY(const bool is_there, has_row(state));
        return is_there ? Outcome<void>{}
                        : std::unexpected{Error{.operation = "find this process in",
                                                .subject = file_.string(),
                                                .cause = history::Problem::NoSuchProcess,
                                                .hint = {}}};
    });
}

Outcome<bool> Recorder::is_shown(Open& state, Environment environment) {
    QC_TRY(const auto processes, state.processes.live());
    return std::ranges::any_of(processes, [&](const history::ProcessRow& row) {
        return row.status.environment == environment && row.status.version != 0;
    });
}

Outcome<history::VersionInfo> Recorder::publish_as_tool(Open& state, const history::NewVersion& version,
                                                        std::vector<history::NewVersion> earlier) {
    if (version.kind == history::Kind::Load) {
        // What it finds has only the number that it has already: nobody has asked for anything yet.
        QC_TRY(auto head, state.history.head(version.environment));
        return head && head->hash == version.hash ? *std::move(head) : history::VersionInfo{};
    }
    QC_TRY(const bool somebody_records, is_shown(state, version.environment));
    for (history::NewVersion& one : earlier) {
        one.if_unknown = one.if_unknown && somebody_records;
    }
    return state.history.publish(earlier, state.signed_by_somebody(version), kNobody);
}

Outcome<history::VersionInfo> Recorder::publish(const history::NewVersion& version,
                                                std::span<const history::NewVersion> earlier) {
    if (role_ == RecorderRole::Reader) {
        return history::VersionInfo{};
    }
    return with([&](Open& state) -> Outcome<history::VersionInfo> {
        std::vector<history::NewVersion> before;
        for (const history::NewVersion& one : earlier) {
            before.push_back(state.signed_by_somebody(one));
        }
        if (role_ == RecorderRole::Tool) {
            return publish_as_tool(state, version, std::move(before));
        }
        const auto goes_on = version.follows == 0 ? check_continuity(state) : Outcome<void>{};
        if (!goes_on) {
            return std::unexpected{goes_on.error()};
        }
        if (auto joined = join(state, {.environment = version.environment}); !joined) {
            return std::unexpected{std::move(joined).error()};
        }
        auto done = state.history.publish(before, state.signed_by_somebody(version), *process_);
        if (done) {
            published_ = Published{.number = done->number, .hash = done->hash};
        }
        return done;
    });
}

Outcome<history::VersionInfo> Recorder::record(const history::NewVersion& version) {
    return with(
        [&](Open& state) { return state.history.publish(state.signed_by_somebody(version), kNobody); });
}

Outcome<void> Recorder::refused(Environment environment, std::error_code why) {
    if (role_ == RecorderRole::Reader) {
        return {};
    }
    return with([&](Open& state) -> Outcome<void> {
        QC_TRY(const auto done, state.log.record({.action = audit::Action::ConfigRefuse,
                                                  .target = audit::Target::environment(name_of(environment)),
                                                  .detail = audit::Detail{}.cause(why)},
                                                 audit::Result::Refused));
        static_cast<void>(done);
        return {};
    });
}

Outcome<void> Recorder::report(const history::ProcessStatus& status) {
    if (role_ != RecorderRole::Process) {
        return {};
    }
    return with([&](Open& state) -> Outcome<void> {
        if (auto joined = join(state, status); !joined) {
            return joined;
        }
        return state.processes.update(*process_, status);
    });
}

Outcome<void> Recorder::answer(const history::Answer& answer) {
    return with([&](Open& state) -> Outcome<void> {
        QC_TRY(const bool is_there, has_row(state));
        return is_there
                   ? state.processes.answer(*process_, answer)
                   : std::unexpected{Error{.operation = "answer in",
                                           .subject = file_.string(),
                                           .cause = history::Problem::NoSuchProcess,
                                           .hint = "the row of this process was lost while it was loading"}};
    });
}

Outcome<std::optional<history::VersionRecord>> Recorder::find(history::VersionNumber number) {
    return with([&](Open& state) { return state.history.find(number); });
}

Outcome<std::optional<history::VersionRecord>> Recorder::last_good(Environment environment) {
    constexpr std::size_t kLooks = 100;
    using Found = std::optional<history::VersionRecord>;
    return with([&](Open& state) -> Outcome<Found> {
        QC_TRY(const auto newest, state.history.list({.environment = environment, .limit = kLooks}));
        for (const history::VersionInfo& info : newest) {
            QC_TRY(Found record, state.history.find(info.number));
            QC_TRY(const bool was_shown, state.history.was_shown(info.number));
            if (record && (was_shown || is_of_files(*record))) {
                return record;
            }
        }
        return std::nullopt;
    });
}

Outcome<std::optional<history::VersionInfo>> Recorder::head(Environment environment) {
    return with([&](Open& state) { return state.history.head(environment); });
}

Outcome<bool> Recorder::is_shown(Environment environment) {
    return with([&](Open& state) { return is_shown(state, environment); });
}

Outcome<void> Recorder::set_aside_if_damaged() {
    constexpr std::chrono::seconds kLockTimeout{10};
    const std::filesystem::path folder = file_.parent_path();
    std::error_code ignored;
    if (role_ != RecorderRole::Process || std::filesystem::exists(folder / "secrets.qcs", ignored)) {
        return {};
    }
    open_.reset();
    QC_TRY(const auto lock, history::ChangeLock::acquire(folder, kLockTimeout, "damage.lock"));
    auto database = state::Database::open(file_, {.access = state::Access::Write});
    const Outcome<void> whole =
        database ? history::check_whole(*database, clock_) : Outcome<void>{std::unexpected{database.error()}};
    if (whole || whole.error().cause != state::Problem::Damaged) {
        return whole;
    }
    QC_TRY(const auto aside, state::quarantine(file_, clock_));
    return {};
}

void Recorder::leave() noexcept {
    if (open_ != nullptr && process_) {
        (void)open_->processes.remove(*process_);
    }
}

}  // namespace quantconf::live
