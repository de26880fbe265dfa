#include "apps/vault/git.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quantconf::app {
namespace {

/// All that git needs to know of ours. What else stands in there may be secrets, or a GIT_DIR that means
/// another repository.
std::vector<char*> variables_for_git() {
    static constexpr std::array<std::string_view, 4> kPassedOn{"PATH=", "HOME=", "XDG_CONFIG_HOME=", "LANG="};
    std::vector<char*> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view entry = *variable;
        if (std::ranges::any_of(kPassedOn, [&](std::string_view name) { return entry.starts_with(name); })) {
            variables.push_back(*variable);
        }
    }
    variables.push_back(nullptr);
    return variables;
}

/// Runs git with its output thrown away; its exit code, or -1 if it could not be started.
int run_git(const std::filesystem::path& folder, std::string first, std::string second, std::string third) {
    std::string program = "git";
    std::string change_folder = "-C";
    std::string where = folder.string();
    std::array<char*, 7> arguments{program.data(), change_folder.data(),
                                   where.data(),   first.data(),
                                   second.data(),  third.empty() ? nullptr : third.data(),
                                   nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    std::vector<char*> variables = variables_for_git();
    const int started =
        ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), variables.data());
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (started != 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        return -1;
    }
    return WEXITSTATUS(status);
}

}  // namespace

std::optional<bool> is_tracked_by_git(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    if (run_git(folder, "rev-parse", "--is-inside-work-tree", {}) != 0) {
        return std::nullopt;
    }
    return run_git(folder, "ls-files", "--error-unmatch", file.filename().string()) == 0;
}

}  // namespace quantconf::app
