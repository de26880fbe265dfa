#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/net/key_places.hpp"
#include "apps/quantconf/session.hpp"
#include "quantconf/sources.hpp"

namespace quantconf::app {

/// The configuration of this run and a client on top of it.
class OpenedClient {
public:
    /// What keeps it from being opened has been reported. A missing secret is a source without a key: the
    /// others can still be asked. Nothing is recorded but what is resolved from the store.
    [[nodiscard]] static Session::Result<std::unique_ptr<OpenedClient>> open(const Session& session);

    [[nodiscard]] sources::SourceClient& client() noexcept { return *client_; }
    [[nodiscard]] const KeyPlaces& places() const noexcept { return places_; }
    [[nodiscard]] bool has_key(sources::Provider provider) const;
    /// What a provider has sent, as it came, but for a key that it repeats; where it refuses the key also
    /// without what looks like one.
    [[nodiscard]] std::string printable(const sources::Answer& answer) const;

private:
    OpenedClient(ConfigManager<quantbot::Config> manager, KeyPlaces places)
        : manager_{std::move(manager)}, places_{std::move(places)} {}

    ConfigManager<quantbot::Config> manager_;
    KeyPlaces places_;
    std::optional<sources::SourceClient> client_;
};

/// Reports that the store does not open, where one of these sources has its key in it; nothing otherwise.
[[nodiscard]] std::optional<int> fail_if_store_is_closed(const Session& session, const OpenedClient& opened,
                                                         std::span<const sources::Provider> providers);

/// The sources that the operands name, all of them without any. A name that is none has been reported.
[[nodiscard]] Session::Result<std::vector<sources::Provider>> named_sources(
    const Session& session, std::span<const std::string> names);

/// "polygon".
[[nodiscard]] std::string_view name_of(sources::Provider provider);
/// "valid".
[[nodiscard]] std::string_view word_for(sources::KeyStatus status);
/// Coloured by how good it is.
[[nodiscard]] std::string painted(const Terminal& terminal, sources::KeyStatus status, std::string_view text);
/// "3h 20m", "45s", "120ms": at most two units, for people.
[[nodiscard]] std::string short_duration(Duration duration);

}  // namespace quantconf::app
