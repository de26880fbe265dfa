#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "apps/quantconf/session.hpp"
#include "secrets/key_source.hpp"

namespace quantconf::app {

/// Whether there is a store, whatever its condition.
[[nodiscard]] bool has_store(const Session& session);
/// Whether secrets are to be looked up: there is a store, there was one, its place was named, or nobody may
/// look. A store that is gone must not count as "nothing to look up": opening it says what is wrong.
[[nodiscard]] bool expects_store(const Session& session);
/// Makes the state folder, 0700, if it is not there.
[[nodiscard]] Outcome<void> make_state_dir(const std::filesystem::path& folder);

/// $XDG_CONFIG_HOME/quantconf, else ~/.config/quantconf; nothing without HOME.
[[nodiscard]] std::optional<std::filesystem::path> key_folder(const Session& session);
/// Whoever chose the key: --key-file, --key-fd, --passphrase, QUANTCONF_KEY_FILE, CREDENTIALS_DIRECTORY, or
/// nobody. Never a guess between several: the first that is set is the one.
[[nodiscard]] std::optional<secrets::KeySource> chosen_key(const Session& session);
/// The key of the store with this uuid: the chosen one, else <uuid>.key in key_folder().
[[nodiscard]] Outcome<secrets::KeySource> key_for(const Session& session, std::string_view uuid);

/// A variable of this process; empty if it is not set.
[[nodiscard]] std::string variable(const Session& session, std::string_view name);

}  // namespace quantconf::app
