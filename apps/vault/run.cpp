#include <algorithm>
#include <cerrno>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/export_names.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/protect.hpp"
#include "apps/vault/sealed_file.hpp"
#include "apps/vault/secret_command.hpp"
#include "apps/vault/secret_health.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/write.hpp"

namespace quantconf::app {
namespace {

// As env(1), nohup(1) and their like have it, like kRunFailed.
constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

struct Export {
    std::string from;  ///< A path, or the name of a secret.
    std::string variable;
};

std::optional<Export> parse_export(const std::string& text) {
    const auto at = text.rfind('=');
    const std::string name = at == std::string::npos ? std::string{} : text.substr(at + 1);
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (at == 0 || name.empty() || (name.front() >= '0' && name.front() <= '9') ||
        !std::ranges::all_of(name, is_letter)) {
        return std::nullopt;
    }
    return Export{text.substr(0, at), name};
}

/// Builds the environment of the command, and keeps the sealed files open for it.
class Child {
public:
    explicit Child(const Session& session) : session_{session}, variables_{session.variables()} {}

    /// For an export: false if the variable may not be one, or is one already. Said to the user.
    bool claim(const std::string& name) {
        const std::string prefix{session_.schema().options().env_prefix};
        if (const auto refused = no_place_for(name, prefix + "_ENVIRONMENT")) {
            session_.fail(kRunFailed,
                          fmt::format("nothing is exported to {}, because it {}", name, refused->reason),
                          refused->hint);
            return false;
        }
        if (std::ranges::find(claimed_, name) != claimed_.end()) {
            session_.fail(kRunFailed, fmt::format("two exports go to the variable {}", name),
                          "each needs one of its own; a secret of --export goes to VAR_FILE");
            return false;
        }
        claimed_.push_back(name);
        return true;
    }

    void set(std::string_view name, std::string_view value) {
        std::erase_if(variables_, [name](std::string_view entry) {
            return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
        });
        variables_.push_back(fmt::format("{}={}", name, value));
    }

    /// The secret in a sealed file, and its place in the variable.
    Outcome<void> set_sealed(std::string_view name, std::string_view secret) {
        auto file = sealed_file(secret);
        if (!file) {
            return std::unexpected{file.error()};
        }
        set(name, fmt::format("/proc/self/fd/{}", file->get()));
        files_.push_back(*std::move(file));
        return {};
    }

