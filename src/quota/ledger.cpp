#include "quota/ledger.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "quantconf/detail/try.hpp"
#include "quota/bounds.hpp"
#include "quota/clocks.hpp"
#include "quota/decide.hpp"
#include "quota/durability.hpp"
#include "quota/history.hpp"
#include "quota/ledger_file.hpp"
#include "quota/ledger_impl.hpp"
#include "quota/lock_record.hpp"
#include "quota/pacing.hpp"

namespace quantconf::quota {
namespace {

constexpr std::int64_t kBlockShare = 256;  ///< Of the smallest long window: 0.4 %.
constexpr std::int64_t kBlockAhead =
    64;  ///< Blocks of this size are reserved before the last one is used up.

/// How many requests are reserved at a time; 0: these limits need no durability.
std::int64_t block_of(const Limits& limits) noexcept {
    std::int64_t smallest = 0;
    for (const Window& window : limits.windows) {
        if (window.per >= limits::kDurableFrom && (smallest == 0 || window.requests < smallest)) {
            smallest = window.requests;
        }
    }
    return smallest == 0 ? 0 : std::max<std::int64_t>(1, smallest / kBlockShare);
}

Decision refusal(const Verdict& verdict, const Limits& limits, const Live& live, std::int64_t now) {
    Decision decision{.because = describe(verdict, limits, live),
                      .is_for_others = verdict.obstacle == Verdict::Obstacle::Reserve ||
                                       verdict.obstacle == Verdict::Obstacle::Turn};
    if (verdict.until != kNever) {
        decision.wait = Duration{verdict.until - now};
    }
    return decision;
}

/// Counting is the last store: whoever is killed before it has been granted nothing.
Receipt charge(Record& record, const Limits& limits, Class purpose, std::int64_t cost,
               std::int64_t now) noexcept {
    Live& live = record.live;
    const std::int64_t total = live.total.get();
    write_times(record, now, cost);
    charge_pacing(live, limits.pacing, now, cost);
    note_admission(live, purpose);
    live.total.set(total + cost);
    return {.first = static_cast<std::uint64_t>(total), .cost = cost};
}

struct Attempt {
    Decision decision;
    std::int64_t block = 0;  ///< What to reserve; 0: nothing.
};

bool is_reserved(const Live& live, std::int64_t count) noexcept {
    return live.total.get() + count <= live.reserved.get();
}

/// Grants nothing that is not reserved: then there is neither a receipt nor a reason.
Outcome<Attempt> attempt(Memory& memory, const Timeline& timeline, const Question& question) {
    Record& record = memory.record();
    Live& live = record.live;
    const Hold hold{memory};
    if (hold.error() != 0) {
        return std::unexpected{lock_error(memory, hold.error())};
    }
    if (live.is_abandoned.get() != 0) {
        return std::unexpected{abandoned_error(memory)};
    }
    Moment moment = glance_at_clocks(record, timeline, question.limits);
    Verdict verdict = decide(record, question, moment);
    if (!verdict.may_go() && moment.is_wall_expected) {
        moment = look_at_clocks(record, timeline, question.limits);
        verdict = decide(record, question, moment);
    }
    if (!verdict.may_go()) {
        return Attempt{.decision = refusal(verdict, question.limits, live, moment.now)};
    }
    const std::int64_t own = block_of(question.limits);
    const std::int64_t block = !memory.is_durable() ? 0 : own != 0 ? own : live.block.get();
    if (block != 0 && !is_reserved(live, question.cost)) {
        return Attempt{.decision = {}, .block = block};
    }
    Attempt result;
    result.decision.granted = charge(record, question.limits, question.purpose, question.cost, moment.now);
    result.block = block >= kBlockAhead && !is_reserved(live, block / 2) ? block : 0;
    return result;
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Impl> impl) noexcept : impl_{std::move(impl)} {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Ledger Ledger::in_memory(const Timeline& timeline) {
    std::unique_ptr<Memory> memory = anonymous_memory();
    const bool is_made = initialise(*memory, timeline, Duration::zero()).has_value();
    QC_ASSERT(is_made);  // Only disks fail.
    return Impl::wrap(std::move(memory), timeline);
}

Outcome<Ledger> Ledger::open(const std::filesystem::path& file, const Timeline& timeline) {
    QC_TRY(auto memory, open_ledger_file(file, timeline));
    return Impl::wrap(std::move(memory), timeline);
}

const Timeline& Ledger::timeline() const noexcept {
    return *impl_->timeline;
}

Outcome<Decision> Ledger::acquire(const Limits& limits, Class purpose, std::int64_t cost) {
    if (Outcome<void> possible = limits::check(limits, cost); !possible) {
        return std::unexpected{std::move(possible).error()};
    }
    const Question question{.limits = limits, .purpose = purpose, .cost = cost};
    while (true) {
        QC_TRY(Attempt result, attempt(*impl_->memory, *impl_->timeline, question));
        if (result.block == 0) {
            return std::move(result.decision);
        }
        // For the next ones nobody waits: if somebody is at it already, so much the better.
        const bool is_ahead = result.decision.granted.has_value();
        Outcome<void> reserved = reserve(*impl_->memory, *impl_->timeline, is_ahead ? result.block / 2 : cost,
                                         result.block, is_ahead ? Duration::zero() : kSyncPatience);
        if (is_ahead) {
            return std::move(result.decision);  // Whoever needs more will hear why it failed.
        }
        if (!reserved) {
            return std::unexpected{std::move(reserved).error()};
        }
    }
}

Outcome<Decision> Ledger::forecast(const Limits& limits, Class purpose, std::int64_t cost,
                                   std::int64_t ahead) const {
    if (Outcome<void> possible = limits::check(limits, cost); !possible) {
        return std::unexpected{std::move(possible).error()};
    }
    Memory& memory = *impl_->memory;
    const Hold hold{memory};
    if (hold.error() != 0) {
        return std::unexpected{lock_error(memory, hold.error())};
    }
    const Moment moment = look_at_clocks(memory.record(), *impl_->timeline, limits);
    const Question question{.limits = limits, .purpose = purpose, .cost = cost, .ahead = ahead};
    const Verdict verdict = decide(memory.record(), question, moment);
    if (verdict.may_go()) {
        return Decision{.wait = Duration::zero()};
    }
    return refusal(verdict, limits, memory.record().live, moment.now);
}

void Ledger::refund(const Receipt& receipt) {
    Record& record = impl_->memory->record();
    const Hold hold{*impl_->memory};
    const auto first = static_cast<std::int64_t>(receipt.first);
    if (hold.error() != 0) {
        return;  // It stays charged.
    }
    advance(record, ledger_now(record.live, *impl_->timeline));
    if (forget(record, first, receipt.cost)) {
        forget_in_periods(record.live, first, receipt.cost);
        refund_pacing(record.live, receipt.cost);
    }
}

}  // namespace quantconf::quota
