#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/anchor.hpp"
#include "audit/record.hpp"
#include "base/clock.hpp"
#include "crypto/secret_bytes.hpp"
#include "state/database.hpp"

namespace quantconf::audit {

/// Whom and what a log works with. All of it must outlive the log.
struct LogTools {
    const Clock& clock;
    Actor actor = this_process();
};

/// The record of who did what, in state.db: a chain in which nothing can be changed, taken out, put in or
/// moved without the key. One thread at a time.
///
/// First the intent is on disk, then the effect happens, then its result is recorded. Each call here that
/// succeeds is on disk when it returns, and a caller that gets an Error must not go on: what cannot be
/// recorded does not happen.
class Log {
public:
    /// Without a key, records are marked so and prove only their own order; the next writer with the key
    /// seals them.
    Log(state::Database& database, std::optional<crypto::SecretBytes> key, LogTools tools);

    /// Before an effect.
    [[nodiscard]] Outcome<Seq> intend(const Entry& entry);
    /// After it. Only once, and only for an intent without a result.
    [[nodiscard]] Outcome<void> finish(Seq intent, Result result, const Detail& detail = {});
    /// For an intent that a crash left behind, once somebody has looked whether it happened.
    [[nodiscard]] Outcome<void> reconcile(Seq intent, bool happened);
    /// Something without an effect to wait for: a reveal, before the plain text leaves; a refusal.
    [[nodiscard]] Outcome<Seq> record(const Entry& entry, Result result = Result::Done);
    /// The same as a part of the caller's transaction.
    [[nodiscard]] Outcome<Seq> record(state::Transaction& transaction, const Entry& entry,
                                      Result result = Result::Done);

    /// The intents without a result, oldest first: by the chain from `from` on, and before that by the index
    /// of them, whose entries the chain has to confirm.
    [[nodiscard]] Outcome<std::vector<Seq>> unfinished(Seq from = 0);
    /// Whether the index names anything, right or wrong.
    [[nodiscard]] Outcome<bool> has_index_entries();
    /// Takes out of the index what somebody else has put there.
    [[nodiscard]] Outcome<void> tidy_index();
    /// The newest record; seq 0 and zeros if there is none. Kept elsewhere, it shows later that the tail was
    /// not cut off.
    [[nodiscard]] Outcome<Anchor> head();
    /// ValueTag under this log's key; nothing without a key.
    [[nodiscard]] std::optional<ValueTag> tag_of(std::string_view value) const;

private:
    [[nodiscard]] Outcome<Seq> append(Record record);
    [[nodiscard]] Outcome<Seq> append_alone(Record record);
    [[nodiscard]] Outcome<void> end(Seq intent, Result result, const Detail& detail);
    [[nodiscard]] std::optional<std::string_view> key() const;
    [[nodiscard]] Record make(const Entry& entry, Phase phase, Result result) const;

    state::Database& database_;
    std::optional<crypto::SecretBytes> key_;
    LogTools tools_;
};

}  // namespace quantconf::audit
