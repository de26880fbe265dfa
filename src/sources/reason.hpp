#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "secrets/redact.hpp"
#include "sources/answer_facts.hpp"

namespace quantconf::sources {

/// Of a reason, in code points.
inline constexpr std::size_t kReasonMax = 160;

/// A text of somebody else, fit to be shown: one line, valid UTF-8, no control or invisible characters, at
/// most kReasonMax long, known secrets taken out by value and unknown ones by their looks.
[[nodiscard]] std::string shown_reason(std::string_view text, const secrets::Redactor& redactor);

/// What looks like a key, known or not: what stands behind "API key as" or "key provided:", long mixtures of
/// letters and digits, and what is starred in the middle.
[[nodiscard]] std::string without_likely_keys(std::string_view text);

/// The sentence of an answer that says most about what is wrong; empty if there is none.
[[nodiscard]] std::string_view best_words(const Facts& facts);

/// A reason that has been made with shown_reason, and behind it, whatever its length, the whole of `note`,
/// which is our own and shorter than kReasonMax.
[[nodiscard]] std::string with_note(std::string reason, std::string_view note);

}  // namespace quantconf::sources
