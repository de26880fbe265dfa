#pragma once

#include <atomic>
#include <chrono>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "history/file_change.hpp"
#include "layers/load.hpp"
#include "live/candidates.hpp"
#include "live/recorder.hpp"
#include "live/reload_request.hpp"
#include "live/subscribers.hpp"
#include "live/upkeep.hpp"
#include "live/version.hpp"
#include "quantconf/detail/live_config.hpp"
#include "quantconf/detail/mutex.hpp"
#include "quantconf/live.hpp"

namespace quantconf::live {

class FilePlan;

/// Who asks for a change, and why: what the history says about it.
struct ChangeRequest {
    history::Kind kind = history::Kind::Reload;
    std::string author = {};
    std::string reason = {};
    history::VersionNumber rolled_back_to = 0;
    bool changes_files = false;
    /// Of a change of files: what they said before; valid, or nothing.
    std::shared_ptr<const layers::Candidate> before = {};
    bool accept_missing = false;
    /// What was refused stays refused: the change is made on top of the last good version, and says nothing
    /// about the files.
    bool keeps_refusal = false;
    /// Nobody asks: what was refused before is tried again. Refused with the same words, it is audited once.
    bool is_retry = false;
    /// Asked once the files are read. True: what was read counts for nothing, not even as an attempt; the
    /// result is Problem::Disturbed.
    std::function<bool()> is_disturbed = {};
};

/// Everything that an engine needs from outside. What is a reference outlives it.
struct EngineParts {
    Loader loader;  ///< Schema, environment, files, variables.
    std::function<std::shared_ptr<const void>(const Value& root)> decode = {};
    /// The moment at which readers see a version; called again, with the same `config`, when only what
    /// explains it is new.
    std::function<void(const std::shared_ptr<const Version>&)> show = {};
    std::filesystem::path state_dir;
    bool keep_history = true;
    Retention retention = {};
    RecorderRole role = RecorderRole::Process;
    Following following = Following::Off;  ///< How it begins.
    /// At a start no single layer is required. False: what the newest recorded version had has to be there,
    /// for whoever only changes what others have started from.
    bool accept_missing = true;
    const Clock* clock = nullptr;
    /// The key of the audit log, once a load has unlocked the store; nothing before that, or without a store.
    std::function<std::optional<crypto::SecretBytes>()> audit_key = {};
    /// For how long something has been gone; nobody can set this clock.
    std::function<std::chrono::steady_clock::time_point()> steady_now = std::chrono::steady_clock::now;
};

/// A change of one layer's file.
struct LayerUpdate {
    std::string layer = "environment";  ///< base, environment, local or shared.
    std::string author = {};
    std::string reason = {};
    bool dry_run = false;  ///< Say what would change, and change nothing.
};

/// What a change of layer files has come to, or would.
struct FilesChanged {
    ChangeReport report = {};
    bool is_written = false;  ///< Its text is another one; perhaps nothing that is effective.
    std::shared_ptr<const layers::Candidate> before = {};  ///< Valid or not.
    std::shared_ptr<const layers::Candidate> after = {};
    bool is_read_by_others = false;  ///< base.yaml or local.yaml, which other environments have, too.
};

/// The life of a configuration: candidates are made, compared with what is live, shown to the subscribers,
/// recorded, and only then published. Any thread. Everything else of this folder is a part of this or drives
/// it.
class Engine {
public:
    using Result = std::expected<ChangeReport, Failure>;

    /// Loads, records and publishes the first version.
    [[nodiscard]] static std::expected<std::unique_ptr<Engine>, Failure> open(EngineParts parts,
                                                                              bool start_from_last_good);
    /// In a forked child: as the engine of its parent, whose readers see `shown`. Loads nothing: what the
    /// files say now is a change like any other. Joins the process table with what it shows. Error: the state
    /// folder cannot be used.
    [[nodiscard]] static std::expected<std::unique_ptr<Engine>, Failure> go_on(
        EngineParts parts, std::shared_ptr<const Version> shown);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine();

