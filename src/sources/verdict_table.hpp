#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "quantconf/environment.hpp"
#include "quantconf/error.hpp"
#include "quantconf/quantbot/rate_limit.hpp"
#include "sources/key_state.hpp"
#include "state/database.hpp"

namespace quantconf::sources {

/// How long a key that nobody asks about any more is remembered.
inline constexpr std::chrono::days kKeyMemory{90};

/// The records of keys in state.db. One thread at a time; any number of processes. Rows that are not as we
/// wrote them count as none: the next check writes them anew.
class VerdictTable {
public:
    /// Outlives it.
    explicit VerdictTable(state::Database& database) noexcept : database_{database} {}

    [[nodiscard]] Outcome<std::optional<KeyRecord>> find(quantbot::Provider source,
                                                         std::string_view fingerprint);
    /// Those of the keys that an environment was last seen to use, one for each source at most.
    [[nodiscard]] Outcome<std::vector<KeyRecord>> in_use(Environment environment);

    /// Inside a transaction of the caller's, so that what was read is still so when it is written.
    [[nodiscard]] Outcome<void> put(const KeyRecord& record);
    [[nodiscard]] Outcome<void> use(Environment environment, quantbot::Provider source,
                                    std::string_view fingerprint, Time now);
    /// Forgets keys whose last attempt is older than kKeyMemory.
    [[nodiscard]] Outcome<void> prune(Time now);

private:
    state::Database& database_;
};

}  // namespace quantconf::sources
