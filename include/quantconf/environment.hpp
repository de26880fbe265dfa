#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace quantconf {

/// The four sets of configuration that one bot has. There is no fifth: an unknown name is an error.
enum class Environment : std::uint8_t { Development, Staging, Production, Testing };

inline constexpr std::array kEnvironments = {Environment::Development, Environment::Staging,
                                             Environment::Production, Environment::Testing};

/// "development", "staging", "production" or "testing".
[[nodiscard]] std::string_view name_of(Environment environment) noexcept;

/// Reads a full name or one of the short forms dev, stage, prod, test, in any case of letters.
/// Nothing is guessed: any other text gives an empty result.
[[nodiscard]] std::optional<Environment> parse_environment(std::string_view text) noexcept;

}  // namespace quantconf
