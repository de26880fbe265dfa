#pragma once

#include <string_view>
#include <vector>

#include "quantconf/schema.hpp"
#include "sources/catalogue.hpp"

namespace quantconf::sources {

/// The built-in text with `overrides` merged over it, typed, checked and decoded. Empty: the text alone.
[[nodiscard]] Checked<Catalogue> read_catalogue(std::string_view overrides, std::string_view file_name);

/// The file as a schema. Not proved at start: a test does.
[[nodiscard]] const Schema& catalogue_schema();

/// What the types of the fields cannot say: patterns that can be compiled, a base that is one of the hosts.
[[nodiscard]] std::vector<quantconf::Rule> catalogue_rules();

}  // namespace quantconf::sources
