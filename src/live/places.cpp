#include "live/places.hpp"

#include <system_error>

#include <fmt/format.h>
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
    if (fs::exists(beside, ignored) || !fs::exists(folder, ignored) || ::access(folder.c_str(), W_OK) == 0) {
        return beside;
    }
    const auto base = base_directory(variables, "XDG_STATE_HOME", ".local/state");
    return base ? *base / "quantconf" /
                      fmt::format("{}-{}", app, crypto::sha256_hex(folder.string()).substr(0, kHashLetters))
                : beside;
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
