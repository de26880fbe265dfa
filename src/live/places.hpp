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
///
/// Whoever has a history there goes on with it, also where another user has made <config_dir>/.quantconf
/// meanwhile: that could not be used, because a state folder belongs to one user.
[[nodiscard]] std::filesystem::path default_state_dir(const std::filesystem::path& config_dir,
                                                      const std::vector<std::string>& variables,
                                                      std::string_view app);

/// $XDG_STATE_HOME, else ~/.local/state; and the folder above it that is never made, but has to be there.
struct StateHome {
    std::filesystem::path folder;
    std::filesystem::path existing;
};
/// Nothing without a HOME.
[[nodiscard]] std::optional<StateHome> state_home(const std::vector<std::string>& variables);

/// $XDG_CONFIG_HOME/quantconf, where keys and their marks lie; nothing without a HOME.
[[nodiscard]] std::optional<std::filesystem::path> default_key_folder(
    const std::vector<std::string>& variables);

/// The key that is chosen by variables: QUANTCONF_KEY_FILE, else the credential in CREDENTIALS_DIRECTORY.
/// Never a guess between the two: the first that is set is the one.
[[nodiscard]] std::optional<secrets::KeySource> key_named_by(const std::vector<std::string>& variables);

/// As far as it exists with its links followed; absolute.
[[nodiscard]] std::filesystem::path real_path(const std::filesystem::path& path);

}  // namespace quantconf::live
