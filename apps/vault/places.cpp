#include "apps/vault/places.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/utf8.hpp"
#include "crypto/sha256.hpp"
#include "secrets/ask_passphrase.hpp"
#include "secrets/problem.hpp"
#include "state/private_file.hpp"

namespace quantconf::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCredentialName = "qc-master";
constexpr std::size_t kHashLetters = 16;

/// A folder as the XDG base directories have it: absolute, or below HOME.
std::optional<fs::path> base_directory(const Session& session, std::string_view name,
                                       const char* below_home) {
    const fs::path chosen = variable(session, name);
    if (chosen.is_absolute()) {
        return chosen;
    }
    const fs::path home = variable(session, "HOME");
    return home.is_absolute() ? std::optional{home / below_home} : std::nullopt;
}

fs::path real_path(const fs::path& path) {
    std::error_code problem;
    // Absolute first: what does not exist would stay relative, and a message has to say where it was looked
    // for.
    fs::path real = fs::weakly_canonical(fs::absolute(path, problem), problem);
    return problem ? fs::absolute(path, problem) : real;
}

}  // namespace

std::string variable(const Session& session, std::string_view name) {
    for (const std::string_view entry : session.variables()) {
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
            return std::string{entry.substr(name.size() + 1)};
        }
    }
    return {};
}

fs::path state_dir(const Session& session) {
    if (session.arguments().state_dir) {
        return real_path(*session.arguments().state_dir);
    }
    if (const std::string chosen = variable(session, "QUANTCONF_STATE_DIR"); !chosen.empty()) {
        return real_path(chosen);
    }
    const fs::path folder = real_path(session.arguments().config_dir);
    const fs::path beside = folder / ".quantconf";
    std::error_code ignored;
    if (fs::exists(beside, ignored) || !fs::exists(folder, ignored) || ::access(folder.c_str(), W_OK) == 0) {
        return beside;
    }
    const auto base = base_directory(session, "XDG_STATE_HOME", ".local/state");
    return base ? *base / "quantconf" /
                      fmt::format("{}-{}", session.schema().options().app,
                                  crypto::sha256_hex(folder.string()).substr(0, kHashLetters))
                : beside;
}

fs::path store_file(const Session& session) {
    return state_dir(session) / "secrets.qcs";
}

bool has_store(const Session& session) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(store_file(session), ignored));
}

bool expects_store(const Session& session) {
    if (session.arguments().state_dir || !variable(session, "QUANTCONF_STATE_DIR").empty()) {
        return true;
    }
    const fs::path folder = state_dir(session);
    return std::ranges::any_of(std::array{"secrets.qcs", "secrets.qcs.prev", "secrets.lock", "state.db"},
                               [&folder](const char* name) {
                                   std::error_code cannot_tell;
                                   return fs::symlink_status(folder / name, cannot_tell).type() !=
                                          fs::file_type::not_found;
                               });
}

Outcome<void> make_state_dir(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder.parent_path(), problem);
    if (problem) {
        return std::unexpected{Error{"create", folder.parent_path().string(), problem, {}}};
    }
    return state::ensure_private_folder(folder);
}

std::optional<fs::path> key_folder(const Session& session) {
    const auto base = base_directory(session, "XDG_CONFIG_HOME", ".config");
    return base ? std::optional{*base / "quantconf"} : std::nullopt;
}

std::optional<secrets::KeySource> chosen_key(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (arguments.key_file) {
        return secrets::KeyFile{real_path(*arguments.key_file), "--key-file names it"};
    }
    if (arguments.key_fd >= 0) {
        return secrets::KeyDescriptor{arguments.key_fd};
    }
    if (arguments.passphrase) {
        return secrets::Passphrase{
            [prompt = fmt::format("passphrase of the store {}: ", escaped(store_file(session).string()))] {
                return secrets::ask_passphrase(prompt);
            }};
    }
    if (const std::string file = variable(session, "QUANTCONF_KEY_FILE"); !file.empty()) {
        return secrets::KeyFile{real_path(file), "$QUANTCONF_KEY_FILE names it"};
    }
    const fs::path credentials = variable(session, "CREDENTIALS_DIRECTORY");
    if (std::error_code ignored; !credentials.empty() && fs::exists(credentials / kCredentialName, ignored)) {
        return secrets::SystemdCredential{credentials};
    }
    return std::nullopt;
}

Outcome<secrets::KeySource> key_for(const Session& session, std::string_view uuid) {
    if (auto chosen = chosen_key(session)) {
        return *std::move(chosen);
    }
    if (const auto folder = key_folder(session)) {
        return secrets::KeyFile{
            *folder / fmt::format("{}.key", uuid),
            "the key of this store is looked for there, because no --key-file, --key-fd, --passphrase or "
            "QUANTCONF_KEY_FILE says otherwise"};
    }
    return std::unexpected{
        Error{"unlock", store_file(session).string(), secrets::Problem::NoKeySource,
              "there is no HOME to look in; name the key with --key-file or QUANTCONF_KEY_FILE"}};
}

}  // namespace quantconf::app
