#include <algorithm>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "apps/quantconf/change_line.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "apps/vault/commands.hpp"
#include "apps/vault/state_view.hpp"
#include "base/diagnostic_report.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::app {
namespace {

using history::VersionNumber;

constexpr long kPauseNanoseconds = 100'000'000;  ///< Between two looks: a tenth of a second.

/// SIGINT and SIGTERM end a watch between two lines, never inside one. SIGHUP has it begin anew, unless its
/// terminal is gone.
class Signals {
public:
    Signals() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        sigaddset(&signals_, SIGHUP);
        sigprocmask(SIG_BLOCK, &signals_, nullptr);
    }
    /// Waits until the next look is due. The signal that came meanwhile, or 0.
    [[nodiscard]] int wait() const {
        const timespec pause{.tv_sec = 0, .tv_nsec = kPauseNanoseconds};
        const int signal = sigtimedwait(&signals_, nullptr, &pause);
        const bool has_lost_terminal = signal == SIGHUP && is_terminal_ && ::isatty(STDOUT_FILENO) == 0;
        return has_lost_terminal ? SIGTERM : std::max(signal, 0);
    }

private:
    bool is_terminal_ = ::isatty(STDOUT_FILENO) != 0;
    sigset_t signals_{};
};

/// Follows the versions of one environment and what its processes say.
class Watching {
public:
    Watching(const Session& session, Environment environment)
        : session_{session}, environment_{environment} {}

    /// Prints what is new since the last look. The first look only remembers.
    [[nodiscard]] Outcome<void> look() {
        if (state_ == nullptr) {
            QC_TRY(state_, StateView::open(session_));
        }
        if (state_ != nullptr) {
            QC_TRY(const auto head, state_->history().head(environment_));
            if (head && head->number > seen_) {
                if (auto done = show_versions(head->number); !done) {
                    return done;
                }
            }
            QC_TRY(const auto rows, state_->processes().live());
            show_failures(of_environment(rows, environment_));
        }
        has_looked_ = true;
        return {};
    }
    [[nodiscard]] std::string processes() const {
        return told_.size() == 1 ? "1 process" : fmt::format("{} processes", told_.size());
    }
    /// Opens state.db anew with the next look: another one may stand there, put back from a backup. What has
    /// been told is not told again.
    void reload() { state_.reset(); }

private:
    [[nodiscard]] Outcome<void> show_versions(VersionNumber newest) {
        if (has_looked_) {
            QC_TRY(auto versions, state_->history().list({.environment = environment_, .limit = kAtOnce}));
            std::erase_if(versions, [&](const history::VersionInfo& info) { return info.number <= seen_; });
            std::ranges::reverse(versions);
            for (const history::VersionInfo& info : versions) {
                if (auto done = show_version(info); !done) {
                    return done;
                }
            }
        }
        seen_ = newest;
        return {};
    }

    /// The values of a version; nullptr if it is gone or does not fit today's schema.
    [[nodiscard]] Outcome<CandidatePointer> values(VersionNumber number) {
        if (number == 0) {
            return nullptr;
        }
        QC_TRY(const auto record, state_->history().find(number));
        if (!record) {
            return nullptr;
        }
        QC_TRY(auto candidate, values_of(session_, *record));
        return candidate->ok ? std::move(candidate) : nullptr;
    }

    [[nodiscard]] Outcome<void> show_version(const history::VersionInfo& info) {
        QC_TRY(const CandidatePointer before, values(info.parent));
        QC_TRY(const CandidatePointer after, values(info.number));
        std::vector<layers::Change> changes;
        if (before != nullptr && after != nullptr) {
            changes = layers::diff(before->root, after->root);
        }
        if (session_.arguments().format == "json") {
            JsonWriter json{JsonWriter::Layout::Compact};
            json.begin_object()
                .member("event", "version")
                .member("version", info.number)
                .member("hash", info.hash)
                .member("at", to_rfc3339(info.at));
            json.key("changes").begin_array();
            for (const layers::Change& change : changes) {
                write_change(json, session_.schema(), change);
            }
            json.end_array().key("diagnostics").begin_array().end_array();
            json.member("environment", name_of(info.environment))
                .member("kind", history::to_text(info.kind))
                .member("author", info.author)
                .member("reason", info.reason)
                .end_object();
            print(json.take() + "\n");
            return {};
        }
        std::string text = escaped(fmt::format("{}  v{} of {}, {} by {}{}", short_time(info.at), info.number,
                                               name_of(info.environment), history::to_text(info.kind),
                                               info.author.empty() ? "?" : info.author,
                                               info.reason.empty() ? "" : ": " + info.reason)) +
                           "\n";
        for (const layers::Change& change : changes) {
            text += "  " + change_line(session_, change) + "\n";
        }
        print(text);
        return {};
    }

