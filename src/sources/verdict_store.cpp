#include "sources/verdict_store.hpp"

#include <map>
#include <utility>

#include "base/assert.hpp"
#include "quantconf/detail/mutex.hpp"
#include "quantconf/detail/try.hpp"
#include "sources/verdict_table.hpp"
#include "state/problem.hpp"

namespace quantconf::sources {
namespace {

/// Nobody waits longer than this for a note about a key.
constexpr std::chrono::milliseconds kBusyTimeout{2'000};

using Key = std::pair<quantbot::Provider, std::string>;

/// Which of two records has seen more. The wall may have jumped between two boots, so what was seen in this
/// one is the newer.
const KeyRecord& newer(const KeyRecord& ours, const KeyRecord& theirs, const Moment& now) {
    if (!ours.attempted || !theirs.attempted) {
        return ours.attempted ? ours : theirs;
    }
    const bool is_ours_of_now = ours.attempted->boot == now.boot;
    if (is_ours_of_now != (theirs.attempted->boot == now.boot)) {
        return is_ours_of_now ? ours : theirs;
    }
    return elapsed(*theirs.attempted, *ours.attempted).value_or(Duration{}) > Duration{} ? ours : theirs;
}

/// Whether another connection could do better at once.
bool needs_reopening(const Error& error) {
    return error.cause == state::Problem::Forked || error.cause == state::Problem::Replaced;
}

}  // namespace

struct VerdictStore::Impl {
    Options options;
    const quota::Timeline& timeline;
    mutable Mutex mutex;
    std::map<Key, KeyRecord> known QC_GUARDED_BY(mutex);
    std::optional<state::Database> database QC_GUARDED_BY(mutex);
    bool has_pruned QC_GUARDED_BY(mutex) = false;
    std::optional<Error> problem QC_GUARDED_BY(mutex);

    Impl(Options chosen, const quota::Timeline& clocks) : options{std::move(chosen)}, timeline{clocks} {}

    Outcome<state::Database*> open() QC_REQUIRES(mutex) {
        // What is there can be read where nothing can be made.
        for (const state::Access access : {state::Access::WriteOrRead, state::Access::Create}) {
            if (database) {
                break;
            }
            auto opened =
                state::Database::open(options.database, {.access = access, .busy_timeout = kBusyTimeout});
            const bool is_missing = !opened && opened.error().cause == state::Problem::Missing;
            if (opened) {
                database.emplace(*std::move(opened));
            } else if (access == state::Access::Create || !is_missing || !options.may_create) {
                return std::unexpected{std::move(opened).error()};
            }
        }
        return &*database;
    }

    /// Runs `use(Database&)`, again with a fresh one if the old one is of no use any more, and notes what
    /// went wrong. Whether nothing did.
    template <typename Use>
    bool with_database(const Use& use) QC_REQUIRES(mutex) {
        constexpr int kAttempts = 2;
        for (int attempt = 0; attempt < kAttempts && !options.database.empty(); ++attempt) {
            const Outcome<state::Database*> opened = open();
            const Outcome<void> done = opened ? use(**opened) : std::unexpected{opened.error()};
            if (done) {
                problem.reset();
                return true;
            }
            problem = done.error();
            database.reset();
            if (!needs_reopening(*problem)) {
                break;
            }
        }
        return false;
    }

    KeyRecord& ours(quantbot::Provider provider, const std::string& fingerprint) QC_REQUIRES(mutex) {
        return known
            .try_emplace({provider, fingerprint}, KeyRecord{.source = provider, .fingerprint = fingerprint})
            .first->second;
    }

    /// One verdict on top of what is known here and there, inside a transaction.
    Outcome<KeyRecord> write(state::Database& open, const KeyRecord& own, const Heard& heard,
                             const Moment& now) const {
        VerdictTable table{open};
        const auto provider = heard.source->provider;
        QC_TRY(const std::optional<KeyRecord> theirs, table.find(provider, heard.fingerprint));
        KeyRecord changed =
            apply(theirs ? newer(own, *theirs, now) : own, heard.verdict, now, *heard.source, heard.evidence);
        Outcome<void> done = table.put(changed);
        done = done ? table.use(options.environment, provider, heard.fingerprint, now.wall) : done;
        if (!done) {
            return std::unexpected{std::move(done).error()};
        }
        return changed;
    }

    /// All of them or none, on top of what is `known` here. What they come to.
    Outcome<std::map<Key, KeyRecord>> write_all(state::Database& open, std::map<Key, KeyRecord> known_here,
                                                std::span<const Heard* const> news, const Moment& now,
                                                bool prunes) const {
        QC_TRY(state::Transaction transaction, open.begin());
        for (const Heard* heard : news) {
            KeyRecord& own = known_here.at({heard->source->provider, heard->fingerprint});
            QC_TRY(own, write(open, own, *heard, now));
        }
        Outcome<void> done = prunes ? VerdictTable{open}.prune(now.wall) : Outcome<void>{};
        done = done ? transaction.commit() : done;
        if (!done) {
            return std::unexpected{std::move(done).error()};
        }
        return known_here;
    }
};

VerdictStore::VerdictStore(Options options, const quota::Timeline& timeline)
    : impl_{std::make_unique<Impl>(std::move(options), timeline)} {}
VerdictStore::~VerdictStore() = default;

std::vector<KeyRecord> VerdictStore::record(std::span<const Heard> heard) {
    Impl& impl = *impl_;
    const MutexLock lock{impl.mutex};
    const Moment now = moment_of(impl.timeline);
    std::vector<const Heard*> news;
    for (const Heard& one : heard) {
        QC_ASSERT(one.source != nullptr);
        const KeyRecord& own = impl.ours(one.source->provider, one.fingerprint);
        if (is_news(own, one.verdict, now, *one.source, one.evidence)) {
            news.push_back(&one);
        }
    }
    std::map<Key, KeyRecord> changed = impl.known;
    const bool prunes = !impl.has_pruned;
    const auto write = [&](state::Database& open) -> Outcome<void> {
        QC_TRY(changed, impl.write_all(open, changed, news, now, prunes));
        return {};
    };
    if (!news.empty() && impl.with_database(write)) {
        impl.known = std::move(changed);
        impl.has_pruned = true;
    } else {
        for (const Heard* one : news) {
            KeyRecord& own = impl.ours(one->source->provider, one->fingerprint);
            own = apply(std::move(own), one->verdict, now, *one->source, one->evidence);
        }
    }
    std::vector<KeyRecord> records;
    for (const Heard& one : heard) {
        records.push_back(impl.ours(one.source->provider, one.fingerprint));
    }
    return records;
}

KeyRecord VerdictStore::record(const Heard& heard) {
    return record(std::span{&heard, 1}).front();
}

KeyRecord VerdictStore::find(quantbot::Provider provider, const std::string& fingerprint) {
    Impl& impl = *impl_;
    const MutexLock lock{impl.mutex};
    const Moment now = moment_of(impl.timeline);
    KeyRecord& own = impl.ours(provider, fingerprint);
    impl.with_database([&](state::Database& open) -> Outcome<void> {
        QC_TRY(const std::optional<KeyRecord> theirs, VerdictTable{open}.find(provider, fingerprint));
        if (theirs) {
            own = newer(own, *theirs, now);
        }
        return {};
    });
    return own;
}

Moment VerdictStore::now() const {
    return moment_of(impl_->timeline);
}

std::optional<Error> VerdictStore::problem() const {
    const MutexLock lock{impl_->mutex};
    return impl_->problem;
}

}  // namespace quantconf::sources
