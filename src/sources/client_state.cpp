#include "sources/client_state.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "sources/query_check.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMegabyte = 1'000'000;

/// Everything that an answer depends on, and no secret. Another key may have another plan.
std::string cache_key(const Configured& configured, const Query& query) {
    const Question question{.path = query.path, .parameters = query.parameters};
    return fmt::format("{}\n{}\n{}\n{}", configured.source->name,
                       configured.settings.endpoint.value_or(configured.source->base), configured.fingerprint,
                       target_of(question));
}

}  // namespace

bool may_be_bridged(const Verdict& verdict) {
    switch (verdict.status) {
        case KeyStatus::Unreachable:
        case KeyStatus::RateLimited:
        case KeyStatus::QuotaExhausted:
            return verdict.detail != "cancelled";
        default:
            return false;
    }
}

bool refuses_the_question(const Verdict& verdict) {
    return verdict.detail == "bad_request";
}

bool Answer::has_data() const noexcept {
    return verdict.status == KeyStatus::Valid && !refuses_the_question(verdict) && http_status >= 200 &&
           http_status < 300;
}

ClientState::ClientState(Surroundings surroundings, int reserve_percent)
    : surroundings_{std::move(surroundings)}, reserve_percent_{reserve_percent}, cache_{0} {
    for (std::size_t i = 0; i < kProviders; ++i) {
        sources_[i] = std::make_unique<GovernedSource>(static_cast<Provider>(i), surroundings_);
    }
}

GovernedSource& ClientState::source(Provider provider) {
    return *sources_.at(static_cast<std::size_t>(provider));
}

const GovernedSource& ClientState::source(Provider provider) const {
    return *sources_.at(static_cast<std::size_t>(provider));
}

std::shared_ptr<const quantbot::Config> ClientState::config() const {
    const MutexLock lock{mutex_};
    return config_;
}

std::shared_ptr<const Catalogue> ClientState::catalogue() const {
    const MutexLock lock{mutex_};
    return catalogue_;
}

void ClientState::configure(std::shared_ptr<const quantbot::Config> config,
                            std::shared_ptr<const Catalogue> catalogue) {
    {
        // All at once: a ledger may be slow to open (whoever holds its file may be stopped), which concerns
        // nobody but its own source.
        std::vector<std::jthread> configuring;
        for (const auto& source : sources_) {
            configuring.emplace_back([this, &config, &catalogue, source = source.get()] {
                SourceSettings settings = settings_of(*config, source->provider());
                settings.limits.reserve_percent = reserve_percent_;
                source->configure(std::move(settings), config->environment, catalogue);
            });
        }
    }
    cache_.set_capacity(
        config->cache_enabled ? static_cast<std::size_t>(config->cache_max_size_mb) * kMegabyte : 0);
    surroundings_.gate.set_places(static_cast<std::size_t>(config->max_concurrent_requests));
    const MutexLock lock{mutex_};
    config_ = std::move(config);
    catalogue_ = std::move(catalogue);
}

Duration ClientState::max_age_of(const std::optional<Duration>& wanted) const {
    const auto now = config();
    return now->cache_enabled ? wanted.value_or(std::chrono::seconds{now->cache_ttl_seconds}) : Duration{};
}

std::optional<Answer> ClientState::from_cache(const std::string& key, Provider provider, Duration max_age) {
    const Duration now = surroundings_.timeline.since_boot();
    const auto kept = cache_.find(key, now, max_age);
    if (kept == nullptr) {
        return std::nullopt;
    }
    return Answer{.source = provider,
                  .verdict = kept->verdict,
                  .http_status = kept->http_status,
                  .content_type = kept->content_type,
                  .body = kept->body,
                  .as_of = kept->as_of,
                  .age = now - kept->received,
                  .from_cache = true};
}

std::optional<Answer> ClientState::stale(Provider provider, const std::string& path, Duration max_age) {
    auto kept = from_cache(cache_key(*source(provider).configured(), {.path = path}), provider, max_age);
    if (kept) {
        kept->is_stale = true;
    }
    return kept;
}

Answer ClientState::get(const Query& query) {
    GovernedSource& source = this->source(query.source);
    const auto configured = source.configured();
    if (auto mistake = mistake_in(query, configured->settings.limits)) {  // Others may fly with us.
        return Answer{.source = query.source, .verdict = *std::move(mistake)};
    }
    const Duration max_age = max_age_of(query.max_age);
    if (query.post || max_age <= 0ns) {
        return source.run(query);
    }
    const Duration began = surroundings_.timeline.since_boot();
    const std::string key = cache_key(*configured, query);
    if (auto kept = from_cache(key, query.source, max_age)) {
        return *std::move(kept);
    }
    const Duration patience = std::max(query.deadline.value_or(configured->settings.timeout), Duration{});
    auto answer = flights_.join(key, patience, query.stop, [&] {
        Query own = query;  // Who has waited for somebody else's flight has less time left for his own.
        own.deadline = patience - (surroundings_.timeline.since_boot() - began);
        Answer fresh = source.run(own);
        if (fresh.has_data()) {
            cache_.put(key, std::make_shared<const KeptAnswer>(
                                KeptAnswer{.verdict = fresh.verdict,
                                           .http_status = fresh.http_status,
                                           .content_type = fresh.content_type,
                                           .body = fresh.body,
                                           .as_of = fresh.as_of,
                                           .received = surroundings_.timeline.since_boot()}));
        }
        return fresh;
    });
    if (!answer) {
        const bool is_stopped = query.stop.stop_requested();
        answer = Answer{
            .source = query.source,
            .verdict = {.status = KeyStatus::Unreachable,
                        .detail = is_stopped ? "cancelled" : "deadline",
                        .reason = is_stopped ? "the request was taken back" : "the deadline has passed"}};
    }
    if (!answer->has_data() && query.stale_if_error > 0ns && may_be_bridged(answer->verdict)) {
        if (auto kept = from_cache(key, query.source, query.stale_if_error)) {
            kept->is_stale = true;
            kept->verdict.reason = fmt::format("kept, because it failed: {}", answer->verdict.reason);
            kept->attempts = answer->attempts;
            kept->cost = answer->cost;
            kept->waited = answer->waited;
            answer = std::move(kept);
        }
    }
    answer->took = surroundings_.timeline.since_boot() - began;
    return *std::move(answer);
}

}  // namespace quantconf::sources
