#include "live/recorder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "audit/actor.hpp"
#include "base/assert.hpp"
#include "history/change_lock.hpp"
#include "history/problem.hpp"
#include "history/whole.hpp"
#include "quantconf/detail/try.hpp"
#include "state/problem.hpp"

namespace quantconf::live {

namespace {

constexpr history::ProcessId kNobody = 0;

std::string author_of(const audit::Actor& actor) {
    return fmt::format("{} ({})", actor.user.empty() ? "?" : actor.user, actor.uid);
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

    std::string author = author_of(audit::this_process());
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

Outcome<Recorder::Open*> Recorder::open() {
    if (open_ == nullptr) {
        const auto access = role_ == RecorderRole::Reader ? state::Access::Read : state::Access::Create;
        QC_TRY(state::Database database, state::Database::open(file_, {.access = access}));
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
    if (!result) {
        open_.reset();
        if (result.error().cause == state::Problem::Replaced) {
            process_.reset();  // Its row was in another file; what lies there now has to take a new one.
        }
    }
    return result;
}

Outcome<history::VersionInfo> Recorder::publish_as_tool(Open& state, const history::NewVersion& version) {
    if (version.kind == history::Kind::Load) {
        QC_TRY(const auto processes, state.processes.live());
        const bool somebody_records = std::ranges::any_of(processes, [&](const history::ProcessRow& row) {
            return row.status.environment == version.environment && row.status.version != 0;
        });
        if (somebody_records) {
            QC_TRY(auto head, state.history.head(version.environment));
            // Another content than the newest version's has no number: those who run have variables and
            // overrides.
            return head && head->hash == version.hash ? *std::move(head) : history::VersionInfo{};
        }
    }
    return state.history.publish(version, kNobody);
}

Outcome<history::VersionInfo> Recorder::publish(const history::NewVersion& version) {
    if (role_ == RecorderRole::Reader) {
        return history::VersionInfo{};
    }
    if (role_ == RecorderRole::Tool) {
        return with([&](Open& state) { return publish_as_tool(state, state.signed_by_somebody(version)); });
    }
    return with([&](Open& state) -> Outcome<history::VersionInfo> {
        const history::NewVersion signed_version = state.signed_by_somebody(version);
        if (process_) {
            auto done = state.history.publish(signed_version, *process_);
            if (done || done.error().cause != history::Problem::NoSuchProcess) {
                return done;
            }
            process_.reset();  // Its row went with the file that it was in.
        }
        QC_TRY(process_, state.processes.add(history::this_process(), {.environment = version.environment}));
        return state.history.publish(signed_version, *process_);
    });
}

Outcome<void> Recorder::record(const history::NewVersion& version) {
    return with([&](Open& state) -> Outcome<void> {
        QC_TRY(const auto recorded, state.history.publish(state.signed_by_somebody(version), kNobody));
        static_cast<void>(recorded);
        return {};
    });
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
        if (!process_) {
            QC_TRY(process_, state.processes.add(history::this_process(), status));
            return {};
        }
        auto done = state.processes.update(*process_, status);
        if (!done && done.error().cause == history::Problem::NoSuchProcess) {
            process_.reset();  // Its row went with the file that it was in. Anything else passes, and it is
                               // there.
        }
        return done;
    });
}

Outcome<void> Recorder::answer(const history::Answer& answer) {
    if (!process_) {
        return std::unexpected{Error{.operation = "answer in",
                                     .subject = file_.string(),
                                     .cause = history::Problem::NoSuchProcess,
                                     .hint = "the row of this process was lost while it was loading"}};
    }
    return with([&](Open& state) { return state.processes.answer(*process_, answer); });
}

Outcome<std::optional<history::VersionRecord>> Recorder::find(history::VersionNumber number) {
    return with([&](Open& state) { return state.history.find(number); });
}

Outcome<std::optional<history::VersionInfo>> Recorder::head(Environment environment) {
    return with([&](Open& state) { return state.history.head(environment); });
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
