#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "layers/load.hpp"
#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "quantconf/schema.hpp"

/// What every update asks, wherever its values go.
namespace quantconf::live {

/// Nothing to set, or a reason or an author above its limit.
[[nodiscard]] std::optional<Error> check_request(std::span<const Setting> settings, const std::string& reason,
                                                 const std::string& author);

/// Where a path leads today.
[[nodiscard]] std::string current_path(const Schema& schema, const std::string& path);

/// The name of the layer whose value of `path` wins, and how it is called.
[[nodiscard]] std::pair<std::string, std::string> winner_of(const layers::Candidate& candidate,
                                                            std::string_view path);

/// `by` wins over what would be written into `file`.
[[nodiscard]] Diagnostic shadowed(const std::string& path, const std::string& file, const std::string& by);

}  // namespace quantconf::live