    [[nodiscard]] std::shared_ptr<const Version> current() const QC_EXCLUDES(mutex_);
    [[nodiscard]] LiveHealth health() const QC_EXCLUDES(mutex_);
    [[nodiscard]] Subscribers& subscribers() noexcept { return subscribers_; }
    [[nodiscard]] const Loader& loader() const noexcept { return parts_.loader; }
    [[nodiscard]] const std::filesystem::path& state_dir() const noexcept { return parts_.state_dir; }

    /// Looks at the files.
    [[nodiscard]] Result reload(const ChangeRequest& request);
    [[nodiscard]] Result update(std::span<const Setting> settings, const UpdateOptions& options);
    /// The same in the file of one layer, comments kept. Refused where a higher layer wins, and where another
    /// environment that was valid would not be any more.
    [[nodiscard]] std::expected<FilesChanged, Failure> update_layer(std::span<const Setting> settings,
                                                                    const LayerUpdate& update);
    /// Edits the files that set what differs; refused like update_layer().
    [[nodiscard]] std::expected<FilesChanged, Failure> rollback(history::VersionNumber to,
                                                                const RollbackOptions& options);

    /// Of a tool that was asked for nothing else: what it has loaded is a version, as if a process had
    /// started.
    [[nodiscard]] Outcome<history::VersionNumber> record_current() QC_EXCLUDES(turn_);

    /// What the last load has looked at: these files have to be watched.
    [[nodiscard]] Fingerprints files_seen() const QC_EXCLUDES(mutex_);
    /// When an optional layer that is gone counts as removed, if one is waiting for that.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> look_again_at() const
        QC_EXCLUDES(mutex_);
    void set_following(Following following) QC_EXCLUDES(mutex_);

    /// Whether somebody asks this engine to load again, and has no answer yet.
    [[nodiscard]] bool is_asked(const ReloadRequest& request) QC_EXCLUDES(turn_);
    /// What came of it, for who asked: in the process table.
    void answer(const ReloadRequest& request, const Result& result) QC_EXCLUDES(turn_);

    /// A sign of life in the process table, and what the history need not keep forgotten: whatever of it is
    /// due. Cheap if nothing is. No change waits for it longer than for a transaction.
    void upkeep() QC_EXCLUDES(mutex_);
    /// When to call that again.
    [[nodiscard]] std::chrono::steady_clock::time_point upkeep_at() const;
    /// Whether a change of files that a crash had interrupted was finished (true) or taken back since open();
    /// nothing: there was none.
    [[nodiscard]] std::optional<bool> interrupted_change() const QC_EXCLUDES(mutex_);
    /// Why one was neither, and where its texts are: somebody has edited the file since. Nothing otherwise.
    [[nodiscard]] std::optional<Error> given_up_change() const QC_EXCLUDES(mutex_);

private:
    explicit Engine(EngineParts parts);

    /// Brings files into place around the recording; nothing: there are none.
    using Place = std::function<Outcome<void>(const std::function<Outcome<void>()>& record)>;

