#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/log.hpp"
#include "base/clock.hpp"
#include "crypto/secret_bytes.hpp"
#include "history/history.hpp"
#include "history/processes.hpp"
#include "quantconf/error.hpp"
#include "state/database.hpp"

namespace quantconf::live {

/// What a Recorder is for.
enum class RecorderRole : std::uint8_t {
    Process,  ///< A manager that shows its versions: it has a row in the process table.
    /// A tool that changes files and ends: its versions are shown by nobody, and it has no row. What it finds
    /// when it starts is recorded with its change, so that the change is one against what was there: where no
    /// process of that environment runs, or where the history does not know it at all. Those who run have
    /// variables that a tool does not have. A tool that changes nothing records nothing.
    Tool,
    Reader,  ///< Records nothing; state.db is read.
};

/// A version as a process remembers it without state.db.
struct Published {
    history::VersionNumber number = 0;
    std::string hash = {};
};

/// What one manager writes into state.db: its versions, its refusals, its row in the process table. One
/// thread at a time.
///
/// A state.db that cannot be used is an Error at each call, and opened anew at the next one: full disks get
/// space again, and damaged files are replaced. One that is gone is made anew, unless a secret store lies
/// beside it, which has its log there.
class Recorder {
public:
    /// `file` is DIR/state.db; made if it is not there, but by a Reader. Nothing is opened yet.
    Recorder(std::filesystem::path file, const Clock& clock, RecorderRole role = RecorderRole::Process);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// For as long as this is there, nobody is waited for longer than kBrief with each call: who reduces
    /// risk, or what is tried again by itself.
    class Briefly {
    public:
        explicit Briefly(Recorder& recorder) : recorder_{recorder} { recorder_.wait_at_most(kBrief); }
        ~Briefly() { recorder_.wait_at_most(kPatient); }
        Briefly(const Briefly&) = delete;
        Briefly& operator=(const Briefly&) = delete;

    private:
        Recorder& recorder_;
    };

    /// Records from here on are keyed with the store's audit key.
    void use_key(std::string_view audit_key);

    /// Durable when it returns. A Reader gives it the number 0. Problem::HistoryLost where what lies there is
    /// not the history in which this process has published before: then only one that `follows` it is taken.
    ///
    /// `earlier` are versions of the files that this process does not show, recorded with it and before it.
    [[nodiscard]] Outcome<history::VersionInfo> publish(const history::NewVersion& version,
                                                        std::span<const history::NewVersion> earlier = {});
    /// What this process has published last.
    [[nodiscard]] const std::optional<Published>& published() const noexcept { return published_; }
    /// What this process shows is shown by it in state.db, too: a row that was lost is made anew with what it
    /// has published. False if that is forgotten meanwhile.
    [[nodiscard]] Outcome<bool> show_again(const history::ProcessStatus& status);
    /// Whether state.db is what it was. Problem::HistoryLost, Problem::NoSuchProcess if the row alone is
    /// gone.
    [[nodiscard]] Outcome<void> look();
    /// The same for a version that this process does not show, at least not yet.
    [[nodiscard]] Outcome<history::VersionInfo> record(const history::NewVersion& version);
    /// A change that was refused, for the audit.
    [[nodiscard]] Outcome<void> refused(Environment environment, std::error_code why);
    /// What this process says about itself. Adds its row if there is none yet.
    [[nodiscard]] Outcome<void> report(const history::ProcessStatus& status);
    /// The row of this process, if it has one.
    [[nodiscard]] std::optional<history::ProcessId> process() const noexcept { return process_; }
    /// What this process makes of a request. Problem::NoSuchProcess if its row was lost meanwhile.
    [[nodiscard]] Outcome<void> answer(const history::Answer& answer);
    [[nodiscard]] Outcome<std::optional<history::VersionRecord>> find(history::VersionNumber number);
    /// The newest version that a process has shown, or that files alone have given: a tool may have recorded
    /// one with variables that no program has ever had. Nothing if there is none among the last hundred.
    [[nodiscard]] Outcome<std::optional<history::VersionRecord>> last_good(Environment environment);
    [[nodiscard]] Outcome<std::optional<history::VersionInfo>> head(Environment environment);
    /// Whether a process runs that shows a recorded version of it.
    [[nodiscard]] Outcome<bool> is_shown(Environment environment);
    /// Renames a state.db that is damaged aside, so that a new one can begin: at a start, and only where no
    /// secret store belongs to it, because its audit log is part of the proof of that one. Of several
    /// processes one does it. Nothing happens to one that is whole.
    [[nodiscard]] Outcome<void> set_aside_if_damaged();
    /// Of a forked child: its readers see what its parent has published.
    void go_on_with(Published published) { published_ = std::move(published); }
    /// Ends the row of this process.
    void leave() noexcept;

private:
    struct Open;
    static constexpr std::chrono::milliseconds kPatient{10'000};
    static constexpr std::chrono::milliseconds kBrief{200};
    void wait_at_most(std::chrono::milliseconds busy_timeout);
    [[nodiscard]] Outcome<Open*> open();
    /// Runs `use` on the open database; after an Error it is closed, to be opened anew. Once more where the
    /// file was replaced.
    template <typename Use>
    auto with(Use use) -> decltype(use(std::declval<Open&>()));

    /// The row of this process, if it is in there.
    [[nodiscard]] Outcome<bool> has_row(Open& state) const;
    /// A row for this process, if it is not in there.
    [[nodiscard]] Outcome<void> join(Open& state, const history::ProcessStatus& status);
    [[nodiscard]] Outcome<void> check_continuity(Open& state) const;
    [[nodiscard]] static Outcome<bool> is_shown(Open& state, Environment environment);
    [[nodiscard]] static Outcome<history::VersionInfo> publish_as_tool(
        Open& state, const history::NewVersion& version, std::vector<history::NewVersion> earlier);

    std::filesystem::path file_;
    const Clock& clock_;
    RecorderRole role_;
    std::chrono::milliseconds busy_timeout_ = kPatient;  ///< For another writer.
    std::optional<crypto::SecretBytes> key_;
    std::unique_ptr<Open> open_;
    std::optional<history::ProcessId> process_;
    Time since_{};  ///< Of that row: numbers begin anew with a new file.
    std::optional<Published> published_;
};

}  // namespace quantconf::live
