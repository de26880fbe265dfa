#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>
#include <sys/stat.h>

#include "apps/vault/doctor.hpp"
#include "apps/vault/templates.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::app {
namespace {

/// Who can change these files can change limits and hosts.
Check permissions_of(const std::filesystem::path& path, std::string name) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return {std::move(name),
                Health::Failure,
                fmt::format("{}: {}", path.string(), std::generic_category().message(errno)),
                {}};
    }
    if ((info.st_mode & S_IWOTH) != 0) {
        return {std::move(name), Health::Failure, fmt::format("everybody may write {}", path.string()),
                fmt::format("chmod o-w {}", path.string())};
    }
    if ((info.st_mode & S_IWGRP) != 0) {
        return {std::move(name), Health::Warning, fmt::format("the group may write {}", path.string()),
                fmt::format("chmod g-w {}, unless that is meant", path.string())};
    }
    return {
        std::move(name), Health::Ok, fmt::format("{} mode {:04o}", path.string(), info.st_mode & 07777U), {}};
}

constexpr std::array<std::string_view, 6> kStems{"base",       "development", "staging",
                                                 "production", "testing",     "local"};
constexpr std::array<std::string_view, 3> kExtensions{".yaml", ".yml", ".json"};

bool is_layer(const std::filesystem::path& path) {
    return std::ranges::find(kStems, path.stem().string()) != kStems.end() &&
           std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
}

/// A file that looks like a layer and is none, such as prod.yaml: what it says has no effect.
Check stray_file(const std::filesystem::path& path) {
    std::vector<std::string> layer_names;
    for (const std::string_view stem : kStems) {
        layer_names.push_back(std::string{stem} + path.extension().string());
    }
    std::string suggestion;
    if (const auto environment = parse_environment(path.stem().string())) {
        suggestion = fmt::format("did you mean {}{}?", name_of(*environment), path.extension().string());
    } else {
        suggestion = did_you_mean(nearest(path.filename().string(), layer_names));
    }
    return {"layers", Health::Warning, fmt::format("{} is no layer: nobody reads it", path.string()),
            suggestion.empty() ? "layers are base, an environment's name, and local" : suggestion};
}

/// Every file of the folder itself, by name.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    std::error_code problem;
    for (std::filesystem::directory_iterator entry{folder, problem}, end; !problem && entry != end;
         entry.increment(problem)) {
        paths.push_back(entry->path());
    }
    std::ranges::sort(paths);
    return paths;
}

void check_layers(const std::filesystem::path& folder, Checks& checks) {
    std::size_t layers = 0;
    for (const std::filesystem::path& path : files_in(folder)) {
        if (is_layer(path) || path.filename() == ".env") {
            layers += is_layer(path) ? 1U : 0U;
            if (Check check = permissions_of(path, "permissions"); check.status != Health::Ok) {
                checks.push_back(std::move(check));
            }
        } else if (path.extension() == ".yaml" || path.extension() == ".yml") {
            checks.push_back(stray_file(path));
        }
    }
    checks.push_back({"layers", layers == 0 ? Health::Failure : Health::Ok,
                      fmt::format("{} file{}", layers, layers == 1 ? "" : "s"),
                      layers == 0 ? "`quantconf init` writes them" : ""});
}

/// Editors check with the copy in the folder, which stays behind when the program moves on.
void check_editor_schema(const Session& session, Checks& checks) {
    const auto path = session.arguments().config_dir / kEditorSchemaFile;
    const auto text = DiskFiles{}.read(path, limits::kFileBytes);
    if (text && *text != schema::to_json_schema(session.schema())) {
        checks.push_back({"editor", Health::Warning,
                          fmt::format("{} describes another version of the program", path.string()),
                          fmt::format("quantconf schema json > {}", path.string())});
    }
}

}  // namespace

void check_folder(const Session& session, Checks& checks) {
    const auto& folder = session.arguments().config_dir;
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        checks.push_back({"folder", Health::Failure, fmt::format("{} is no folder", folder.string()),
                          "`quantconf init` writes one, --config-dir names another"});
        return;
    }
    checks.push_back(permissions_of(folder, "folder"));
    check_layers(folder, checks);
    check_editor_schema(session, checks);
}

}  // namespace quantconf::app
