#pragma once

#include <optional>
#include <string_view>

#include "quantconf/types.hpp"

namespace quantconf::sources {

/// "Please try again in 20s." "in 6m0s" "Retry after 1.5 seconds" "wait 2 minutes and 30 seconds" "try again
/// in about an hour". Only behind words that ask for a pause: "100 requests in 24 hours" is none. Nothing if
/// there is no such pause, or it is longer than kResetMax.
[[nodiscard]] std::optional<Duration> wait_in_text(std::string_view text);

}  // namespace quantconf::sources
