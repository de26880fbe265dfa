#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quantconf::app {

/// "there is no command "chekc"" for a word that is like something we know, else "there is no such command":
/// it may be a key that was pasted in the wrong place, and what we print ends in logs.
[[nodiscard]] std::string no_such(std::string_view kind, std::string_view word, bool is_like_known);

/// A configuration path or the name of a variable as far as it can be one: nothing from `=`, `:` or a blank
/// on, because a value may follow it.
[[nodiscard]] std::string_view name_part(std::string_view word);

/// A hint at the one of `words` that may have been meant by another: "did you mean rm?", also where other
/// programs call it by that other word. Empty: none is near.
[[nodiscard]] std::string meant_instead(const std::string& word, const std::vector<std::string>& words);

/// Whether the text is what a key file contains, not the name of one: 44 characters of base64, of either
/// alphabet.
[[nodiscard]] bool looks_like_key(std::string_view text);

}  // namespace quantconf::app
