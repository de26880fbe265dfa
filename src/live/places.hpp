#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/key_source.hpp"

namespace quantconf::live {

/// The value of a variable in "NAME=value" texts; empty if it is not set.
[[nodiscard]] std::string variable(const std::vector<std::string>& variables, std::string_view name);

/// Where state.db and the secrets of a configuration lie if nobody says otherwise: QUANTCONF_STATE_DIR, else
/// <config_dir>/.quantconf, or, where that cannot be written, $XDG_STATE_HOME/quantconf/<app>-<hash of the
/// path>. Real paths.
[[nodiscard]] std::filesystem::path default_state_dir(const std::filesystem::path& config_dir,
                                                      const std::vector<std::string>& variables,
                                                      std::string_view app);

/// $XDG_CONFIG_HOME/quantconf, where keys and their marks lie; nothing without a HOME.
[[nodiscard]] std::optional<std::filesystem::path> default_key_folder(
    const std::vector<std::string>& variables);

/// The key that is chosen by variables: QUANTCONF_KEY_FILE, else the credential in CREDENTIALS_DIRECTORY.
/// Never a guess between the two: the first that is set is the one.
[[nodiscard]] std::optional<secrets::KeySource> key_named_by(const std::vector<std::string>& variables);

/// As far as it exists with its links followed; absolute.
[[nodiscard]] std::filesystem::path real_path(const std::filesystem::path& path);

}  // namespace quantconf::live
