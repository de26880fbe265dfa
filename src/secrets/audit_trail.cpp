#include "secrets/audit_trail.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "audit/proved_changes.hpp"
#include "audit/read.hpp"
#include "base/assert.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/head.hpp"
#include "secrets/problem.hpp"
#include "state/problem.hpp"

namespace quantconf::secrets {
namespace {

struct Named {
    std::string_view name;
    audit::Action action;
};

/// What the store calls its verbs.
constexpr std::array kActions{
    Named{"store.create", audit::Action::StoreCreate},
    Named{"store.open", audit::Action::StoreOpen},
    Named{"store.rekey", audit::Action::StoreRekey},
    Named{"store.reencrypt", audit::Action::StoreReencrypt},
    Named{"store.accept_rollback", audit::Action::StoreAcceptRollback},
    Named{"slot.add", audit::Action::SlotAdd},
    Named{"slot.rm", audit::Action::SlotRemove},
    Named{"secret.set", audit::Action::SecretSet},
    Named{"secret.get", audit::Action::SecretReveal},
    Named{"secret.rm", audit::Action::SecretRemove},
    Named{"secret.rotate", audit::Action::SecretRotate},
    Named{"secret.promote", audit::Action::SecretPromote},
    Named{"secret.abort", audit::Action::SecretAbort},
    Named{"secret.retire", audit::Action::SecretRetire},
    Named{"secret.import", audit::Action::SecretImport},
};

audit::Action action_of(std::string_view name) {
    const auto* found = std::ranges::find(kActions, name, &Named::name);
    QC_ASSERT(found != kActions.end());  // A new verb of the store: a record under another name would lie.
    return found->action;
}

audit::Target target_of(const AuditEvent& event) {
    if (event.target.empty()) {
        return {};
    }
    return event.action.starts_with("slot.") ? audit::Target::slot(event.target)
                                             : audit::Target::secret(event.target);
}

audit::Version version_of(std::optional<std::uint32_t> number) {
    return number ? audit::Version::number(*number) : audit::Version{};
}

audit::Detail detail_of(const AuditEvent& event) {
    audit::Detail detail;
    if (event.count > 0) {
        detail.count(event.count);
    }
    if (event.generation > 0) {
        detail.generation(event.generation);
    }
    if (event.cause) {
        detail.cause(event.cause);
    }
    return detail;
}

audit::Entry entry_of(const AuditEvent& event) {
    return {.action = action_of(event.action),
            .target = target_of(event),
            .from = version_of(event.from),
            .to = version_of(event.to),
            .detail = detail_of(event)};
}

audit::Result result_of(AuditResult result) {
    switch (result) {
        case AuditResult::Done:
            return audit::Result::Done;
        case AuditResult::Failed:
            return audit::Result::Failed;
        case AuditResult::Unknown:
            break;
    }
    return audit::Result::DurabilityUnknown;
}

/// "cause=secrets:22 generation=7": 7; 0 if there is none.
std::uint64_t generation_in(std::string_view detail) {
    constexpr std::string_view kKey = "generation=";
    const auto at = detail.find(kKey);
    std::uint64_t generation = 0;
    if (at != std::string_view::npos) {
        const std::string_view digits = detail.substr(at + kKey.size());
        std::from_chars(digits.data(), digits.data() + digits.size(), generation);
    }
    return generation;
}

bool has_happened(audit::Result result) {
    return result == audit::Result::Done || result == audit::Result::RecoveredDone ||
           result == audit::Result::DurabilityUnknown;
}

}  // namespace

AuditTrail::AuditTrail(state::Database& database, const Clock& clock) : database_{database}, clock_{clock} {
    log_.emplace(database_, std::nullopt, audit::LogTools{.clock = clock_});
}

void AuditTrail::use_key(std::string_view audit_key) {
    key_ = crypto::SecretBytes::copy_of(audit_key, crypto::OnFork::Wipe);
    log_.emplace(database_, crypto::SecretBytes::copy_of(audit_key, crypto::OnFork::Wipe),
                 audit::LogTools{.clock = clock_});
}

Outcome<std::uint64_t> AuditTrail::intend(const AuditEvent& event) {
    const audit::Entry entry = entry_of(event);
    auto intent = log_->intend(entry);
    return intent ? std::move(intent)
                  : std::unexpected{not_recorded(std::move(intent).error(), entry.action)};
}

Outcome<void> AuditTrail::finish(std::uint64_t intent, AuditResult result, std::error_code cause) {
    return log_->finish(intent, result_of(result), detail_of({.cause = cause}));
}

Outcome<void> AuditTrail::refused(const AuditEvent& event) {
    QC_TRY(const auto done, log_->record(entry_of(event), audit::Result::Refused));
    static_cast<void>(done);
    return {};
}

Outcome<AuditAnchor> AuditTrail::head() {
    QC_TRY(const audit::Anchor anchor, log_->head());
    return AuditAnchor{.sequence = anchor.seq, .mac = anchor.mac};
}

Outcome<bool> AuditTrail::contains(const AuditAnchor& anchor) {
    return audit::contains(database_, {.seq = anchor.sequence, .mac = anchor.mac});
}

Outcome<std::optional<std::uint64_t>> AuditTrail::last_generation() {
    std::optional<std::uint64_t> last;
    // Each change has a higher generation than those before it: the newest one says it.
    const auto walked = walk_changes([&last](const StoreChange& change) {
        if (change.has_happened) {
            last = change.generation;
        }
        return !last.has_value();
    });
    return walked ? Outcome<std::optional<std::uint64_t>>{last} : std::unexpected{walked.error()};
}

Outcome<std::uint64_t> AuditTrail::highest_intended() {
    std::uint64_t highest = 0;
    const auto walked = walk_changes([&highest](const StoreChange& change) {
        highest = change.generation;
        return false;
    });
    return walked ? Outcome<std::uint64_t>{highest} : std::unexpected{walked.error()};
}

Outcome<std::optional<AuditTrail::StoreChange>> AuditTrail::maker_of(const AuditAnchor& anchor) {
    std::optional<StoreChange> maker;
    // Intents of changes are recorded under the store's lock, and the anchor after the intent: the newest one
    // up to it made the file.
    const auto walked = walk_changes([&](const StoreChange& change) {
        if (change.intent <= anchor.sequence) {
            maker = change;
        }
        return !maker.has_value();
    });
    return walked ? Outcome<std::optional<StoreChange>>{maker} : std::unexpected{walked.error()};
}

Outcome<bool> AuditTrail::was_undone(const AuditAnchor& anchor) {
    QC_TRY(const auto maker, maker_of(anchor));
    return maker && maker->has_result && !maker->has_happened;
}

Outcome<void> AuditTrail::record(const audit::Entry& entry) {
    if (auto done = log_->record(entry); !done) {
        return std::unexpected{not_recorded(std::move(done).error(), entry.action)};
    }
    return {};
}

Outcome<void> AuditTrail::can_record(audit::Action action) const {
    if (!database_.is_read_only()) {
        return {};
    }
    return std::unexpected{not_recorded({.operation = "write",
                                         .subject = database_.path().string(),
                                         .cause = make_error_code(state::Problem::ReadOnly)},
                                        action)};
}

Error AuditTrail::not_recorded(Error error, audit::Action action) const {
    if (error.cause.category() != state::problem_category()) {
        return error;
    }
    constexpr std::string_view kNothing = "nothing was changed or revealed";
    error.operation = fmt::format("record {} in", audit::to_text(action));
    error.subject = database_.path().string();
    if (error.cause == state::Problem::ReadOnly) {
        error.hint = fmt::format(
            "{}, because nobody could know of it later; make the file, its -wal and -shm and the folder {} "
            "writable, or copy "
            "them "
            "to where they are and name that with --state-dir; `secret list`, `secret verify`, `audit` and "
            "`check` work as it is",
            kNothing, database_.path().parent_path().string());
        return error;
    }
    error.hint = fmt::format("{}; {}", kNothing, error.hint);
    return error;
}

Outcome<bool> AuditTrail::has_unsettled(audit::Seq from) {
    QC_TRY(const auto open_intents, log_->unfinished(from));
    QC_TRY(const bool has_entries, log_->has_index_entries());
    return !open_intents.empty() || has_entries;
}

Outcome<void> AuditTrail::settle(const AuditAnchor& anchor) {
    if (database_.is_read_only()) {
        return {};  // Later, where it can be written.
    }
    // What a change of the store has left unfinished stands at the anchor or behind it: a generation that was
    // written remembers its own intent.
    QC_TRY(const bool has_anchor, contains(anchor));
    const audit::Seq from = has_anchor ? anchor.sequence : 0;
    QC_TRY(const bool is_needed, has_unsettled(from));
    if (!is_needed) {
        return {};
    }
    QC_TRY(const auto maker, maker_of(anchor));
    QC_TRY(const auto unfinished, log_->unfinished(from));
    for (const audit::Seq seq : unfinished) {
        if (auto done = log_->reconcile(seq, maker && maker->intent == seq); !done) {
            return done;
        }
    }
    return log_->tidy_index();
}

Outcome<void> AuditTrail::reconcile(StoreFile& file, const AuditAnchor& since) {
    if (database_.is_read_only()) {
        return {};
    }
    QC_TRY(const bool has_anchor, contains(since));
    QC_TRY(const bool is_needed, has_unsettled(has_anchor ? since.sequence : 0));
    if (!is_needed) {
        return {};
    }
    QC_TRY(const auto lock, file.try_lock());
    if (lock == nullptr) {
        return {};
    }
    QC_TRY(const auto bytes, file.read());
    const auto layout = bytes ? parse_layout(*bytes) : Parsed<Layout>{std::unexpected{Problem::StoreMissing}};
    if (!layout) {
        return {};  // Nothing can be said about them now; opening the store says what is wrong.
    }
    return settle(layout->header.anchor);
}

Outcome<void> AuditTrail::walk_changes(const std::function<bool(const StoreChange&)>& visit) {
    const auto key = key_ ? std::optional{key_->view()} : std::nullopt;
    return audit::walk_proved_intents(database_, key, [&](const audit::ProvedIntent& intent) {
        const std::uint64_t generation = generation_in(intent.record.detail);
        // Accepting an older store names the generation that was found.
        const bool changes_store =
            generation > 0 && intent.record.action != audit::to_text(audit::Action::StoreAcceptRollback);
        return !changes_store || visit({.intent = intent.seq,
                                        .generation = generation,
                                        .has_result = intent.result.has_value(),
                                        .has_happened = intent.result && has_happened(*intent.result)});
    });
}

}  // namespace quantconf::secrets
