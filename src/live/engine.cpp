#include "live/engine.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "audit/actor.hpp"
#include "crypto/sha256.hpp"
#include "history/problem.hpp"
#include "layers/explain.hpp"
#include "live/changes.hpp"
#include "live/hold_back.hpp"
#include "live/layer_records.hpp"
#include "live/problem.hpp"
#include "live/state_folder.hpp"
#include "quantconf/detail/try.hpp"
#include "schema/typing.hpp"
#include "state/problem.hpp"
#include "value/canonical.hpp"

namespace quantconf::live {
namespace {

/// Rules over several fields, with some of them as they were: the mixture has to hold as well.
Diagnostics check_rules(const layers::Candidate& candidate, const Value& root, Arena& arena) {
    Diagnostics diagnostics;
    std::vector<schema::SecretSpan> secrets;
    schema::Typing typing{.schema = *candidate.schema,
                          .environment = candidate.environment,
                          .arena = arena,
                          .diagnostics = diagnostics,
                          .secrets = secrets};
    schema::run_rules(typing, root);
    std::erase_if(diagnostics, [](const Diagnostic& one) { return one.severity != Severity::Error; });
    for (Diagnostic& diagnostic : diagnostics) {
        diagnostic.hint += diagnostic.hint.empty() ? "" : "; ";
        diagnostic.hint += "some of what changed needs a restart, and does not fit what changes at once";
    }
    return diagnostics;
}

Diagnostic vetoed(const Veto& veto) {
    return {.code = Code::ChangeVetoed,
            .path = veto.path,
            .message = fmt::format("a subscriber refused the change: {}", veto.reason),
            .hint = "nothing was changed; try again when what it waits for is over"};
}

std::string first_line(const Failure& failure) {
    std::string text;
    if (const auto* diagnostics = std::get_if<Diagnostics>(&failure)) {
        const auto error = std::ranges::find(*diagnostics, Severity::Error, &Diagnostic::severity);
        text = error == diagnostics->end() ? "" : to_text(*error);
        const auto errors = std::ranges::count(*diagnostics, Severity::Error, &Diagnostic::severity);
        if (errors > 1) {
            text = text.substr(0, text.find('\n')) + fmt::format(" (and {} more)", errors - 1);
        }
    } else {
        text = to_text(std::get<Error>(failure));
    }
    return text.substr(0, text.find('\n'));
}

std::string this_user() {
    return audit::shown(audit::this_process());
}

std::error_code cause_of(const Failure& failure) {
    const auto* error = std::get_if<Error>(&failure);
    return error == nullptr ? std::make_error_code(std::errc::invalid_argument) : error->cause;
}

/// References that lead to nothing: there in what may be shown, and not in what a program gets.
std::vector<std::string> missing_secrets(const Version& version) {
    std::vector<std::string> paths;
    for (const layers::Change& change : layers::diff(version.root, version.resolved)) {
        if (change.to == nullptr) {
            paths.push_back(change.path);
        }
    }
    return paths;
}

/// Whether an Error is about a folder or something in it.
bool is_within(const std::filesystem::path& subject, const std::filesystem::path& folder) {
    return std::ranges::mismatch(folder, subject).in1 == folder.end();
}

bool is_damage(const Failure& failure) {
    const auto* error = std::get_if<Error>(&failure);
    return error != nullptr && error->cause == state::Problem::Damaged;
}

/// Why there are no secrets at all, where the program can do without.
std::optional<Diagnostic> closed_store(const Version& version) {
    const Diagnostics& diagnostics = version.candidate->diagnostics;
    const auto found = std::ranges::find(diagnostics, Code::SecretStoreUnavailable, &Diagnostic::code);
    return found == diagnostics.end() ? std::nullopt : std::optional{*found};
}

}  // namespace

Engine::Engine(EngineParts parts)
    : parts_{std::move(parts)},
      recorder_{parts_.state_dir / "state.db", *parts_.clock, parts_.role},
      upkeep_{parts_.state_dir / "state.db", parts_.retention, *parts_.clock, parts_.steady_now} {
    health_.following = parts_.following;
}

Engine::~Engine() {
    const MutexLock turn{turn_};
    if (parts_.keep_history) {
        recorder_.leave();
    }
}

std::expected<std::unique_ptr<Engine>, Failure> Engine::open(EngineParts parts, bool start_from_last_good) {
    if (parts.keep_history) {
        const StateUser user = parts.role == RecorderRole::Reader    ? StateUser::Reader
                               : parts.role == RecorderRole::Process ? StateUser::Program
                                                                     : StateUser::Tool;
        auto prepared = prepare_state_folder(parts.state_dir, user, parts.loader.parts().variables);
        if (!prepared) {
            return std::unexpected{Failure{std::move(prepared).error()}};
        }
    }
    std::unique_ptr<Engine> engine{new Engine{std::move(parts)}};
    const MutexLock turn{engine->turn_};
    auto loaded = engine->load(engine->now());
    std::optional<Failure> broken;
    if (!loaded) {
        broken = std::move(loaded).error();
    } else if (!loaded->candidate->ok) {
        broken = Failure{loaded->candidate->diagnostics};
    }
    if (loaded) {
        const MutexLock lock{engine->mutex_};
        engine->seen_ = loaded->seen;
    }
    if (loaded && !engine->parts_.accept_missing) {
        auto missing = engine->lost_since_newest(*loaded->candidate);
        if (!missing) {
            return std::unexpected{Failure{std::move(missing).error()}};
        }
        if (!missing->empty()) {
            return std::unexpected{Failure{*std::move(missing)}};
        }
    }
    if (!broken) {
        auto taken = engine->take(*loaded, {.kind = history::Kind::Load});
        if (!taken && is_damage(taken.error()) && engine->recorder_.set_aside_if_damaged()) {
            taken =
                engine->take(*loaded, {.kind = history::Kind::Load});  // A bot starts; health tells of it.
        }
        if (!taken) {
            return std::unexpected{std::move(taken).error()};
        }
        return engine;
    }
    auto last = start_from_last_good ? engine->last_good() : std::nullopt;
    if (!last) {
        return std::unexpected{*std::move(broken)};
    }
    auto taken = engine->take(*last, {.kind = history::Kind::Load});
    if (!taken) {
        return std::unexpected{*std::move(broken)};
    }
    {
        const MutexLock lock{engine->mutex_};
        engine->health_.from_last_good = true;
    }
    (void)engine->refuse(*std::move(broken), {});
    return engine;
}

std::optional<Loaded> Engine::last_good() {
    if (!parts_.keep_history) {
        return std::nullopt;
    }
    const auto found = recorder_.last_good(parts_.loader.parts().environment);
    if (!found || !*found) {
        return std::nullopt;
    }
    const history::VersionInfo& info = (*found)->info;
    auto loaded = parts_.loader.load_canonical(fmt::format("v{}", info.number), (*found)->canonical);
    // Today's schema may have other defaults: then it would be another configuration.
    if (!loaded || !loaded->candidate->ok || loaded->candidate->hash != info.hash) {
        return std::nullopt;
    }
    loaded->layers = (*found)->layers;
    return *std::move(loaded);
}

std::shared_ptr<const Version> Engine::current() const {
    const MutexLock lock{mutex_};
    return current_;
}

LiveHealth Engine::health() const {
    const MutexLock lock{mutex_};
    LiveHealth health = health_;
    if (refused_by_disk_ != 0) {
        health.history_ok = false;
        health.history_error =
            fmt::format("{} refused because of the disk, the last one: {}",
                        refused_by_disk_ == 1 ? std::string{"a change was"}
                                              : fmt::format("{} changes were", refused_by_disk_),
                        disk_error_);
    }
    return health;
}

Fingerprints Engine::files_seen() const {
    const MutexLock lock{mutex_};
    return seen_;
}

std::optional<std::chrono::steady_clock::time_point> Engine::look_again_at() const {
    const MutexLock lock{mutex_};
    return look_again_;
}

void Engine::set_following(Following following) {
    const MutexLock turn{turn_};
    {
        const MutexLock lock{mutex_};
        if (health_.following == following) {
            return;
        }
        health_.following = following;
        health_.watcher_active = following == Following::Active;
    }
    report();
}

LoadRequest Engine::now() const {
    return {.process_overrides = overrides_};
}

std::expected<std::shared_ptr<Version>, Failure> Engine::version_of(const Loaded& loaded) const {
    const layers::Candidate& candidate = *loaded.candidate;
    const std::shared_ptr<const Version> live = current();
    auto version = std::make_shared<Version>();
    version->candidate = loaded.candidate;
    version->layers = loaded.layers.empty() ? layer_records(candidate) : loaded.layers;
    version->first = live == nullptr ? loaded.candidate : live->first;
    version->arena = std::make_shared<Arena>();
    version->root = candidate.root;
    version->resolved = candidate.resolved;
    if (live != nullptr) {
        const Schema& schema = *candidate.schema;
        const Value root = hold_back(schema, candidate.root, live->root, *version->arena, &version->pending);
        if (parts_.role == RecorderRole::Process) {  // Else nobody reads it: it is what the files say.
            version->root = root;
            version->resolved = hold_back(schema, candidate.resolved, live->resolved, *version->arena);
        }
        if (!version->pending.empty()) {
            if (auto wrong = check_rules(candidate, root, *version->arena); !wrong.empty()) {
                return std::unexpected{Failure{std::move(wrong)}};
            }
        }
    }
    version->canonical = value::canonical(version->root);
    version->label.hash = crypto::sha256_hex(version->canonical);
    version->label.environment = candidate.environment;
    version->label.loaded = parts_.clock->now();
    version->config = parts_.decode(version->resolved);
    version->process_overrides = loaded.process_overrides;
    version->seen = loaded.seen;
    return version;
}

Engine::Result Engine::take(const Loaded& loaded, const ChangeRequest& request, const Place& place) {
    if (!loaded.candidate->ok) {
        return refuse(Failure{loaded.candidate->diagnostics}, request);
    }
    auto made = version_of(loaded);
    if (!made) {
        return refuse(std::move(made).error(), request);
    }
    const std::shared_ptr<Version> version = *std::move(made);
    const std::shared_ptr<const Version> live = current();
    const ConfigChanges changes = live == nullptr ? ConfigChanges{} : changes_between(*live, *version);
    if (live != nullptr && changes.empty() && !place && !request.changes_files) {
        return unchanged(version, request.keeps_refusal);
    }
    auto announcement =
        std::make_shared<Announcement>(Announcement{.before = live == nullptr ? nullptr : live->config,
                                                    .after = version->config,
                                                    .changes = changes,
                                                    .version = version->label});
    if (const auto veto = subscribers_.prepare(announcement)) {
        return refuse(Failure{Diagnostics{vetoed(*veto)}}, request);
    }
    bool is_unrecorded = false;
    const auto recording = [&]() QC_REQUIRES(turn_) {
        auto done = record(*version, request, changes);
        is_unrecorded = !done;
        return done;
    };
    const auto recorded = place ? place(recording) : recording();
    // Recorded and in place, and only the end of it perhaps not on disk: readers, files and history stay
    // together.
    const bool is_done = recorded || (version->label.number != 0 &&
                                      (recorded.error().cause == history::Problem::DurabilityUnknown ||
                                       recorded.error().cause == history::Problem::SavedMeanwhile));
    if (!is_done) {
        // A layer folder that takes no file is the trouble of this change alone: others record theirs.
        if (is_unrecorded || is_within(recorded.error().subject, parts_.state_dir)) {
            note_refused_by_disk(recorded.error());
        }
        return refuse(Failure{recorded.error()}, request);
    }
    if (version->label.number != 0 || !parts_.keep_history) {
        note_recorded();
    }
    publish(version, request.keeps_refusal);
    upkeep_.has_published(version->label.number);
    auto published = std::make_shared<Announcement>(*announcement);
    published->version = version->label;
    const std::size_t failures = subscribers_.commit(published);
    {
        const MutexLock lock{mutex_};
        health_.callback_failures += failures;
    }
    report();
    if (!recorded) {
        return std::unexpected{Failure{recorded.error()}};
    }
    return ChangeReport{.version = version->label, .changes = changes, .pending = version->pending};
}

history::NewVersion Engine::for_history(const Version& version, const ChangeRequest& request,
                                        const ConfigChanges& changes) {
    return {.hash = version.label.hash,
            .environment = version.label.environment,
            .author = request.author.empty() ? this_user() : request.author,
            .reason = request.reason,
            .kind = request.kind,
            .rolled_back_to = request.rolled_back_to,
            .canonical = version.canonical,
            .layers = version.layers,
            .secrets = secret_versions(*version.candidate),
            .changes = changes.size(),
            .changes_files = request.changes_files,
            .replaces = request.before == nullptr ? std::string{} : request.before->hash};
}

Outcome<history::VersionInfo> Engine::record_behind_debts(const Version& version,
                                                          const ChangeRequest& request,
                                                          const history::NewVersion& fresh, bool is_urgent) {
    std::optional<Recorder::Briefly> briefly;
    if (is_urgent) {
        briefly.emplace(recorder_);
    }
    while (!owed_.empty()) {
        auto done = publish_in_history(owed_.front());
        if (!done) {
            return done;
        }
        owed_.erase(owed_.begin());
    }
    history::NewVersion shown = fresh;
    const auto earlier = versions_of_files(version, request, shown);
    return publish_in_history(shown, earlier);
}

Outcome<void> Engine::record(Version& version, const ChangeRequest& request, const ConfigChanges& changes) {
    if (!parts_.keep_history) {
        return {};
    }
    history::NewVersion fresh = for_history(version, request, changes);
    // A tool ends, and what it owed with it.
    const std::shared_ptr<const Version> live = current();
    const bool may_be_owed = parts_.role == RecorderRole::Process && live != nullptr &&
                             is_pure_tightening(parts_.loader.parts().schema, *live, version);
    if (may_be_owed && !owed_.empty()) {
        owed_.push_back(std::move(fresh));  // Whoever comes back to the debt tries; this cannot wait for it.
        return {};
    }
    auto done = record_behind_debts(version, request, fresh, may_be_owed);
    const MutexLock lock{mutex_};
    if (owed_.empty()) {
        owed_again_.reset();
    }
    is_unreported_ = false;
    health_.history_ok = done.has_value();
    health_.history_error =
        done ? std::string{}
             : to_text(Error{done.error().operation, done.error().subject, done.error().cause, {}});
    if (done) {
        version.label.number = done->number;
        return {};
    }
    if (may_be_owed) {
        owed_.push_back(
            std::move(fresh));  // Less risk at once; the record follows when state.db can be used again.
        owed_again_ = parts_.steady_now() + kOwedPause;
        return {};
    }
    Error error = std::move(done).error();
    error.hint = "nothing was changed, because nothing could be recorded" +
                 (error.hint.empty() ? std::string{} : "; " + error.hint);
    return std::unexpected{std::move(error)};
}

void Engine::forget_refusal() {
    health_.last_reload_ok = true;
    health_.last_error.clear();
    health_.failing_since.reset();
    health_.from_last_good = false;
}

void Engine::adopt(const Version& version) {
    health_.version = version.label;
    health_.pending = version.pending;
    health_.missing_secrets = missing_secrets(version);
    health_.closed_store = closed_store(version);
}

void Engine::publish(const std::shared_ptr<Version>& version, bool keeps_refusal) {
    const MutexLock lock{mutex_};
    parts_.show(version);
    current_ = version;
    adopt(*version);
    if (!keeps_refusal) {
        forget_refusal();
    }
}

Engine::Result Engine::unchanged(const std::shared_ptr<Version>& version, bool keeps_refusal) {
    const std::shared_ptr<const Version> live = current();
    const bool says_the_same = live->pending == version->pending;
    // Readers keep what they have; explanations follow the files.
    version->label = live->label;
    version->config = live->config;
    if (layer_records(*live->candidate) != layer_records(*version->candidate)) {
        upkeep_.has_looked();
    }
    bool was_failing = false;
    {
        const MutexLock lock{mutex_};
        was_failing = !health_.last_reload_ok;
        ++health_.unchanged;
        parts_.show(version);
        current_ = version;
        health_.pending = version->pending;
        if (!keeps_refusal) {
            forget_refusal();
        }
    }
    if (was_failing || !says_the_same) {
        report();
    }
    return ChangeReport{.version = version->label, .changes = {}, .pending = version->pending};
}

Engine::Result Engine::refuse(Failure failure, const ChangeRequest& request) {
    if (request.kind == history::Kind::Update || request.kind == history::Kind::Rollback) {
        return std::unexpected{std::move(failure)};  // Whoever was asked for it audits every end of it.
    }
    bool is_said = false;
    {
        const MutexLock lock{mutex_};
        const std::string said = first_line(failure);
        is_said = request.is_retry && !health_.last_reload_ok && health_.last_error == said;
        ++health_.failed;
        health_.last_reload_ok = false;
        health_.last_error = said;
        if (!health_.failing_since) {
            health_.failing_since = parts_.clock->now();
        }
        if (current_ == nullptr) {
            return std::unexpected{std::move(failure)};
        }
    }
    if (!is_said) {
        audit_refusal(failure);
    }
    report();
    return std::unexpected{std::move(failure)};
}

void Engine::audit_refusal(const Failure& failure) {
    if (parts_.keep_history) {
        (void)recorder_.refused(parts_.loader.parts().environment, cause_of(failure));
    }
}

}  // namespace quantconf::live
