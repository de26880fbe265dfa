#pragma once

#include <span>
#include <string_view>

namespace quantconf::app {

/// A text file of the source tree, compiled into the program by cmake/embed.cmake.
struct EmbeddedFile {
    std::string_view name;
    std::string_view text;
};

/// examples/config: what `quantconf init` writes.
[[nodiscard]] std::span<const EmbeddedFile> embedded_examples();
/// apps/quantconf/completion, with @NAMES@ still to be filled in.
[[nodiscard]] std::span<const EmbeddedFile> embedded_completions();

}  // namespace quantconf::app
