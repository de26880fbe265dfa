#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/templates.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"

namespace quantconf::app {
namespace {

constexpr std::uint32_t kOrdinaryMode = 0644;

std::uint32_t mode_under_umask() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return kOrdinaryMode & ~static_cast<std::uint32_t>(mask);
}

void print_json(const Session& session, const std::vector<std::string>& written) {
    JsonWriter json;
    json.begin_object().key("written").begin_array();
    for (const std::string& path : written) {
        json.value(path);
    }
    json.end_array().end_object();
    session.out().print(json.take());
}

}  // namespace

int run_init(const Session& session) {
    const Arguments& arguments = session.arguments();
    const std::filesystem::path folder =
        arguments.operands.empty() ? arguments.config_dir : std::filesystem::path{arguments.operands.front()};
    const auto files = initial_files(session.schema(), !arguments.schema_file.has_value());

    std::vector<std::string> in_the_way;
    for (const InitialFile& file : files) {
        if (std::error_code ignored;
            std::filesystem::exists(std::filesystem::symlink_status(folder / file.name, ignored))) {
            in_the_way.push_back((folder / file.name).string());
        }
    }
    if (!in_the_way.empty() && !arguments.force) {
        for (const std::string& path : in_the_way) {
            session.err().print(fmt::format("{} exists: {}\n", session.err().yellow("note:"), path));
        }
        return session.fail(kAnswerIsNo, "nothing was written, because files would have been replaced",
                            "--force replaces them; another folder: `quantconf init DIR`");
    }

    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem) {
        return session.fail(kWorldFailed, to_text(Error{"create", folder.string(), problem, {}}));
    }
    const std::uint32_t mode = mode_under_umask();
    std::vector<std::string> written;
    for (const InitialFile& file : files) {
        const auto path = folder / file.name;
        if (const auto done = write_file_atomically(path, file.text, mode); !done) {
            return session.fail(kWorldFailed, to_text(done.error()));
        }
        written.push_back(path.string());
    }
    if (arguments.format == "json") {
        print_json(session, written);
        return kFine;
    }
    for (const std::string& path : written) {
        session.out().print(fmt::format("{} {}\n", session.out().green("wrote"), path));
    }
    const std::string option = folder == "config" ? "" : fmt::format("--config-dir {} ", folder.string());
    session.out().print(fmt::format("next: edit {}, then `quantconf {}check --all`\n",
                                    (folder / "base.yaml").string(), option));
    return kFine;
}

}  // namespace quantconf::app