    /// Puts the files of a change in place, unless one of those that it was made with, also one that it
    /// leaves alone, is not as it was `seen`: what is recorded has been on disk as a whole.
    [[nodiscard]] Place place_of(history::FileChange change, Fingerprints seen) const;
    /// From what was loaded to the published version.
    [[nodiscard]] Result take(const Loaded& loaded, const ChangeRequest& request, const Place& place = {})
        QC_REQUIRES(turn_);
    [[nodiscard]] std::expected<std::shared_ptr<Version>, Failure> version_of(const Loaded& loaded) const;
    /// Gives the version its number.
    static constexpr std::chrono::seconds kOwedPause{2};
    [[nodiscard]] bool is_owed_due() const QC_EXCLUDES(mutex_);
    /// Tightenings that were published without a record.
    void record_owed() QC_REQUIRES(turn_);
    /// In state.db; behind a break, where that is not the history any more in which the live version is.
    [[nodiscard]] Outcome<history::VersionInfo> publish_in_history(
        const history::NewVersion& version, std::span<const history::NewVersion> earlier = {})
        QC_REQUIRES(turn_);
    /// What a change of files adds to the history before what readers see: what the files said before it, and
    /// what they say now, where some of that waits for a restart. Then the latter has its author and reason.
    [[nodiscard]] static std::vector<history::NewVersion> versions_of_files(const Version& version,
                                                                            const ChangeRequest& request,
                                                                            history::NewVersion& shown);
    /// Looks whether state.db is what it was, and goes on in another one if it is not.
    void look_at_history() QC_REQUIRES(turn_);
    [[nodiscard]] Outcome<void> go_on_in_another_history() QC_REQUIRES(turn_);
    /// The row was lost: this process was taken for dead, and forgotten. Perhaps its version was, too.
    [[nodiscard]] Outcome<void> come_back() QC_REQUIRES(turn_);
    [[nodiscard]] history::ProcessStatus status() const QC_EXCLUDES(mutex_);
    /// The same for readers; from here on it has this number.
    void name_current(history::VersionNumber number) QC_EXCLUDES(mutex_);
    void note_history(const Outcome<void>& done) QC_EXCLUDES(mutex_);
    /// Changes that were refused because the state folder took no record, or no file. Who was only slower
    /// than somebody else may ask again: that does not count.
    void note_refused_by_disk(const Error& error) QC_EXCLUDES(mutex_);
    void note_recorded() QC_EXCLUDES(mutex_);
    [[nodiscard]] static history::NewVersion for_history(const Version& version, const ChangeRequest& request,
                                                         const ConfigChanges& changes);
    /// What is owed, and then this. Urgent: nobody is waited for.
    [[nodiscard]] Outcome<history::VersionInfo> record_behind_debts(const Version& version,
                                                                    const ChangeRequest& request,
                                                                    const history::NewVersion& fresh,
                                                                    bool is_urgent) QC_REQUIRES(turn_);
    [[nodiscard]] Outcome<void> record(Version& version, const ChangeRequest& request,
                                       const ConfigChanges& changes) QC_REQUIRES(turn_);
    /// What is not published. A load is audited and said in health, which is about what the files say; an
    /// update or a rollback leaves them as they were.
    [[nodiscard]] Result refuse(Failure failure, const ChangeRequest& request) QC_REQUIRES(turn_);
    /// That something was refused, where it can be recorded. Of an update or a rollback: once, whatever was
    /// in the way.
    void audit_refusal(const Failure& failure) QC_REQUIRES(turn_);
    [[nodiscard]] Result unchanged(const std::shared_ptr<Version>& version, bool keeps_refusal)
        QC_REQUIRES(turn_);
    void publish(const std::shared_ptr<Version>& version, bool keeps_refusal) QC_EXCLUDES(mutex_);
    /// Health tells of this version.
    void adopt(const Version& version) QC_REQUIRES(mutex_);
    /// The files are right again.
    void forget_refusal() QC_REQUIRES(mutex_);
    void report() QC_REQUIRES(turn_);
    [[nodiscard]] bool has_upkeep() const;
    [[nodiscard]] std::expected<Loaded, Failure> load(const LoadRequest& request) QC_REQUIRES(turn_);
    [[nodiscard]] LoadRequest now() const QC_REQUIRES(turn_);
    /// The newest version of this environment that programs or files had, if it still means the same.
    [[nodiscard]] std::optional<Loaded> last_good() QC_REQUIRES(turn_);
    /// Finishes a change of files that was interrupted, and records it in the name of who made it.
    [[nodiscard]] Outcome<void> finish_interrupted() QC_REQUIRES(turn_);
    [[nodiscard]] Outcome<void> record_interrupted(const ChangeRequest& request) QC_REQUIRES(turn_);
    void use_audit_key() QC_REQUIRES(turn_);
    /// A version of this environment as it would be loaded today, and its hash.
    [[nodiscard]] std::expected<Loaded, Failure> load_version(history::VersionNumber number,
                                                              std::string& hash) QC_REQUIRES(turn_);
    /// Layers that had content in what readers see, and have none any more. Every change asks: none may make
    /// the loss good.
    [[nodiscard]] Diagnostics vanished(const layers::Candidate& fresh) QC_REQUIRES(turn_);
    /// The newest version of an environment; nothing where none is recorded.
    [[nodiscard]] Outcome<std::optional<history::VersionRecord>> newest_of(Environment environment)
        QC_REQUIRES(turn_);
    /// The same as vanished() for a tool, which has shown nothing itself: since the newest version.
    [[nodiscard]] Outcome<Diagnostics> lost_since_newest(const layers::Candidate& fresh) QC_REQUIRES(turn_);
    /// base or local, if another environment had it.
    [[nodiscard]] Outcome<Diagnostics> lost_to_others(const std::string& layer,
                                                      const layers::Candidate& fresh) QC_REQUIRES(turn_);
    /// The files as they were when readers got what they see.
    [[nodiscard]] LoadRequest last_good_files(std::map<std::string, std::string> process_overrides) const;
    /// Whether the other environments that read the planned files have all they had, and stay valid.
    [[nodiscard]] std::expected<void, Failure> check_others(
        const FilePlan& plan, const std::map<std::filesystem::path, std::string>& texts,
        const layers::Candidate& is) QC_REQUIRES(turn_);
    /// Makes a planned change, if `check` has nothing against what would come of it. `is`: before.
    [[nodiscard]] std::expected<FilesChanged, Failure> change_files(
        const FilePlan& plan, const std::shared_ptr<const layers::Candidate>& is, ChangeRequest request,
        bool dry_run, const std::function<Diagnostics(const layers::Candidate&)>& check) QC_REQUIRES(turn_);
    /// The file that is the layer now, or would be if it were made.
    [[nodiscard]] std::filesystem::path file_of(const layers::Candidate& candidate,
                                                const std::string& layer) const;
    [[nodiscard]] std::expected<FilesChanged, Failure> update_file(std::span<const Setting> settings,
                                                                   const LayerUpdate& update)
        QC_REQUIRES(turn_);
    [[nodiscard]] Result update_now(std::span<const Setting> settings, const UpdateOptions& options)
        QC_REQUIRES(turn_);
    [[nodiscard]] std::expected<FilesChanged, Failure> rollback_now(history::VersionNumber to,
                                                                    const RollbackOptions& options)
        QC_REQUIRES(turn_);
    /// What is wrong with the files, whatever somebody wants to change beside them; nothing: they are good.
    [[nodiscard]] std::optional<Failure> wrong_with_files() QC_REQUIRES(turn_);
    [[nodiscard]] Result update_process(std::span<const Setting> settings, const ChangeRequest& request)
        QC_REQUIRES(turn_);

