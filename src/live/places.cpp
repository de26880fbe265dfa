#include "live/places.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/sha256.hpp"

namespace quantconf::live {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCredentialName = "qc-master";
constexpr std::size_t kHashLetters = 16;

/// A folder as the XDG base directories have it: absolute, or below HOME.
std::optional<fs::path> base_directory(const std::vector<std::string>& variables, std::string_view name,
                                       const char* below_home) {
    const fs::path chosen = variable(variables, name);
    if (chosen.is_absolute()) {
        return chosen;
    }
    const fs::path home = variable(variables, "HOME");
    return home.is_absolute() ? std::optional{home / below_home} : std::nullopt;
}

bool belongs_to_another(const fs::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 && status.st_uid != ::geteuid();
}

bool has_state(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "state.db", ignored) || fs::exists(folder / "secrets.qcs", ignored);
}

}  // namespace

std::string variable(const std::vector<std::string>& variables, std::string_view name) {
    for (const std::string_view entry : variables) {
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
            return std::string{entry.substr(name.size() + 1)};
        }
    }
    return {};
}

fs::path real_path(const fs::path& path) {
    std::error_code problem;
    // Absolute first: what does not exist would stay relative, and a message has to say where it was looked
    // for.
    fs::path real = fs::weakly_canonical(fs::absolute(path, problem), problem);
    return problem ? fs::absolute(path, problem) : real;
}

fs::path default_state_dir(const fs::path& config_dir, const std::vector<std::string>& variables,
                           std::string_view app) {
    if (const std::string chosen = variable(variables, "QUANTCONF_STATE_DIR"); !chosen.empty()) {
        return real_path(chosen);
    }
    const fs::path folder = real_path(config_dir);
    const fs::path beside = folder / ".quantconf";
    std::error_code ignored;
    const bool is_there = fs::exists(beside, ignored);
    const bool is_ours = is_there ? !belongs_to_another(beside)
                                  : !fs::exists(folder, ignored) || ::access(folder.c_str(), W_OK) == 0;
    const auto home = is_ours ? std::nullopt : state_home(variables);
    if (!home) {
        return beside;
    }
    fs::path own = home->folder / "quantconf" /
                   fmt::format("{}-{}", app, crypto::sha256_hex(folder.string()).substr(0, kHashLetters));
    return is_there && !has_state(own) ? beside : own;
}

std::optional<StateHome> state_home(const std::vector<std::string>& variables) {
    const auto base = base_directory(variables, "XDG_STATE_HOME", ".local/state");
    if (!base) {
        return std::nullopt;
    }
    // No link on the way to the state: it would be refused there.
    const fs::path home = real_path(variable(variables, "HOME"));
    const fs::path folder = real_path(*base);
    const bool is_below_home = fs::path{variable(variables, "HOME")}.is_absolute() &&
                               std::ranges::mismatch(home, folder).in1 == home.end();
    return StateHome{.folder = folder, .existing = is_below_home ? home : folder.parent_path()};
}

std::optional<fs::path> default_key_folder(const std::vector<std::string>& variables) {
    const auto base = base_directory(variables, "XDG_CONFIG_HOME", ".config");
    return base ? std::optional{*base / "quantconf"} : std::nullopt;
}

std::optional<secrets::KeySource> key_named_by(const std::vector<std::string>& variables) {
    if (const std::string file = variable(variables, "QUANTCONF_KEY_FILE"); !file.empty()) {
        return secrets::KeyFile{real_path(file), "$QUANTCONF_KEY_FILE names it"};
    }
    const fs::path credentials = variable(variables, "CREDENTIALS_DIRECTORY");
    if (std::error_code ignored; !credentials.empty() && fs::exists(credentials / kCredentialName, ignored)) {
        return secrets::SystemdCredential{credentials};
    }
    return std::nullopt;
}

}  // namespace quantconf::live
