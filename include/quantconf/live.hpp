#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "quantconf/environment.hpp"

namespace quantconf {

namespace live {
struct ChosenKey;
}  // namespace live

/// Names a version for ever: 1, 2, 3, ... over all environments of a state folder. Eight bytes, to be stamped
/// on orders and log lines. 0: nothing is recorded, because no history is kept.
using VersionNumber = std::uint64_t;

/// What a program does about a secret that the store does not have.
enum class OnMissingSecret : std::uint8_t {
    Refuse,  ///< open() fails and names every one; a reload keeps the last good version.
    Absent,  ///< A warning, and the field is empty. The literal "SECURE:..." is never handed out.
};

/// How much of the history is kept. What is live in any process, the newest version of each environment, the
/// parents of both, and what a kept version was rolled back to stay whatever their age and number. Where
/// several programs share a state folder, the one that keeps least decides.
struct Retention {
    std::size_t versions = 10'000;         ///< The newest ones, whatever their age.
    std::chrono::days age{400};            ///< Of those before them: the ones that are younger.
    std::size_t most = 100'000;            ///< However young they are.
    std::size_t publications = 1'000'000;  ///< Of processes that have ended: the newest.
};

/// How a configuration is opened and kept up to date. Every member has a default that suits a program with a
/// folder `config` beside it.
struct OpenOptions {
    /// "production" or "prod"; without it <PREFIX>_ENVIRONMENT, ENVIRONMENT or ENV choose, else development.
    std::optional<std::string> environment{};
    std::filesystem::path config_dir = "config";
    /// Watch the files and reload by itself. Without it, reload() is what looks at them; and as there is no
    /// thread that could give a sign of life, other hosts and containers take a manager for ended that nobody
    /// has asked for anything in a day.
    bool auto_reload = true;
    /// How long nothing may have changed before a reload. From 0; at most one minute.
    std::chrono::milliseconds debounce{30};
    /// Files are looked at this often although nobody said that they changed: network file systems do not say
    /// it.
    std::chrono::milliseconds poll{5'000};
    /// "path=value", as of a command line's --set; later ones win.
    std::vector<std::string> settings{};
    /// "NAME=value" texts. Without them, the environment of this process as it was when open() was called.
    std::optional<std::vector<std::string>> variables{};
    bool use_dotenv = true;
    /// Where state.db and the secrets lie. Empty: QUANTCONF_STATE_DIR, else <config_dir>/.quantconf, or,
    /// where that cannot be written, $XDG_STATE_HOME/quantconf/<app>-<hash>.
    std::filesystem::path state_dir{};
    /// The file of the master key. Empty: QUANTCONF_KEY_FILE, a systemd credential, else
    /// $XDG_CONFIG_HOME/quantconf/<store>.key.
    std::filesystem::path key_file{};
    /// For programs of this project alone, which may have been given the key by a descriptor or a person.
    std::shared_ptr<const live::ChosenKey> chosen_key{};
    /// Record versions in state.db and take part in the process table. Without it, versions have the number
    /// 0, and nothing is written anywhere.
    bool keep_history = true;
    /// What of it is forgotten, now and then. Tools forget nothing.
    Retention retention{};
    OnMissingSecret missing_secrets = OnMissingSecret::Refuse;
    /// If the files are broken at the start, take the last version of this environment from the history, with
    /// health degraded, instead of refusing.
    bool start_from_last_good = false;
};

/// One leaf that differs between two versions. Texts are as shown to people: secrets as their reference.
struct ConfigChange {
    enum class Kind : std::uint8_t { Added, Removed, Changed };

    std::string path;
    Kind kind = Kind::Changed;
    std::string from;
    std::string to;

