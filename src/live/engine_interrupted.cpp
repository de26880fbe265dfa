#include <utility>

#include "history/file_change.hpp"
#include "live/change_note.hpp"
#include "live/engine.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"

/// Changes of files that a crash has interrupted: whoever looks at the files next finishes them, and they are
/// recorded as what they were, in the name of who made them.
namespace quantconf::live {
namespace {

bool is_deliberate(const ChangeRequest& request) {
    return request.kind == history::Kind::Update || request.kind == history::Kind::Rollback;
}

}  // namespace

Outcome<std::optional<ChangeRequest>> Engine::finish_interrupted() {
    if (!parts_.keep_history || !history::is_changing(parts_.state_dir)) {
        return std::nullopt;
    }
    if (parts_.role == RecorderRole::Reader) {
        if (Outcome<void> waited = history::wait_for_change(parts_.state_dir); !waited) {
            return std::unexpected{std::move(waited).error()};
        }
        return std::nullopt;
    }
    // Waits for whoever is at work; finds nothing if that one has ended well.
    QC_TRY(const auto recovered, history::recover(parts_.state_dir));
    if (recovered) {
        const MutexLock lock{mutex_};
        interrupted_change_ = recovered->is_finished;
    }
    return recovered && recovered->is_finished ? parse_note(recovered->change.note) : std::nullopt;
}

std::expected<Loaded, Failure> Engine::load(const LoadRequest& request) {
    constexpr int kAttempts = 10;  // Half of somebody's change of several files is no state of theirs.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto finished = finish_interrupted();
        if (!finished) {
            return std::unexpected{Failure{std::move(finished).error()}};
        }
        if (*finished) {
            interrupted_ = *std::move(finished);
        }
        auto loaded = parts_.loader.load(request);
        if (!loaded) {
            return std::unexpected{Failure{std::move(loaded).error()}};
        }
        if (parts_.keep_history && history::is_changing(parts_.state_dir)) {
            continue;
        }
        if (auto key = parts_.audit_key ? parts_.audit_key() : std::nullopt) {
            recorder_.use_key(key->view());
        }
        return *std::move(loaded);
    }
    return std::unexpected{Failure{Error{.operation = "read",
                                         .subject = parts_.loader.parts().config_dir.string(),
                                         .cause = make_error_code(Problem::KeepsChanging),
                                         .hint = "another process is changing its files all the time"}}};
}

std::optional<bool> Engine::interrupted_change() const {
    const MutexLock lock{mutex_};
    return interrupted_change_;
}

std::optional<Failure> Engine::settle_interrupted() {
    auto finished = finish_interrupted();
    if (!finished) {
        return Failure{std::move(finished).error()};
    }
    if (*finished) {
        interrupted_ = *std::move(finished);
    }
    if (!interrupted_) {
        return std::nullopt;
    }
    auto loaded = load(now());
    if (!loaded) {
        return std::move(loaded).error();
    }
    if (!loaded->candidate->ok) {
        interrupted_.reset();  // What is no version has nobody's name; and it must be possible to mend it.
        return std::nullopt;
    }
    auto taken = take(*loaded, {});
    return taken ? std::nullopt : std::optional{std::move(taken).error()};
}

std::optional<Failure> Engine::check_whose(const ChangeRequest& request) const {
    if (!interrupted_ || !is_deliberate(request)) {
        return std::nullopt;
    }
    return Failure{Error{.operation = "change",
                         .subject = parts_.loader.parts().config_dir.string(),
                         .cause = make_error_code(Problem::Disturbed),
                         .hint =
                             "nothing was changed; another process died in the middle of a change meanwhile, "
                             "which has been finished; try again"}};
}

}  // namespace quantconf::live
