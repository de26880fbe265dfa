#include "apps/vault/export_names.hpp"

#include <algorithm>
#include <array>

namespace quantconf::app {
namespace {

/// Where programs, their libraries and their settings are looked for, and what shells and interpreters run
/// before or instead of what they were told.
constexpr std::array<std::string_view, 47> kNames{"PATH",
                                                  "HOME",
                                                  "SHELL",
                                                  "ENV",
                                                  "IFS",
                                                  "CDPATH",
                                                  "SHELLOPTS",
                                                  "BASHOPTS",
                                                  "PS4",
                                                  "PROMPT_COMMAND",
                                                  "EDITOR",
                                                  "VISUAL",
                                                  "PAGER",
                                                  "GLIBC_TUNABLES",
                                                  "GCONV_PATH",
                                                  "LOCPATH",
                                                  "NLSPATH",
                                                  "XDG_CONFIG_HOME",
                                                  "XDG_CONFIG_DIRS",
                                                  "XDG_DATA_HOME",
                                                  "XDG_DATA_DIRS",
                                                  "XDG_STATE_HOME",
                                                  "OPENSSL_CONF",
                                                  "OPENSSL_MODULES",
                                                  "OPENSSL_ENGINES",
                                                  "PERL5LIB",
                                                  "PERL5OPT",
                                                  "PERL5DB",
                                                  "PERLLIB",
                                                  "RUBYLIB",
                                                  "RUBYOPT",
                                                  "NODE_OPTIONS",
                                                  "NODE_PATH",
                                                  "LUA_PATH",
                                                  "LUA_CPATH",
                                                  "LUA_INIT",
                                                  "PHPRC",
                                                  "PHP_INI_SCAN_DIR",
                                                  "CLASSPATH",
                                                  "JAVA_HOME",
                                                  "JAVA_TOOL_OPTIONS",
                                                  "JDK_JAVA_OPTIONS",
                                                  "_JAVA_OPTIONS",
                                                  "GIT_SSH",
                                                  "GIT_SSH_COMMAND",
                                                  "GIT_EXEC_PATH",
                                                  "CREDENTIALS_DIRECTORY"};

constexpr std::array<std::string_view, 4> kStarts{"LD_", "DYLD_", "BASH_", "PYTHON"};

}  // namespace

std::optional<NoPlace> no_place_for(std::string_view variable, std::string_view environment_variable) {
    const bool decides_code =
        std::ranges::find(kNames, variable) != kNames.end() ||
        std::ranges::any_of(kStarts, [&](std::string_view start) { return variable.starts_with(start); });
    if (decides_code) {
        return NoPlace{"decides which code runs",
                       "choose another variable; `env` in front of `quantconf run` can still set this one"};
    }
    if (variable.starts_with("QUANTCONF_") || variable == environment_variable) {
        return NoPlace{"tells the command which configuration it is started with",
                       "choose another variable; --config-dir, --state-dir, --key-file and --env set these"};
    }
    return std::nullopt;
}

}  // namespace quantconf::app
