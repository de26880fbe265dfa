#include <utility>

#include "crypto/sha256.hpp"
#include "history/file_change.hpp"
#include "history/problem.hpp"
#include "live/change_note.hpp"
#include "live/engine.hpp"
#include "live/layer_records.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "value/canonical.hpp"

/// Changes of files that a crash has interrupted: whoever looks at the files next finishes them, and records
/// them as what they were, in the name of who made them, before the journal goes. So they are a version of
/// their own, whatever the finder wanted, and also if he dies over it.
namespace quantconf::live {

Outcome<void> Engine::finish_interrupted() {
    if (!parts_.keep_history || !history::is_changing(parts_.state_dir)) {
        return {};
    }
    if (parts_.role == RecorderRole::Reader) {
        return history::wait_for_change(parts_.state_dir);
    }
    // Waits for whoever is at work; finds nothing if that one has ended well.
    const auto record = [this](const history::Recovered& found) QC_REQUIRES(turn_) -> Outcome<void> {
        const auto request = parse_note(found.change.note);
        return request ? record_interrupted(*request) : Outcome<void>{};
    };
    auto recovered = history::recover(parts_.state_dir, record);
    const MutexLock lock{mutex_};
    if (!recovered) {
        if (recovered.error().cause == history::Problem::Conflict) {
            given_up_change_ = recovered.error();
        }
        return std::unexpected{std::move(recovered).error()};
    }
    if (*recovered) {
        interrupted_change_ = (*recovered)->is_finished;
    }
    return {};
}

Outcome<void> Engine::record_interrupted(const ChangeRequest& request) {
    QC_TRY(const Loaded loaded, parts_.loader.load({.process_overrides = {}}));
    if (!loaded.candidate->ok) {
        return {};  // What is no version has nobody's name; and it must be possible to mend it.
    }
    QC_TRY(const Diagnostics lost, lost_since_newest(*loaded.candidate));
    if (!lost.empty()) {
        return {};  // Nor has what lacks a file that nobody has taken away on purpose.
    }
    use_audit_key();
    history::NewVersion version{.hash = {},
                                .environment = loaded.candidate->environment,
                                .author = request.author,
                                .reason = request.reason,
                                .kind = request.kind,
                                .rolled_back_to = request.rolled_back_to,
                                .canonical = value::canonical(loaded.candidate->root),
                                .layers = layer_records(*loaded.candidate),
                                .secrets = secret_versions(*loaded.candidate)};
    version.hash = crypto::sha256_hex(version.canonical);
    QC_TRY(const auto recorded, recorder_.record(version));
    static_cast<void>(recorded);
    return {};
}

std::expected<Loaded, Failure> Engine::load(const LoadRequest& request) {
    constexpr int kAttempts = 10;  // Half of somebody's change of several files is no state of theirs.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (auto finished = finish_interrupted(); !finished) {
            return std::unexpected{Failure{std::move(finished).error()}};
        }
        auto loaded = parts_.loader.load(request);
        if (!loaded) {
            return std::unexpected{Failure{std::move(loaded).error()}};
        }
        if (parts_.keep_history && history::is_changing(parts_.state_dir)) {
            continue;
        }
        use_audit_key();
        return *std::move(loaded);
    }
    return std::unexpected{Failure{Error{.operation = "read",
                                         .subject = parts_.loader.parts().config_dir.string(),
                                         .cause = make_error_code(Problem::KeepsChanging),
                                         .hint = "another process is changing its files all the time"}}};
}

void Engine::use_audit_key() {
    if (auto key = parts_.audit_key ? parts_.audit_key() : std::nullopt) {
        recorder_.use_key(key->view());
    }
}

std::optional<Error> Engine::given_up_change() const {
    const MutexLock lock{mutex_};
    return given_up_change_;
}

std::optional<bool> Engine::interrupted_change() const {
    const MutexLock lock{mutex_};
    return interrupted_change_;
}

}  // namespace quantconf::live
