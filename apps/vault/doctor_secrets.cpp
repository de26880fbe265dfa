#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <sys/resource.h>

#include "apps/vault/doctor.hpp"
#include "apps/vault/git.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/secret_health.hpp"
#include "apps/vault/vault.hpp"
#include "audit/verify.hpp"
#include "secrets/key_source.hpp"
#include "secrets/limits.hpp"
#include "secrets/secure_file.hpp"

namespace quantconf::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyFileBytesMax = 4096;

/// A file of ours, by the rules under which the store itself would read it.
Check private_file(const fs::path& path, std::string name, std::size_t size_max) {
    const auto read = secrets::read_secure_file(path, size_max);
    if (!read) {
        const Error& error = read.error();
        return {std::move(name), Health::Failure, fmt::format("{}: {}", path.string(), error.cause.message()),
                error.hint};
    }
    return *read ? Check{std::move(name), Health::Ok, fmt::format("{} is private", path.string()), {}}
                 : Check{std::move(name), Health::Failure, fmt::format("there is no {}", path.string()),
                         "restore it from a backup, or name another with --key-file"};
}

void check_tracked(const fs::path& path, Checks& checks) {
    if (is_tracked_by_git(path).value_or(false)) {
        checks.push_back(
            {"git", Health::Failure, fmt::format("{} is under version control", path.string()),
             fmt::format("git rm --cached {}; rotate every secret in it, history keeps it", path.string())});
    }
}

/// Programs of ours set their own limit to zero; a bot that embeds the library does not.
void check_core_files(Checks& checks) {
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    std::string pattern;
    std::ifstream{"/proc/sys/kernel/core_pattern"} >> pattern;
    const bool writes_cores = limit.rlim_cur != 0 || pattern.starts_with('|');
    checks.push_back(
        {"core dumps", writes_cores ? Health::Warning : Health::Ok,
         writes_cores ? "a crash of a program started here may leave its memory in a file" : "off",
         writes_cores ? "ulimit -c 0 where the bot is started; LimitCORE=0 in its unit" : ""});
}

/// Permissions are not all: the store has to open, every record in it, and the log has to belong to it.
void check_by_opening(const Session& session, Checks& checks) {
    const auto vault = Vault::open(session);
    if (!vault) {
        const Error& error = vault.error();
        checks.push_back({"store", Health::Failure,
                          fmt::format("{}: {}", error.subject, error.cause.message()), error.hint});
        return;
    }
    const auto failed = (*vault)->store().verify();
    checks.push_back(failed && failed->empty()
                         ? Check{"store", Health::Ok, "opens, and every secret can be decrypted", {}}
                         : Check{"store", Health::Failure, "not every secret can be decrypted",
                                 "`quantconf secret verify` names them"});
    const secrets::AuditAnchor stored = (*vault)->store().audit_anchor();
    const auto verdicts = audit::verify((*vault)->database(), (*vault)->store().audit_key(),
                                        audit::Anchor{.seq = stored.sequence, .mac = stored.mac});
    const bool is_good = verdicts && verdicts->is_good();
    checks.push_back({"audit", is_good ? Health::Ok : Health::Failure,
                      is_good ? "whole, as far as the store remembers" : "the record does not hold",
                      is_good ? "" : "`quantconf audit verify` says what is wrong"});
}

/// What no environment's files refer to needs no store.
Check no_store(const Session& session) {
    std::size_t most = 0;
    for (const Environment environment : kEnvironments) {
        if (const auto files = session.look({environment, "doctor"})) {
            most = std::max(most, count_needed_references((*files)->root));
        }
    }
    return most == 0 ? Check{"secrets", Health::Ok, "there is no store, and nothing refers to one", {}}
                     : Check{"secrets", Health::Warning,
                             fmt::format("{}; nothing could start", references_without_store(most)),
                             "`quantconf secret init` makes one"};
}

}  // namespace

void check_secrets(const Session& session, Checks& checks) {
    check_core_files(checks);
    if (!expects_store(session)) {
        checks.push_back(no_store(session));
        return;
    }
    const fs::path store = session.store_file();
    checks.push_back(private_file(store, "secrets", secrets::limits::kFileBytes));
    check_tracked(store, checks);
    check_by_opening(session, checks);
    const auto key = chosen_key(session);
    const auto* file = key ? std::get_if<secrets::KeyFile>(&*key) : nullptr;
    if (file == nullptr) {
        return;
    }
    checks.push_back(private_file(file->path, "key", kKeyFileBytesMax));
    check_tracked(file->path, checks);
    const auto place = secrets::check_key_place(file->path, store.parent_path());
    if (!place) {
        checks.push_back({"key", Health::Failure,
                          fmt::format("{}: {}", file->path.string(), place.error().cause.message()),
                          place.error().hint});
    } else if (place->is_in_git_work_tree) {
        checks.push_back({"key", Health::Warning,
                          fmt::format("{} lies in a git work tree", file->path.string()),
                          "one `git add` away from being published: move it"});
    }
}

}  // namespace quantconf::app
