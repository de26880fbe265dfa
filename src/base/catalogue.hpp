#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "quantconf/code.hpp"

namespace quantconf {

/// Every enumerator of Code, by number.
[[nodiscard]] std::span<const Code> all_codes();

/// What we tell a person about a diagnostic code. docs/errors.md is made from this table.
struct CatalogueEntry {
    Code code;
    std::string_view name;     ///< "out of range".
    std::string_view meaning;  ///< What it says about the input, and why we refuse it.
    std::string_view example;  ///< Input that causes it, as YAML or shell.
    std::string_view remedy;   ///< What to do.
};

/// Every code, by number.
[[nodiscard]] std::span<const CatalogueEntry> catalogue();
/// "QC1203", "qc1203" or "1203".
[[nodiscard]] const CatalogueEntry* find_in_catalogue(std::string_view code);
/// Plain text for `quantconf explain QC1203`.
[[nodiscard]] std::string to_text(const CatalogueEntry& entry);
/// The whole of docs/errors.md.
[[nodiscard]] std::string catalogue_markdown();

}  // namespace quantconf
