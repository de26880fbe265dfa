#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/anchor.hpp"
#include "audit/record.hpp"
#include "state/database.hpp"

namespace quantconf::audit {

/// Is every record what its writer wrote, where its writer wrote it?
enum class Integrity : std::uint8_t { Holds, Broken };

/// Is anything missing at the end?
enum class Completeness : std::uint8_t {
    UpToAnchor,  ///< Nothing up to the anchor. What came after it and was cut off leaves no trace.
    Unknown,     ///< There is no anchor to compare with, or integrity is broken before it.
    Broken,      ///< The chain ends before the anchor, or another record stands in its place.
};

/// Two verdicts, and what is needed to act on them.
struct Verdicts {
    Integrity integrity = Integrity::Holds;
    Completeness completeness = Completeness::Unknown;
    std::optional<Seq> first_bad;  ///< The first record that is missing or not what it was.
    std::string reason;            ///< What is wrong with it; empty if nothing is.
    Anchor head;                   ///< The last record that holds.
    std::uint64_t records = 0;     ///< That hold.
    std::uint64_t unsealed = 0;    ///< Of those: without key, with no keyed record behind them.
    std::uint64_t sealed = 0;      ///< Of those: without key, sealed later.
    std::vector<Seq> unfinished;   ///< Intents without a result.

    [[nodiscard]] bool is_good() const {
        return integrity == Integrity::Holds && completeness != Completeness::Broken;
    }
};

/// Reads the whole chain. An Error only if the database cannot be read.
[[nodiscard]] Outcome<Verdicts> verify(state::Database& database, std::string_view key,
                                       const std::optional<Anchor>& anchor);

}  // namespace quantconf::audit
