#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "audit/row.hpp"
#include "quantconf/error.hpp"
#include "state/database.hpp"

namespace quantconf::audit {

/// An intent, and what became of it.
struct ProvedIntent {
    Seq seq = 0;
    Record record;
    std::optional<Result> result;  ///< Nothing: the log has none.
};

/// The intents of keyed writers, newest first, for who decides something by them: whoever can write the file
/// can append records without the key, and none of those is believed here, neither as an intent nor as a
/// result. Without a key at hand, what calls itself keyed is. `visit` says whether it wants another one.
[[nodiscard]] Outcome<void> walk_proved_intents(state::Database& database,
                                                std::optional<std::string_view> key,
                                                const std::function<bool(const ProvedIntent&)>& visit);

}  // namespace quantconf::audit
