#include "apps/vault/places.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "apps/unlock/key_options.hpp"
#include "live/places.hpp"
#include "secrets/problem.hpp"
#include "secrets/recognise.hpp"
#include "state/database.hpp"
#include "state/private_file.hpp"

namespace quantconf::app {

namespace fs = std::filesystem;

namespace {

/// A state.db has the history of a folder without a store, too. Where nobody can say, there was one.
bool may_be_log_of_store(const fs::path& file) {
    auto database = state::Database::open(file, {.access = state::Access::Read});
    return !database || secrets::has_keyed_record(*database).value_or(true);
}

}  // namespace

std::string variable(const Session& session, std::string_view name) {
    return live::variable(session.variables(), name);
}

bool has_store(const Session& session) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(session.store_file(), ignored));
}

bool expects_store(const Session& session) {
    if (session.arguments().state_dir || !variable(session, "QUANTCONF_STATE_DIR").empty()) {
        return true;
    }
    const fs::path folder = session.state_dir();
    const auto may_be_there = [&folder](const char* name) {
        std::error_code cannot_tell;
        return fs::symlink_status(folder / name, cannot_tell).type() != fs::file_type::not_found;
    };
    return std::ranges::any_of(std::array{"secrets.qcs", "secrets.qcs.prev", "secrets.lock"}, may_be_there) ||
           (may_be_there("state.db") && may_be_log_of_store(folder / "state.db"));
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
    return live::default_key_folder(session.variables());
}

std::optional<secrets::KeySource> chosen_key(const Session& session) {
    auto named = key_by_option(session);
    return named ? std::move(named) : live::key_named_by(session.variables());
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
        Error{"unlock", session.store_file().string(), secrets::Problem::NoKeySource,
              "there is no HOME to look in; name the key with --key-file or QUANTCONF_KEY_FILE"}};
}

}  // namespace quantconf::app
