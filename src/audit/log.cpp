#include "audit/log.hpp"

#include <utility>

#include <fmt/format.h>

#include "audit/chain.hpp"
#include "audit/open_intents.hpp"
#include "audit/problem.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::audit {
namespace {

/// At most the length of a field, cut between two characters and marked.
std::string capped(std::string text) {
    constexpr std::string_view kMark = "...";
    if (text.size() > limits::kAuditFieldBytes) {
        std::size_t length = limits::kAuditFieldBytes - kMark.size();
        while (length > 0 && !begins_code_point(text[length])) {
            --length;
        }
        text.resize(length);
        text += kMark;
    }
    return text;
}

/// The intent, if it is one.
Outcome<std::optional<Record>> read_intent(state::Database& database, Seq seq) {
    QC_TRY(state::Statement row, database.prepare("SELECT seq, record, mac FROM audit WHERE seq = ?"));
    row.bind(1, static_cast<std::int64_t>(seq));
    QC_TRY(const bool is_there, row.step());
    if (!is_there) {
        return std::nullopt;
    }
    std::optional<Record> record = read_row(row).record;
    return record && record->phase == Phase::Intent ? record : std::nullopt;
}

/// It may not stand there: the list is only an index.
Outcome<void> take_off_list(state::Database& database, Seq intent) {
    QC_TRY(state::Statement take, database.prepare("DELETE FROM audit_open WHERE seq = ?"));
    return take.bind(1, static_cast<std::int64_t>(intent)).run();
}

}  // namespace

Log::Log(state::Database& database, std::optional<crypto::SecretBytes> key, LogTools tools)
    : database_{database}, key_{std::move(key)}, tools_{std::move(tools)} {}

std::optional<std::string_view> Log::key() const {
    return key_ ? std::optional{key_->view()} : std::nullopt;
}

Record Log::make(const Entry& entry, Phase phase, Result result) const {
    return {.seq = 0,
            .phase = phase,
            .result = result,
            .is_keyed = key_.has_value(),
            .refers_to = 0,
            .at = tools_.clock.now(),
            .actor = {.host = capped(tools_.actor.host),
                      .uid = tools_.actor.uid,
                      .user = capped(tools_.actor.user),
                      .pid = tools_.actor.pid,
                      .program = capped(tools_.actor.program)},
            .action = std::string{to_text(entry.action)},
            .target = capped(entry.target.text()),
            .from = capped(entry.from.text()),
            .to = capped(entry.to.text()),
            .detail = capped(entry.detail.text())};
}

Outcome<Seq> Log::append(Record record) {
    QC_TRY(ChainEnd end, read_end(database_, key()));
    if (key_ && end.unsealed_from != 0) {
        Record seal = make({.action = Action::AuditSeal,
                            .target = Target::audit(),
                            .from = Version::number(end.unsealed_from),
                            .to = Version::number(end.last.seq)},
                           Phase::Seal, Result::Done);
        if (Outcome<void> sealed = add(database_, key(), seal, end); !sealed) {
            return std::unexpected{std::move(sealed).error()};
        }
    }
    if (Outcome<void> added = add(database_, key(), record, end); !added) {
        return std::unexpected{std::move(added).error()};
    }
    return record.seq;
}

Outcome<Seq> Log::append_alone(Record record) {
    QC_TRY(state::Transaction transaction, database_.begin());
    const bool is_intent = record.phase == Phase::Intent;
    QC_TRY(const Seq seq, append(std::move(record)));
    if (is_intent) {
        QC_TRY(state::Statement list, database_.prepare("INSERT OR IGNORE INTO audit_open(seq) VALUES(?)"));
        if (Outcome<void> listed = list.bind(1, static_cast<std::int64_t>(seq)).run(); !listed) {
            return std::unexpected{std::move(listed).error()};
        }
    }
    if (Outcome<void> committed = transaction.commit(); !committed) {
        return std::unexpected{std::move(committed).error()};
    }
    return seq;
}

Outcome<Seq> Log::intend(const Entry& entry) {
    return append_alone(make(entry, Phase::Intent, Result::Unfinished));
}

Outcome<Seq> Log::record(const Entry& entry, Result result) {
    return append_alone(make(entry, Phase::Single, result));
}

Outcome<Seq> Log::record(state::Transaction& /*open*/, const Entry& entry, Result result) {
    return append(make(entry, Phase::Single, result));
}

Outcome<void> Log::finish(Seq intent, Result result, const Detail& detail) {
    return end(intent, result, detail);
}

Outcome<void> Log::reconcile(Seq intent, bool happened) {
    return end(intent, happened ? Result::RecoveredDone : Result::RecoveredUndone, {});
}

Outcome<void> Log::end(Seq intent, Result result, const Detail& detail) {
    QC_TRY(state::Transaction transaction, database_.begin());
    QC_TRY(const std::optional<Record> intended, read_intent(database_, intent));
    QC_TRY(const bool is_open, is_unfinished(database_, intent));
    if (!intended || !is_open) {
        return std::unexpected{Error{.operation = "finish in the audit log of",
                                     .subject = database_.path().string(),
                                     .cause = make_error_code(Problem::NotUnfinished),
                                     .hint = fmt::format("the number was {}", intent)}};
    }
    Record record = make({.detail = detail}, Phase::Result, result);
    record.refers_to = intent;
    record.action = intended->action;
    record.target = intended->target;
    record.from = intended->from;
    record.to = intended->to;
    if (Outcome<Seq> added = append(std::move(record)); !added) {
        return std::unexpected{std::move(added).error()};
    }
    if (Outcome<void> taken = take_off_list(database_, intent); !taken) {
        return taken;
    }
    return transaction.commit();
}

Outcome<std::vector<Seq>> Log::unfinished(Seq from) {
    return find_unfinished(database_, from);
}

Outcome<bool> Log::has_index_entries() {
    return has_entries(database_);
}

Outcome<void> Log::tidy_index() {
    QC_TRY(state::Transaction transaction, database_.begin());
    if (Outcome<void> dropped = drop_wrong_entries(database_); !dropped) {
        return dropped;
    }
    return transaction.commit();
}

Outcome<Anchor> Log::head() {
    QC_TRY(const ChainEnd end, read_end(database_, key()));
    return end.last;
}

std::optional<ValueTag> Log::tag_of(std::string_view value) const {
    return key_ ? std::optional{audit::tag_of(key_->view(), value)} : std::nullopt;
}

}  // namespace quantconf::audit
