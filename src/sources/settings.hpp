#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "quantconf/quantbot.hpp"
#include "quantconf/secret.hpp"
#include "quota/breaker.hpp"
#include "quota/limits.hpp"
#include "quota/retry.hpp"

namespace quantconf::sources {

/// What a key consists of. Reddit's has two parts; every other has `key` alone.
struct Credentials {
    Secret key = {};     ///< Or the id of an OAuth2 client.
    Secret secret = {};  ///< Of an OAuth2 client.

    [[nodiscard]] bool empty() const noexcept { return key.empty(); }
};

/// Everything that the configuration says about one source.
struct SourceSettings {
    Credentials credentials = {};
    std::string credential_path = {};                ///< "data_sources.polygon_api_key", for messages.
    std::optional<std::string> endpoint = {};        ///< data_sources.endpoints.<source>.
    std::optional<std::string> token_endpoint = {};  ///< Reddit's reddit_token.
    quantbot::RateLimit rate_limit = {};             ///< As configured.
    quota::Limits limits = {};
    quota::RetryPolicy retry = {};
    quota::BreakerPolicy breaker = {};
    Duration timeout{};
};

[[nodiscard]] SourceSettings settings_of(const quantbot::Config& config, quantbot::Provider provider);

/// The credential of a source and the path that it stands at.
[[nodiscard]] Credentials credentials_of(const quantbot::DataSources& sources, quantbot::Provider provider);
[[nodiscard]] std::string_view credential_path_of(quantbot::Provider provider);
/// Where the part of a key stands that is not there; empty if it is whole.
[[nodiscard]] std::string_view missing_part_of(const Credentials& credentials, quantbot::Provider provider);
/// For how long the store has had this key; nothing if that is not known. Some providers refuse a key that is
/// younger than two hours.
[[nodiscard]] std::optional<Duration> age_of(const Secret& key, Time now);

/// How much longer than it is a rolling window is kept, because the provider counts when requests arrive and
/// we when they leave: 2 % of it, at least 50 ms, at most 1 s.
[[nodiscard]] Duration guard_of(Duration window);

/// What a rate limit means for the ledger.
[[nodiscard]] quota::Limits limits_of(const quantbot::RateLimit& rate_limit);

/// "polygon", as in the configuration.
[[nodiscard]] std::string_view name_of(quantbot::Provider provider);
[[nodiscard]] std::optional<quantbot::Provider> provider_of(std::string_view name);

}  // namespace quantconf::sources
