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
    /// `closed_store`: why no secret could be read at all, if so.
    KeyPlaces(CandidatePointer candidate, std::optional<Diagnostic> closed_store)
        : candidate_{std::move(candidate)}, closed_store_{std::move(closed_store)} {}

    /// Why a source has no key: "data_sources.gnews_key is not set".
    [[nodiscard]] std::string why_missing(quantbot::Provider provider) const;
    /// What to do about it.
    [[nodiscard]] std::string how_to_set(quantbot::Provider provider) const;
    /// What to do about a key that the provider has refused.
    [[nodiscard]] std::string how_to_replace(quantbot::Provider provider) const;

    /// Why nobody knows whether this source has a key: it is in a store that does not open.
    [[nodiscard]] const Diagnostic* behind_a_closed_door(quantbot::Provider provider) const;

private:
    /// "polygon_key" of SECURE:polygon_key; nothing if the configuration refers to no secret.
    [[nodiscard]] std::optional<std::string> secret_of(quantbot::Provider provider) const;

    CandidatePointer candidate_;
    std::optional<Diagnostic> closed_store_;
};

}  // namespace quantconf::app
