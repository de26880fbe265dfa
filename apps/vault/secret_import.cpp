#include <string>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/secret_command.hpp"
#include "base/files.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "crypto/hmac.hpp"
#include "secrets/import_legacy.hpp"
#include "secrets/problem.hpp"

namespace quantconf::app {
namespace {

constexpr std::size_t kKeyFileBytesMax = 4096;

/// What the files hold, or the exit code.
Session::Result<secrets::Imported> read_imported(const Session& session) {
    const Arguments& arguments = session.arguments();
    if (arguments.fernet_file.has_value() == arguments.dotenv_file.has_value() ||
        arguments.fernet_file.has_value() != arguments.fernet_key.has_value()) {
        return std::unexpected{
            session.fail(kWrongUsage, "secret import needs to know from where",
                         "--fernet FILE --key FILE for the legacy bot's store, or --dotenv FILE")};
    }
    const DiskFiles disk;
    const auto file = arguments.fernet_file ? *arguments.fernet_file : *arguments.dotenv_file;
    auto text = disk.read(file, limits::kFileBytes);
    if (!text) {
        return std::unexpected{session.fail(text.error())};
    }
    Checked<secrets::Imported> imported;
    if (arguments.fernet_file) {
        const auto key = disk.read(*arguments.fernet_key, kKeyFileBytesMax);
        if (!key) {
            return std::unexpected{session.fail(key.error())};
        }
        imported = secrets::read_legacy_secrets(*std::move(text), file.string(), *key);
    } else {
        imported = secrets::read_dotenv_secrets(*std::move(text), file.string(), arguments.operands);
    }
    if (!imported) {
        session.print_diagnostics(imported.error());
        return std::unexpected{int{kAnswerIsNo}};
    }
    return *std::move(imported);
}

enum class Stored { New, Same, Differs };

Stored compare(Vault& vault, const secrets::ImportedSecret& secret) {
    if (!vault.store().info(secret.name)) {
        return Stored::New;
    }
    const auto there = vault.store().get(secret.name);
    return there && crypto::equal_in_constant_time(there->view(), secret.value.view()) ? Stored::Same
                                                                                       : Stored::Differs;
}

}  // namespace

int secret_import(const Session& session, Vault& vault) {
    const auto imported = read_imported(session);
    if (!imported) {
        return imported.error();
    }
    const Terminal& out = session.out();
    const Terminal& err = session.err();
    bool all_fine = true;
    std::size_t exposed = 0;
    for (const secrets::ImportedSecret& secret : imported->secrets) {
        const Stored stored = compare(vault, secret);
        if (stored == Stored::Differs && !session.arguments().force) {
            err.print(fmt::format("{} {} is stored already, with another value; --force replaces it\n",
                                  err.yellow("kept:"), secret.name));
            all_fine = false;
            continue;
        }
        if (stored != Stored::Same) {
            if (const auto done = vault.store().set(secret.name, secret.value.view()); !done) {
                return session.fail(done.error());
            }
        }
        // Verified: what the store gives back is what the file held.
        if (compare(vault, secret) != Stored::Same) {
            return session.fail(kWorldFailed,
                                fmt::format("{} was stored and does not read back", secret.name),
                                "the file that you import from is untouched; keep it");
        }
        exposed += secret.was_encrypted ? 0U : 1U;
        out.print(fmt::format("{} {}{}\n", out.green(stored == Stored::Same ? "same" : "imported"),
                              secret.name, secret.was_encrypted ? "" : "  (was not encrypted)"));
    }
    for (const secrets::RefusedImport& refused : imported->refused) {
        err.print(
            fmt::format("{} {}: {}\n", err.yellow("not taken:"), escaped(refused.name), refused.reason));
        all_fine = all_fine && session.arguments().dotenv_file.has_value();
    }
    if (exposed > 0) {
        err.print(fmt::format(
            "{} {} of these stood in the file as good as in plain text. Whoever could read it, or a "
            "backup or repository with it, has them: rotate them at the provider\n",
            err.red("WARNING:"), exposed));
    }
    return all_fine ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