    friend bool operator==(const ConfigChange&, const ConfigChange&) = default;
};

using ConfigChanges = std::vector<ConfigChange>;

/// A version that readers see.
struct VersionLabel {
    VersionNumber number = 0;
    std::string hash;  ///< SHA-256 of what readers see, 64 hexadecimal digits.
    Environment environment = Environment::Development;
    std::chrono::sys_time<std::chrono::microseconds> loaded{};  ///< When this process published it.
};

/// How far a change at run time reaches.
enum class Scope : std::uint8_t {
    Process,  ///< This manager alone, in memory; ends with it.
    Shared,   ///< Every process of the bot: a layer in the state folder that all of them watch, kept until
              ///< cleared.
};

struct UpdateOptions {
    std::string reason{};  ///< Recorded. At most 1,000 bytes.
    Scope scope = Scope::Process;
    /// Write the change into the file of this environment instead, comments kept; a restart loads it too.
    bool persist = false;
    /// Who is recorded; empty: the user that this process runs as.
    std::string author{};
};

struct ReloadOptions {
    /// A layer that had content and is empty or gone is meant to be. Otherwise that is refused, because an
    /// editor or a copy may have been caught in the middle.
    bool accept_missing = false;
};

struct RollbackOptions {
    std::string reason{};
    std::string author{};
    bool dry_run = false;  ///< Say what would change, and change nothing.
};

/// The value of one path in an update: a number, a text, a boolean, or a list of texts. nullopt takes the
/// override of that path away again.
class SettingValue {
public:
    SettingValue(bool value) : text_{value ? "true" : "false"} {}  // NOLINT(google-explicit-constructor)
    template <std::integral T>
    SettingValue(T value) : text_{std::to_string(value)} {}       // NOLINT(google-explicit-constructor)
    SettingValue(double value);                                   // NOLINT(google-explicit-constructor)
    SettingValue(std::string value) : text_{std::move(value)} {}  // NOLINT(google-explicit-constructor)
    SettingValue(const char* value) : text_{value} {}             // NOLINT(google-explicit-constructor)
    SettingValue(std::nullopt_t /*none*/) : text_{} {}            // NOLINT(google-explicit-constructor)

    /// As it would be written behind `--set PATH=`; nothing: take the override away.
    [[nodiscard]] const std::optional<std::string>& text() const noexcept { return text_; }

private:
    std::optional<std::string> text_;
};

struct Setting {
    std::string path;
    SettingValue value;
};

/// What a change has come to.
struct ChangeReport {
    VersionLabel version;   ///< The version that is live now.
    ConfigChanges changes;  ///< Against what was live before; empty: nothing was to be done.
    /// Paths whose new value waits for a restart: readers keep the old one.
    std::vector<std::string> pending;
};

/// How a manager learns that its files have changed.
enum class Following : std::uint8_t {
    Off = 0,       ///< Not at all (auto_reload is off): its program says when it looks at them.
    Active = 1,    ///< The kernel tells it.
    Starting = 2,  ///< It has just begun.
    Polling = 3,   ///< The kernel refuses to tell it: it looks now and then.
};

/// The state of one manager, for health checks.
struct LiveHealth {
    VersionLabel version;
    bool last_reload_ok = true;
    std::string last_error;  ///< Why the last reload was refused; no secrets.
    std::optional<std::chrono::sys_time<std::chrono::microseconds>> failing_since{};
    bool watcher_active = false;           ///< following == Following::Active.
    Following following = Following::Off;  ///< Tells one that was never wanted from one that broke.
    bool history_ok = true;
    std::string history_error;
    /// state.db was lost or replaced while this manager ran, and the history goes on behind a gap: the words
    /// that are recorded there. Empty: no such thing.
    std::string history_break;
    std::vector<std::string> pending;
    /// Paths that are empty because the store has no such secret, or because of `closed_store`.
    std::vector<std::string> missing_secrets;
    /// Why the store could not be opened, where the program can do without.
    std::optional<Diagnostic> closed_store{};
    std::uint64_t reloads = 0;    ///< Attempts since open().
    std::uint64_t unchanged = 0;  ///< Of those, the ones that found nothing new.
    std::uint64_t failed = 0;
    std::uint64_t callback_failures =
        0;                        ///< Subscribers that threw or missed their deadline after a publication.
    std::size_t overrides = 0;    ///< Paths that this process has changed for itself.
    bool from_last_good = false;  ///< The files were broken at the start, and still are.
};

}  // namespace quantconf
