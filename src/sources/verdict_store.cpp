#include "sources/verdict_store.hpp"

#include <map>
#include <utility>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/detail/try.hpp"
#include "sources/verdict_table.hpp"
#include "state/problem.hpp"

namespace quantconf::sources {
namespace {

/// Nobody waits longer than this for a note about a key.
constexpr std::chrono::milliseconds kBusyTimeout{2'000};

using Key = std::pair<quantbot::Provider, std::string>;

/// Which of two records has seen more: attempts are counted by the clock that does not jump.
const KeyRecord& newer(const KeyRecord& ours, const KeyRecord& theirs) {
    if (!ours.attempted) {
        return theirs;
    }
    if (!theirs.attempted) {
        return ours;
    }
    return elapsed(*theirs.attempted, *ours.attempted).value_or(Duration{}) > Duration{} ? ours : theirs;
}

bool needs_reopening(const Error& error) {
    return error.cause == state::Problem::Forked || error.cause == state::Problem::Replaced ||
           error.cause == state::Problem::ReadOnly;
}

}  // namespace

struct VerdictStore::Impl {
    Options options;
    mutable Mutex mutex;
    std::map<Key, KeyRecord> known QC_GUARDED_BY(mutex);
    std::optional<state::Database> database QC_GUARDED_BY(mutex);
    bool has_pruned QC_GUARDED_BY(mutex) = false;
    std::optional<Error> problem QC_GUARDED_BY(mutex);

    explicit Impl(Options chosen) : options{std::move(chosen)} {}

    Outcome<state::Database*> open() QC_REQUIRES(mutex) {
        if (!database) {
            QC_TRY(state::Database opened,
                   state::Database::open(
                       options.database,
                       {.access = options.may_create ? state::Access::Create : state::Access::WriteOrRead,
                        .busy_timeout = kBusyTimeout}));
            database.emplace(std::move(opened));
        }
        return &*database;
    }

    /// Runs `use(Database&)`, again with a fresh one if the old one is of no use any more; notes what went
    /// wrong.
    template <typename Use>
    void with_database(const Use& use) QC_REQUIRES(mutex) {
        if (options.database.empty()) {
            return;
        }
        for (int attempt = 0; attempt < 2; ++attempt) {
            Outcome<void> done = [&]() QC_REQUIRES(mutex) -> Outcome<void> {
                QC_TRY(state::Database * opened, open());
                return use(*opened);
            }();
            if (done) {
                problem.reset();
                return;
            }
            problem = std::move(done).error();
            database.reset();
            if (!needs_reopening(*problem)) {
                return;
            }
        }
    }

    KeyRecord& ours(const Key& key) QC_REQUIRES(mutex) {
        return known.try_emplace(key, KeyRecord{.source = key.first, .fingerprint = key.second})
            .first->second;
    }
};

VerdictStore::VerdictStore(Options options) : impl_{std::make_unique<Impl>(std::move(options))} {}
VerdictStore::~VerdictStore() = default;

KeyRecord VerdictStore::record(quantbot::Provider provider, const std::string& fingerprint,
                               const Verdict& verdict, const Moment& now, const Source& source,
                               Evidence evidence) {
    Impl& impl = *impl_;
    const MutexLock lock{impl.mutex};
    KeyRecord& ours = impl.ours({provider, fingerprint});
    if (!is_news(ours, verdict, now, source, evidence)) {
        return ours;
    }
    bool is_applied = false;
    impl.with_database([&](state::Database& database) QC_REQUIRES(impl.mutex) -> Outcome<void> {
        VerdictTable table{database};
        QC_TRY(state::Transaction transaction, database.begin());
        QC_TRY(const std::optional<KeyRecord> theirs, table.find(provider, fingerprint));
        const KeyRecord changed = apply(theirs ? newer(ours, *theirs) : ours, verdict, now, source, evidence);
        Outcome<void> done = table.put(changed);
        done = done ? table.use(impl.options.environment, provider, fingerprint, now.wall) : done;
        if (done && !impl.has_pruned) {
            done = table.prune(now.wall);
        }
        done = done ? transaction.commit() : done;
        if (done) {
            impl.has_pruned = true;
            ours = changed;
            is_applied = true;
        }
        return done;
    });
    if (!is_applied) {
        ours = apply(std::move(ours), verdict, now, source, evidence);
    }
    return ours;
}

KeyRecord VerdictStore::find(quantbot::Provider provider, const std::string& fingerprint) {
    Impl& impl = *impl_;
    const MutexLock lock{impl.mutex};
    KeyRecord& ours = impl.ours({provider, fingerprint});
    impl.with_database([&](state::Database& database) QC_REQUIRES(impl.mutex) -> Outcome<void> {
        QC_TRY(const std::optional<KeyRecord> theirs, VerdictTable{database}.find(provider, fingerprint));
        if (theirs) {
            ours = newer(ours, *theirs);
        }
        return {};
    });
    return ours;
}

std::optional<Error> VerdictStore::problem() const {
    const MutexLock lock{impl_->mutex};
    return impl_->problem;
}

}  // namespace quantconf::sources
