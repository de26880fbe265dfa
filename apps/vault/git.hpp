#pragma once

#include <filesystem>
#include <optional>

namespace quantconf::app {

/// Whether git tracks a file. Nothing where there is no git, or the folder is no work tree.
[[nodiscard]] std::optional<bool> is_tracked_by_git(const std::filesystem::path& file);

}  // namespace quantconf::app
