#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/secret_command.hpp"
#include "apps/vault/templates.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

constexpr std::uint32_t kOrdinaryMode = 0644;

/// Takes back what has been written when the rest cannot be: half a folder would be in the way of the next
/// try.
class Undo {
public:
    void wrote(std::filesystem::path path) { written_.push_back(std::move(path)); }
    void run() const {
        for (auto path = written_.rbegin(); path != written_.rend(); ++path) {
            std::error_code ignored;
            std::filesystem::remove(*path, ignored);  // A folder only if nothing else is in it.
        }
    }

private:
    std::vector<std::filesystem::path> written_;
};

std::uint32_t mode_under_umask() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return kOrdinaryMode & ~static_cast<std::uint32_t>(mask);
}

/// The store of the new folder, as far as it is known: of one that was there before, only the place.
struct Made {
    int exit_code = kFine;
    std::optional<std::string> store = {};
    std::optional<std::string> uuid = {};
    std::optional<std::string> key = {};
};

void print_json(const Session& session, const std::vector<std::string>& written, const Made& made) {
    JsonWriter json;
    json.begin_object().key("written").begin_array();
    for (const std::string& path : written) {
        json.value(path);
    }
    json.end_array();
    for (const auto& [key, text] :
         {std::pair{"store", &made.store}, std::pair{"uuid", &made.uuid}, std::pair{"key", &made.key}}) {
        *text ? json.member(key, **text) : json.key(key).null();
    }
    json.end_object();
    session.out().print(json.take());
}

/// A session whose folder is the one that was just written.
Session session_in(const Session& session, const std::filesystem::path& folder) {
    Session other = session;
    other.use_config_dir(folder);
    return other;
}

/// Key and store of the new folder. One that is there stays as it is.
Made make_store(const Session& session) {
    const bool is_text = session.arguments().format != "json";
    const std::string store = session.store_file().string();
    if (has_store(session)) {
        if (is_text) {
            session.out().print(fmt::format("kept the secret store {}\n", escaped(store)));
        }
        return {.store = store};
    }
    if (!chosen_key(session) && !key_folder(session)) {
        session.err().print(
            fmt::format("{} no secret store was made: there is no HOME for its key; `quantconf "
                        "--key-file FILE secret init` makes one\n",
                        session.err().yellow("note:")));
        return {};
    }
    const auto vault = Vault::create(session);
    if (!vault) {
        return {.exit_code = session.fail(vault.error())};
    }
    if (is_text) {
        print_places(session, **vault);
    }
    Made made{.store = store, .uuid = std::string{(*vault)->store().uuid()}};
    if ((*vault)->key_file()) {
        made.key = (*vault)->key_file()->string();
    }
    return made;
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
            session.err().print(fmt::format("{} exists: {}\n", session.err().yellow("note:"), escaped(path)));
        }
        return session.fail(kAnswerIsNo, "nothing was written, because files would have been replaced",
                            "--force replaces them; another folder: `quantconf init DIR`");
    }

    Undo undo;
    std::error_code problem;
    const bool is_new = std::filesystem::create_directories(folder, problem);
    if (problem) {
        return session.fail(kWorldFailed, to_text(Error{"create", folder.string(), problem, {}}));
    }
    if (is_new) {
        undo.wrote(folder);
    }
    const std::uint32_t mode = mode_under_umask();
    const Existing existing = arguments.force ? Existing::Replace : Existing::Refuse;
    std::vector<std::string> written;
    for (const InitialFile& file : files) {
        const auto path = folder / file.name;
        if (const auto done = write_file_atomically(path, file.text, mode, existing); !done) {
            if (!arguments.force) {  // Otherwise these files are no news, and nobody has the old ones.
                undo.run();
            }
            return session.fail(kWorldFailed, to_text(done.error()));
        }
        undo.wrote(path);
        written.push_back(path.string());
    }
    const Session there = session_in(session, folder);
    if (arguments.format == "json") {
        const Made made = make_store(there);
        print_json(session, written, made);
        return made.exit_code;
    }
    for (const std::string& path : written) {
        session.out().print(fmt::format("{} {}\n", session.out().green("wrote"), escaped(path)));
    }
    const int code = make_store(there).exit_code;
    const std::string shown_folder = escaped(folder.string());
    const std::string option = folder == "config" ? "" : fmt::format("--config-dir {} ", shown_folder);
    session.out().print(fmt::format("next: edit {}, then `quantconf {}check --all`\n",
                                    escaped((folder / "base.yaml").string()), option));
    return code;
}

}  // namespace quantconf::app
