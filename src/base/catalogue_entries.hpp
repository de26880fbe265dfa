#pragma once

#include <span>

#include "base/catalogue.hpp"

/// The chapters of the catalogue, one file each. catalogue() puts them together.
namespace quantconf::chapters {

[[nodiscard]] std::span<const CatalogueEntry> layers();      ///< QC10xx
[[nodiscard]] std::span<const CatalogueEntry> structure();   ///< QC11xx
[[nodiscard]] std::span<const CatalogueEntry> scalars();     ///< QC12xx
[[nodiscard]] std::span<const CatalogueEntry> keys();        ///< QC13xx and QC14xx
[[nodiscard]] std::span<const CatalogueEntry> variables();   ///< QC15xx
[[nodiscard]] std::span<const CatalogueEntry> references();  ///< QC16xx
[[nodiscard]] std::span<const CatalogueEntry> rules();       ///< QC170x and QC19xx
[[nodiscard]] std::span<const CatalogueEntry> edits();       ///< QC171x and QC172x

}  // namespace quantconf::chapters
