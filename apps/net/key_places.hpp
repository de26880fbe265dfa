#pragma once

#include <optional>
#include <string>

#include "apps/quantconf/session.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/quantbot.hpp"

namespace quantconf::app {

/// Where the configuration says that the keys of the sources are: what somebody has to know whose key is
/// missing or bad.
class KeyPlaces {
public:
    /// `sources`: as they are resolved. `closed_store`: why no secret could be read at all, if so.
    KeyPlaces(CandidatePointer candidate, quantbot::DataSources sources,
              std::optional<Diagnostic> closed_store)
        : candidate_{std::move(candidate)},
          sources_{std::move(sources)},
          closed_store_{std::move(closed_store)} {}

    /// Why a source has no key, or half of one: "data_sources.gnews_key is not set".
    [[nodiscard]] std::string why_missing(quantbot::Provider provider) const;
    /// What to do about it.
    [[nodiscard]] std::string how_to_set(quantbot::Provider provider) const;
    /// What to do about a key that the provider has refused.
    [[nodiscard]] std::string how_to_replace(quantbot::Provider provider) const;

    /// Why nobody knows whether this source has a key: it is in a store that does not open.
    [[nodiscard]] const Diagnostic* behind_a_closed_door(quantbot::Provider provider) const;

private:
    /// Where the part of its key belongs that is missing; the key itself if none is.
    [[nodiscard]] std::string_view path_of(quantbot::Provider provider) const;
    /// "polygon_key" of SECURE:polygon_key; nothing if the configuration refers to no secret there.
    [[nodiscard]] std::optional<std::string> secret_at(std::string_view path) const;

    CandidatePointer candidate_;
    quantbot::DataSources sources_;
    std::optional<Diagnostic> closed_store_;
};

}  // namespace quantconf::app
