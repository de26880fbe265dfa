#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/sources/client.hpp"
#include "quota/failover.hpp"
#include "sources/cache.hpp"
#include "sources/catalogue.hpp"
#include "sources/flights.hpp"
#include "sources/governed_source.hpp"
#include "sources/surroundings.hpp"

namespace quantconf::sources {

inline constexpr std::size_t kProviders = EnumTable<Provider>::names.size();

/// Failures that an older answer can stand in for. A key that is refused is none: somebody has to act.
[[nodiscard]] bool may_be_bridged(const Verdict& verdict);
/// Whether the source has said no to the question as it was asked, whatever it makes of the key. Some say so
/// with HTTP 200. To have nothing (`no_data`) is no refusal: an empty list is what was asked for.
[[nodiscard]] bool refuses_the_question(const Verdict& verdict);

/// All sources of one client, its cache and its groups: everything but threads and the network. Any thread.
class ClientState {
public:
    explicit ClientState(Surroundings surroundings, int reserve_percent = 0);

    /// Takes over a configuration, whole. Returns once the ledgers of new keys are open; meanwhile each
    /// source can be asked, by what is configured for it so far. One at a time.
    void configure(std::shared_ptr<const quantbot::Config> config, std::shared_ptr<const Catalogue> catalogue)
        QC_EXCLUDES(mutex_);

    [[nodiscard]] Answer get(const Query& query);
    [[nodiscard]] Answer ask(const GroupQuery& query);
    [[nodiscard]] SourceReport report(Provider provider) const;
    [[nodiscard]] GovernedSource& source(Provider provider);
    [[nodiscard]] const GovernedSource& source(Provider provider) const;
    [[nodiscard]] const Surroundings& surroundings() const noexcept { return surroundings_; }
    [[nodiscard]] std::shared_ptr<const quantbot::Config> config() const QC_EXCLUDES(mutex_);
    [[nodiscard]] std::shared_ptr<const Catalogue> catalogue() const QC_EXCLUDES(mutex_);
    [[nodiscard]] AnswerCache::Figures cache_figures() const { return cache_.figures(); }

private:
    [[nodiscard]] std::optional<Answer> from_cache(const std::string& key, Provider provider,
                                                   Duration max_age);
    /// What is kept of an earlier answer, marked as stale.
    [[nodiscard]] std::optional<Answer> stale(Provider provider, const std::string& path, Duration max_age);
    [[nodiscard]] Duration max_age_of(const std::optional<Duration>& wanted) const;
    [[nodiscard]] std::shared_ptr<quota::FailoverOrder> order_of(const std::string& capability)
        QC_EXCLUDES(mutex_);

    Surroundings surroundings_;
    int reserve_percent_;
    AnswerCache cache_;
    Flights flights_;
    std::array<std::unique_ptr<GovernedSource>, kProviders> sources_;
    mutable Mutex mutex_;
    std::shared_ptr<const quantbot::Config> config_ QC_GUARDED_BY(mutex_);
    std::shared_ptr<const Catalogue> catalogue_ QC_GUARDED_BY(mutex_);
    std::map<std::string, std::shared_ptr<quota::FailoverOrder>> orders_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::sources
