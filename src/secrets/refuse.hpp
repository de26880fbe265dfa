#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <system_error>

#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// "cannot <operation> <path>: <cause>", and what to do about it.
[[nodiscard]] std::unexpected<Error> refuse(std::string operation, const std::filesystem::path& path,
                                            std::error_code cause, std::string hint = {});

/// The same for what the system said; where one of our own problems says it better, that one. Empty hint:
/// ours.
[[nodiscard]] std::unexpected<Error> refuse_errno(std::string operation, const std::filesystem::path& path,
                                                  int number, std::string hint = {});

}  // namespace quantconf::secrets
