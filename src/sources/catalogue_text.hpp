#pragma once

#include <string_view>

namespace quantconf::sources {

/// src/sources/catalogue.yaml, compiled in; the build makes this function (cmake/embed_text.cmake).
[[nodiscard]] std::string_view catalogue_text();

}  // namespace quantconf::sources
