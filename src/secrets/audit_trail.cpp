#include "secrets/audit_trail.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "audit/read.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/head.hpp"
#include "secrets/problem.hpp"

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
    return found == kActions.end() ? audit::Action::StoreOpen : found->action;
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

/// The log takes no free text. The store's reasons are messages of our own problems: their numbers say the
/// same.
audit::Detail detail_of(std::string_view reason, std::uint64_t generation, std::uint64_t count = 0) {
    audit::Detail detail;
    if (count > 0) {
        detail.count(count);
    }
    if (generation > 0) {
        detail.generation(generation);
    }
    if (!reason.empty()) {
        for (int number = static_cast<int>(Problem::Damaged); number <= static_cast<int>(kLastProblem);
             ++number) {
            const std::error_code code{number, problem_category()};
            if (code.message() == reason) {
                detail.cause(code);
            }
        }
    }
    return detail;
}

audit::Entry entry_of(const AuditEvent& event) {
    return {.action = action_of(event.action),
            .target = target_of(event),
            .from = version_of(event.from),
            .to = version_of(event.to),
            .detail = detail_of(event.detail, event.generation, event.count)};
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

/// Whether the record's generation is one that was written. Accepting an older one and reading name the one
/// that was found.
bool changes_store(const audit::Record& record) {
    return record.phase == audit::Phase::Intent &&
           record.action != audit::to_text(audit::Action::StoreAcceptRollback);
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
    log_.emplace(database_, crypto::SecretBytes::copy_of(audit_key, crypto::OnFork::Wipe),
                 audit::LogTools{.clock = clock_});
}

Outcome<std::uint64_t> AuditTrail::intend(const AuditEvent& event) {
    return log_->intend(entry_of(event));
}

Outcome<void> AuditTrail::finish(std::uint64_t intent, AuditResult result, std::string_view detail) {
    return log_->finish(intent, result_of(result), detail_of(detail, 0));
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
    const auto walked = audit::walk_back(database_, [&last](const audit::StoredRecord& stored) {
        if (stored.record && changes_store(*stored.record) && has_happened(stored.record->result)) {
            if (const auto generation = generation_in(stored.record->detail); generation > 0) {
                last = generation;
            }
        }
        return !last.has_value();
    });
    if (!walked) {
        return std::unexpected{walked.error()};
    }
    return last;
}

Outcome<void> AuditTrail::record(const audit::Entry& entry) {
    QC_TRY(const auto done, log_->record(entry));
    static_cast<void>(done);
    return {};
}

Outcome<void> AuditTrail::reconcile(StoreFile& file) {
    {
        QC_TRY(const auto open_intents, log_->unfinished());
        if (open_intents.empty()) {
            return {};
        }
    }
    QC_TRY(const auto lock, file.lock());
    QC_TRY(const auto bytes, file.read());
    const auto layout = bytes ? parse_layout(*bytes) : Parsed<Layout>{std::unexpected{Problem::StoreMissing}};
    if (!layout) {
        return {};  // Nothing can be said about them now; opening the store says what is wrong.
    }
    QC_TRY(const auto unfinished, log_->unfinished());  // Once more: their writers may have been alive.
    QC_TRY(const auto records, audit::read(database_, {}));
    for (const audit::Seq seq : unfinished) {
        const auto found = std::ranges::find(records, seq, &audit::StoredRecord::seq);
        const std::uint64_t generation =
            found != records.end() && found->record ? generation_in(found->record->detail) : 0;
        if (auto done = log_->reconcile(seq, generation > 0 && generation <= layout->header.generation);
            !done) {
            return done;
        }
    }
    return {};
}

}  // namespace quantconf::secrets