    void show_failures(const std::vector<history::ProcessRow>& rows) {
        std::map<history::ProcessId, std::string> now;
        for (const history::ProcessRow& row : rows) {
            const std::string error = row.status.last_reload_ok ? std::string{} : row.status.last_error;
            const auto before = told_.find(row.id);
            const bool is_new = before == told_.end() || before->second != error;
            if (has_looked_ && is_new && !row.status.last_reload_ok) {
                show_failure(row);
            }
            now.emplace(row.id, error);
        }
        told_ = std::move(now);
    }

    /// A process keeps one line of what was wrong; the files say the rest, if they are still as it found
    /// them.
    void show_failure(const history::ProcessRow& row) {
        Diagnostics diagnostics;
        if (const auto files = session_.load(); files && !(*files)->ok) {
            diagnostics = (*files)->diagnostics;
        }
        if (session_.arguments().format == "json") {
            JsonWriter json{JsonWriter::Layout::Compact};
            json.begin_object().member("event", "reload_failed");
            write_number(json, "version", row.status.version);
            json.key("hash").null().member("at", to_rfc3339(row.updated));
            json.key("changes").begin_array().end_array().key("diagnostics").begin_array();
            for (const Diagnostic& diagnostic : diagnostics) {
                write_json(json, diagnostic);
            }
            json.end_array().member("error", row.status.last_error).key("process");
            write_process(json, row);
            json.end_object();
            print(json.take() + "\n");
            return;
        }
        std::string text = fmt::format("{}  {} has refused a reload, and goes on with v{}\n",
                                       short_time(row.updated), called(row.identity), row.status.version);
        if (diagnostics.empty()) {
            text += "  " + escaped(row.status.last_error) + "\n";
        }
        for (const Diagnostic& diagnostic : diagnostics) {
            text += to_text(diagnostic, session_.out().colour()) + "\n";
        }
        print(text);
    }

    /// Whoever reads a pipe reads each event when it comes.
    void print(const std::string& text) const {
        session_.out().print(text);
        std::fflush(stdout);
    }

    static constexpr std::size_t kAtOnce = 1'000;  ///< Versions between two looks; older ones are left out.

    const Session& session_;
    Environment environment_;
    std::unique_ptr<StateView> state_;
    VersionNumber seen_ = 0;
    bool has_looked_ = false;
    std::map<history::ProcessId, std::string> told_;  ///< What each has said last; empty: all is well.
};

}  // namespace

int run_watch(const Session& session) {
    const Signals signals;
    const auto chosen = session.environment();
    if (!chosen) {
        return chosen.error();
    }
    Watching watching{session, chosen->environment};
    const std::string_view environment = name_of(chosen->environment);
    std::string_view note = "watching {}, {} running; end it with Ctrl-C";
    while (true) {
        if (auto done = watching.look(); !done) {
            return session.fail(done.error());
        }
        if (!note.empty()) {
            session.err().print(fmt::format(
                "note: {}\n", fmt::format(fmt::runtime(note), environment, watching.processes())));
        }
        note = {};
        switch (signals.wait()) {
            case 0:
                break;
            case SIGHUP:
                watching.reload();
                note = "watching {}: reloaded, {} running";
                break;
            default:
                return kFine;
        }
        if (std::ferror(stdout) != 0) {
            return kFine;  // Nobody reads any more.
        }
    }
}

}  // namespace quantconf::app
