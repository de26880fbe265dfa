#include "audit/verify.hpp"

#include <set>

#include <fmt/format.h>

#include "audit/chain.hpp"
#include "audit/row.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::audit {
namespace {

/// Goes through the chain record by record until the first bad one.
class Walk {
public:
    Walk(std::string_view key, const std::optional<Anchor>& anchor) : key_{key}, anchor_{anchor} {}

    /// False if the record, or one that should stand before it, is bad.
    bool take(const StoredRecord& stored) {
        const Seq expected = verdicts_.head.seq + 1;
        if (stored.seq != expected) {
            return stop_at(stored.seq < expected ? stored.seq : expected,
                           fmt::format("record {} stands where {} should", stored.seq, expected));
        }
        if (!stored.record) {
            return stop_at(expected, "its bytes are not those of a record for this place");
        }
        const crypto::Mac mac =
            mac_of(stored.record->is_keyed ? key_ : kUnkeyed, verdicts_.head.mac, stored.bytes);
        if (!crypto::equal_in_constant_time(crypto::view_of(mac), crypto::view_of(stored.mac))) {
            return stop_at(expected,
                           "its MAC does not fit: it, its place or the record before it was changed, or "
                           "the key is another one");
        }
        keep(stored);
        return true;
    }

    [[nodiscard]] Verdicts end() && {
        verdicts_.unfinished.assign(unfinished_.begin(), unfinished_.end());
        judge_completeness();
        return std::move(verdicts_);
    }

private:
    bool stop_at(Seq seq, std::string reason) {
        verdicts_.integrity = Integrity::Broken;
        verdicts_.first_bad = seq;
        verdicts_.reason = std::move(reason);
        return false;
    }

    void keep(const StoredRecord& stored) {
        verdicts_.head = {.seq = stored.seq, .mac = stored.mac};
        ++verdicts_.records;
        if (stored.record->is_keyed) {
            verdicts_.sealed += std::exchange(verdicts_.unsealed, 0);
        } else {
            ++verdicts_.unsealed;
        }
        if (stored.record->phase == Phase::Intent) {
            unfinished_.insert(stored.seq);
        } else if (stored.record->phase == Phase::Result) {
            unfinished_.erase(stored.record->refers_to);
        }
        if (anchor_ && anchor_->seq == stored.seq) {
            anchored_ = anchor_->mac == stored.mac;
        }
    }

    void judge_completeness() {
        if (!anchor_) {
            return;
        }
        if (anchor_->seq == 0) {
            anchored_ = true;  // Taken before there was any record.
        }
        if (anchored_) {
            verdicts_.completeness = *anchored_ ? Completeness::UpToAnchor : Completeness::Broken;
            if (!*anchored_ && !verdicts_.first_bad) {
                verdicts_.first_bad = anchor_->seq;
                verdicts_.reason = "another record stood here when the anchor was taken";
            }
        } else if (verdicts_.integrity == Integrity::Holds) {
            verdicts_.completeness = Completeness::Broken;
            verdicts_.first_bad = verdicts_.head.seq + 1;
            verdicts_.reason = fmt::format(
                "the chain ends before it, and reached record {} when the anchor was taken", anchor_->seq);
        }
    }

    std::string_view key_;
    const std::optional<Anchor>& anchor_;
    Verdicts verdicts_;
    std::set<Seq> unfinished_;
    std::optional<bool> anchored_;  // Nothing until the anchor's place is reached.
};

}  // namespace

Outcome<Verdicts> verify(state::Database& database, std::string_view key,
                         const std::optional<Anchor>& anchor) {
    // One statement sees one state, whatever others add meanwhile.
    QC_TRY(state::Statement rows, database.prepare("SELECT seq, record, mac FROM audit ORDER BY seq"));
    Walk walk{key, anchor};
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row || !walk.take(read_row(rows))) {
            return std::move(walk).end();
        }
    }
}

}  // namespace quantconf::audit
