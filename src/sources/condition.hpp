#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/answer_facts.hpp"
#include "sources/classify.hpp"

namespace quantconf::sources {

/// An answer with everything that was found in it.
struct Seen {
    const net::Response& answer;
    const Asked& asked;
    Facts facts;
    int status = 0;       ///< The body's own where that is an error and HTTP's is none of the server's.
    std::string words{};  ///< As Condition::texts sees them.
    std::string raw{};    ///< The beginning of the body, lower case.
};

[[nodiscard]] Seen see(const Source& source, const Asked& asked, const net::Response& answer);

/// Whether all parts of the condition hold.
[[nodiscard]] bool holds(const Condition& condition, const Seen& seen);

/// As Condition::texts describes it: "You've exceeded  25 requests/day." -> "youve exceeded 25 requests day".
[[nodiscard]] std::string normalised(std::string_view text);

/// One pattern that matches a whole text if any of `patterns` matches somewhere in it.
[[nodiscard]] std::string any_of_pattern(std::span<const std::string> patterns);

/// Of a body, what is looked at for marks (Condition::raw) and for the words of a plain text.
inline constexpr std::size_t kRawBytesMax = std::size_t{256} * 1024;

}  // namespace quantconf::sources