    EngineParts parts_;
    Subscribers subscribers_;
    /// One change at a time, from the first look at the files to the last subscriber. Subscribers are called
    /// on another thread; one that asks for a change is refused before it gets here.
    Mutex turn_;
    Recorder recorder_ QC_GUARDED_BY(turn_);
    Upkeep upkeep_;
    std::string answered_ QC_GUARDED_BY(turn_);                   ///< The request that was answered last.
    std::vector<history::NewVersion> owed_ QC_GUARDED_BY(turn_);  ///< Tightenings that could not be recorded.
    std::map<std::string, std::string> overrides_ QC_GUARDED_BY(turn_);  ///< Of this process: path -> text.
    std::map<std::string, std::chrono::steady_clock::time_point> gone_
        QC_GUARDED_BY(turn_);  ///< Optional layers.
    mutable Mutex mutex_;
    /// When to try again to record what is owed; nothing: nothing is.
    std::optional<std::chrono::steady_clock::time_point> owed_again_ QC_GUARDED_BY(mutex_);
    std::shared_ptr<const Version> current_ QC_GUARDED_BY(mutex_);
    LiveHealth health_ QC_GUARDED_BY(mutex_);
    bool is_unreported_ QC_GUARDED_BY(mutex_) = false;  ///< What is wrong with the history is that alone.
    std::uint64_t refused_by_disk_ QC_GUARDED_BY(mutex_) = 0;  ///< Since a change was recorded.
    std::string disk_error_ QC_GUARDED_BY(mutex_);             ///< Of the last of these.
    Fingerprints seen_ QC_GUARDED_BY(mutex_);
    std::optional<bool> interrupted_change_ QC_GUARDED_BY(mutex_);
    std::optional<Error> given_up_change_ QC_GUARDED_BY(mutex_);
    std::optional<std::chrono::steady_clock::time_point> look_again_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::live