    /// Only comes back if the command could not be started.
    int start() {
        std::vector<char*> arguments;
        std::vector<std::string> words = session_.arguments().operands;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        std::vector<char*> variables;
        for (std::string& entry : variables_) {
            variables.push_back(entry.data());
        }
        variables.push_back(nullptr);
        restore_core_limit();
        ::execvpe(arguments.front(), arguments.data(), variables.data());
        const int number = errno;
        session_.fail(number == ENOENT ? kNotFound : kCannotExecute,
                      to_text(Error{"run", words.front(), {number, std::generic_category()}, {}}));
        return number == ENOENT ? kNotFound : kCannotExecute;
    }

private:
    const Session& session_;
    std::vector<std::string> variables_;
    std::vector<Descriptor> files_;
    std::vector<std::string> claimed_;
};

void set_places(const Session& session, Child& child, Environment environment) {
    std::error_code ignored;
    child.set("QUANTCONF_CONFIG_DIR",
              std::filesystem::absolute(session.arguments().config_dir, ignored).string());
    child.set("QUANTCONF_STATE_DIR", session.state_dir().string());
    child.set(fmt::format("{}_ENVIRONMENT", session.schema().options().env_prefix), name_of(environment));
    if (session.arguments().key_file) {
        child.set("QUANTCONF_KEY_FILE",
                  std::filesystem::absolute(*session.arguments().key_file, ignored).string());
    }
}

int failed(const Session& session, const Error& error) {
    session.fail(error);
    return kRunFailed;
}

/// A value of the configuration. A secret never becomes a variable here: it gets a sealed file.
int export_value(const Session& session, const layers::Candidate& candidate, const Export& what,
                 Child& child) {
    const Value* value = candidate.resolved.at(what.from);
    if (session.schema().find(what.from) == nullptr || value == nullptr) {
        session.unknown_path(what.from);
        return kRunFailed;
    }
    if (value->kind() == Value::Kind::Map) {
        return session.fail(kRunFailed,
                            fmt::format("{} is a section, and a variable holds one value", what.from),
                            "name a key in it: --export trading.max_position_size=LIMIT");
    }
    const bool is_secret = value->kind() == Value::Kind::Secret;
    const std::string name = is_secret && !what.variable.ends_with("_FILE")
                                 ? fmt::format("{}_FILE", what.variable)
                                 : what.variable;
    if (!child.claim(name)) {
        return kRunFailed;
    }
    if (!is_secret) {
        child.set(what.variable, value->is_absent() ? std::string{} : format::to_display(*value));
        return kFine;
    }
    if (!value->secret_reference().empty()) {
        return session.fail(kRunFailed,
                            fmt::format("{} is a secret, and there is no store to look it up in", what.from),
                            "`quantconf secret init` makes one");
    }
    const auto done = child.set_sealed(name, value->secret_text(grant_secret_access()));
    return done ? int{kFine} : failed(session, done.error());
}

int export_secret(const Session& session, Vault& vault, Environment environment, const Export& what,
                  Child& child) {
    if (!child.claim(what.variable)) {
        return kRunFailed;
    }
    const auto plain = reveal(vault, what.from, audit::Action::RunExport, {.environment = environment});
    if (!plain) {
        return failed(session, plain.error());
    }
    if (what.variable.ends_with("_FILE")) {
        const auto done = child.set_sealed(what.variable, plain->view());
        return done ? int{kFine} : failed(session, done.error());
    }
    if (plain->view().contains('\0')) {
        return session.fail(
            kRunFailed, fmt::format("{} has a NUL byte, where a variable would end", escaped(what.from)),
            fmt::format("export it as a sealed file: {}={}_FILE", escaped(what.from), what.variable));
    }
    child.set(what.variable, plain->view());  // Asked for by name: the documented exception.
    return kFine;
}

struct AnyExport {
    bool is_secret = false;
    Export what;
};

/// What is to be exported; values of the configuration first. Read before anything is opened.
Session::Result<std::vector<AnyExport>> all_exports(const Session& session) {
    std::vector<AnyExport> exports;
    for (const bool is_secret : {false, true}) {
        for (const std::string& text :
             is_secret ? session.arguments().secret_exports : session.arguments().exports) {
            auto what = parse_export(text);
            if (!what) {
                return std::unexpected{
                    session.fail(kRunFailed, "an export is written PATH=VAR or NAME=VAR",
                                 "VAR has letters, digits and underscores, and begins with no digit")};
            }
            exports.push_back({is_secret, *std::move(what)});
        }
    }
    return exports;
}

}  // namespace

int run_run(const Session& session) {
    const auto environment = session.environment();
    if (!environment) {
        return kRunFailed;
    }
    const auto exports = all_exports(session);
    if (!exports) {
        return exports.error();
    }
    std::unique_ptr<Vault> vault;
    secrets::StoreResolver resolver{[&]() -> Outcome<secrets::Unlocked> {
        auto opened = Vault::open(session);
        if (!opened) {
            return std::unexpected{opened.error()};
        }
        vault = *std::move(opened);
        return secrets::Unlocked{.store = vault->store(), .trail = vault->trail()};
    }};
    const auto candidate = session.load_valid(expects_store(session) ? &resolver : nullptr);
    if (!candidate) {
        return kRunFailed;
    }
    if (!expects_store(session) && count_needed_references((*candidate)->root) != 0) {
        return session.fail(kRunFailed,
                            "the configuration refers to secrets, and there is no store to look them up in",
                            "`quantconf secret init` makes one; --state-dir says where it is");
    }
    Child child{session};
    set_places(session, child, environment->environment);
    for (const auto& [is_secret, what] : *exports) {
        if (is_secret && vault == nullptr) {
            auto opened = Vault::open(session);
            if (!opened) {
                return failed(session, opened.error());
            }
            vault = *std::move(opened);
        }
        const int code = is_secret ? export_secret(session, *vault, environment->environment, what, child)
                                   : export_value(session, **candidate, what, child);
        if (code != kFine) {
            return code;
        }
    }
    vault.reset();
    return child.start();
}

}  // namespace quantconf::app
