#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "quantconf/schema.hpp"

/// What must not be shown although nobody has typed it yet.
namespace quantconf::layers {

/// Whether the field is a secret or has one anywhere below.
[[nodiscard]] bool contains_secret(const Field& field);

/// Whether a text of a secret field may be shown because it only names a secret of the store. Keys are pasted
/// behind the prefix, so what is not exactly a reference is none.
[[nodiscard]] bool is_secret_reference(std::string_view text);

/// The names of all secret fields, old spellings included, in lower case.
[[nodiscard]] std::vector<std::string> secret_names(const Schema& schema);

/// Conceals what probably is a secret in a text that could not be parsed, so that a message may still show
/// the line of the mistake: whatever follows a key that is named, or nearly named, like a secret field of the
/// schema.
void conceal_likely_secrets(Source& source, const std::vector<std::string>& names);

}  // namespace quantconf::layers
