// The way every change takes: lock, read again, check, change, record the intent, write, record the end.

#include <algorithm>
#include <limits>
#include <utility>

#include "quantconf/detail/try.hpp"
#include "secrets/slot.hpp"
#include "secrets/store_errors.hpp"
#include "secrets/store_state.hpp"

namespace quantconf::secrets {
namespace {

/// Unlocks what was read. Where the root key is still the same, without the key: a passphrase costs half a
/// second. Our own slot has to be there all the same, so that a removed key ends with the next reading.
Outcome<Opened> open_again(const StoreState& state, std::string_view file, Strictness strictness) {
    const Opened& last = state.opened;
    const auto layout = parse_layout(file);
    const bool is_same_key = layout && last.keys.is_usable() && has_right_trailer(file) &&
                             layout->header.uuid == last.contents.header.uuid &&
                             layout->header.term == last.contents.header.term &&
                             std::ranges::find(layout->slots, last.slot_id, &Slot::id) != layout->slots.end();
    if (!is_same_key) {
        return open_image(file, state.key, strictness);
    }
    KeyRing keys{crypto::SecretBytes::copy_of(last.keys.root(), crypto::OnFork::Wipe), layout->header};
    auto contents = open_layout(*layout, file, keys, strictness);
    if (!contents) {
        return open_image(file, state.key, strictness);
    }
    return Opened{*std::move(contents), std::move(keys), last.slot_id};
}

Outcome<Opened> read_once(const StoreState& state, std::string_view operation) {
    auto bytes = state.file->read();
    if (!bytes) {
        return std::unexpected{with_place(std::move(bytes).error(), *state.file, operation)};
    }
    if (!*bytes) {
        return std::unexpected{store_error(*state.file, operation, Problem::StoreMissing)};
    }
    const Strictness strictness = state.options.accept_damage ? Strictness::Index : Strictness::Whole;
    auto opened = open_again(state, **bytes, strictness);
    if (!opened) {
        return std::unexpected{with_place(std::move(opened).error(), *state.file, operation)};
    }
    return opened;
}

/// What was read back has to be what was meant, and every key that is to open it has to.
bool proves_itself(std::string_view read_back, std::string_view meant, const Opened& next,
                   const Change& change) {
    const auto layout = parse_layout(read_back);
    if (read_back != meant || !layout || !has_right_trailer(read_back) ||
        !open_layout(*layout, read_back, next.keys, Strictness::Whole)) {
        return false;
    }
    return std::ranges::all_of(change.proofs, [&layout](const UnlockKey* key) {
        const auto unlocked = unlock(layout->header, layout->slots, *key);
        return unlocked && *unlocked;
    });
}

/// Whether the disk is to blame: not full, not read-only, but failing.
bool is_disk_failure(const Error& error) {
    return error.cause == std::errc::io_error || error.cause == Problem::DurabilityUnknown ||
           error.cause == Problem::WriteNotVerified;
}

Outcome<void> encode_and_replace(StoreState& state, Opened& next, const Change& change) {
    QC_TRY(next.contents.header.anchor, state.tools.audit.head());
    QC_TRY(const std::string image, encode_image(next.contents, next.keys, state.tools.random));
    auto done = state.file->replace(
        image, [&](std::string_view read_back) { return proves_itself(read_back, image, next, change); });
    state.failed_writes = !done && is_disk_failure(done.error()) ? state.failed_writes + 1 : 0;
    return done;
}

/// The first reason why nothing may be changed.
Outcome<void> may_change(const StoreState& state, std::string_view operation) {
    if (state.options.accept_damage) {
        Error error = store_error(*state.file, operation, Problem::Damaged);
        error.hint = "a store that was opened in spite of its damage is only read; " + error.hint;
        return std::unexpected{std::move(error)};
    }
    if (state.failed_writes >= limits::kFailedWrites) {
        Error error = store_error(*state.file, operation, Problem::ReadOnly);
        error.hint =
            "the disk failed twice in a row, so this process only reads from now on; look at the "
            "kernel's messages, then start it again";
        return std::unexpected{std::move(error)};
    }
    return {};
}

}  // namespace

Outcome<std::uint64_t> known_generation(const StoreState& state, std::string_view uuid) {
    QC_TRY(const auto audited, state.tools.audit.last_generation());
    QC_TRY(const auto marked, state.file->high_water(uuid));
    return std::max(audited.value_or(0), marked.value_or(0));
}

Outcome<Opened> load(const StoreState& state, std::string_view operation, std::uint64_t* remembered) {
    QC_TRY(Opened opened, read_once(state, operation));
    state.tools.audit.use_key(opened.contents.index.audit_key.view());
    const std::string uuid = text_of(opened.contents.header.uuid);
    QC_TRY(const std::uint64_t known, known_generation(state, uuid));
    if (remembered != nullptr) {
        *remembered = known;
    }
    if (opened.contents.header.generation < known) {
        // Somebody may have written between the two looks. What is read now is as new as `known`, or older by
        // intent.
        QC_TRY(opened, read_once(state, operation));
        if (opened.contents.header.generation < known && !state.options.accept_rollback) {
            return std::unexpected{store_error(*state.file, operation, Problem::RollbackDetected)};
        }
    }
    QC_TRY(const bool was_undone, state.tools.audit.was_undone(opened.contents.header.anchor));
    if (was_undone && !state.options.accept_rollback) {
        Error error = store_error(*state.file, operation, Problem::RollbackDetected);
        error.hint =
            "it is the image of a change that did not happen; put the committed file back, or accept this "
            "one with --accept-rollback";
        return std::unexpected{std::move(error)};
    }
    return opened;
}

Outcome<void> write_generation(StoreState& state, Opened& next, const Change& change) {
    AuditSink& audit = state.tools.audit;
    const std::string uuid = text_of(next.contents.header.uuid);
    QC_TRY(const std::uint64_t intent, audit.intend(change.event));
    auto written = encode_and_replace(state, next, change);
    if (!written && written.error().cause != Problem::DurabilityUnknown) {
        Error error = with_place(std::move(written).error(), *state.file, change.operation);
        // The first failure is what the caller has to hear about.
        (void)audit.finish(intent, AuditResult::Failed, error.cause);
        return std::unexpected{std::move(error)};
    }
    state.opened = std::move(next);
    const auto marked = state.file->raise_high_water(uuid, state.opened.contents.header.generation);
    const auto finished = audit.finish(intent, written ? AuditResult::Done : AuditResult::Unknown,
                                       written ? std::error_code{} : written.error().cause);
    for (const Outcome<void>* step : {&std::as_const(written), &marked, &finished}) {
        if (!*step) {
            Error error = with_place(step->error(), *state.file, change.operation);
            error.hint += (error.hint.empty() ? "" : "; ") + std::string{"the change itself is in the store"};
            return std::unexpected{std::move(error)};
        }
    }
    return {};
}

Outcome<bool> make_change(StoreState& state, const Change& change) {
    if (auto allowed = may_change(state, change.operation); !allowed) {
        return std::unexpected{std::move(allowed).error()};
    }
    auto lock = state.file->lock();
    if (!lock) {
        return std::unexpected{with_place(std::move(lock).error(), *state.file, change.operation)};
    }
    std::uint64_t known = 0;
    QC_TRY(Opened next, load(state, change.operation, &known));
    // A log that was cut short must not be forgotten by remembering its new end.
    QC_TRY(const bool log_is_whole, state.tools.audit.contains(next.contents.header.anchor));
    if (!log_is_whole && !state.options.accept_rollback) {
        return std::unexpected{store_error(*state.file, change.operation, Problem::AuditCut)};
    }
    const std::uint64_t generation = next.contents.header.generation;
    if (change.expected_generation && *change.expected_generation != generation) {
        return std::unexpected{store_error(*state.file, change.operation, Problem::Conflict)};
    }
    if (auto settled = state.tools.audit.settle(next.contents.header.anchor); !settled) {
        return std::unexpected{std::move(settled).error()};
    }
    QC_TRY(const std::uint64_t intended, state.tools.audit.highest_intended());
    const std::int64_t now = milliseconds(state.tools.clock.now());
    Change recorded = change;
    Draft draft{next.contents,
                next.keys,
                state.tools.random,
                now,
                state.tools.actor.substr(0, limits::kActorBytes),
                recorded.event,
                recorded.proofs};
    auto has_changed = change.apply(draft);
    if (!has_changed) {
        return std::unexpected{with_place(std::move(has_changed).error(), *state.file, change.operation)};
    }
    if (!*has_changed) {
        state.opened = std::move(next);
        return false;
    }
    const std::uint64_t highest = std::max({generation, known, intended});
    if (highest == std::numeric_limits<std::uint64_t>::max()) {
        return std::unexpected{store_error(*state.file, change.operation, Problem::Damaged)};
    }
    next.contents.header.generation = highest + 1;
    next.contents.header.updated = now;
    recorded.event.generation = next.contents.header.generation;
    if (auto written = write_generation(state, next, recorded); !written) {
        return std::unexpected{std::move(written).error()};
    }
    return true;
}

std::int64_t milliseconds(TimePoint time) {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return std::max<std::int64_t>(since, 0);
}

TimePoint time_point(std::int64_t milliseconds) {
    return TimePoint{std::chrono::milliseconds{milliseconds}};
}

}  // namespace quantconf::secrets
