#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "quantconf/schema.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// What an answer of a provider says about the key that it was asked with.
enum class KeyStatus : std::uint8_t {
    Valid,           ///< The key was accepted; also where the question itself was wrong or has no data.
    Invalid,         ///< The provider does not know it.
    Expired,         ///< It was good once: expired, disabled, suspended, locked.
    RateLimited,     ///< Too many requests in a short window; waiting helps.
    QuotaExhausted,  ///< A day's or a month's requests, or the money, are used up.
    NotEntitled,     ///< The key is fine, the plan does not include this.
    Unreachable,     ///< No answer, a broken one of the network, or a block in front of the provider.
    Unknown,         ///< An answer that proves nothing.
};

/// What an answer says, in full. Says nothing that could be part of a key: `reason` is our wording or the
/// provider's with every secret taken out.
struct Verdict {
    KeyStatus status = KeyStatus::Unknown;
    std::string
        detail{};  ///< One word that says more, such as "missing", "no_data", "blocked"; may be empty.
    std::string reason{};  ///< For people, one line of at most 160 characters.
    std::string hint{};    ///< What to do about it; empty where nobody can say.
    /// How long the provider wants to be left alone, whether by header, by its words or by what is known
    /// of it.
    std::optional<Duration> wait{};
    /// What its headers say about the window they describe; nothing if they say nothing.
    std::optional<std::int64_t> limit{};
    std::optional<std::int64_t> remaining{};
    std::optional<Duration> reset{};  ///< From now on.

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

}  // namespace quantconf::sources

template <>
struct quantconf::EnumTable<quantconf::sources::KeyStatus> {
    using S = sources::KeyStatus;
    static constexpr std::array names = {
        EnumName{S::Valid, "valid"},
        EnumName{S::Invalid, "invalid"},
        EnumName{S::Expired, "expired"},
        EnumName{S::RateLimited, "rate_limited"},
        EnumName{S::QuotaExhausted, "quota_exhausted"},
        EnumName{S::NotEntitled, "not_entitled"},
        EnumName{S::Unreachable, "unreachable"},
        EnumName{S::Unknown, "unknown"},
    };
};
