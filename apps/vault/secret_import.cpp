#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/secret_command.hpp"
#include "apps/vault/secret_output.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
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

Stored compare(const Vault& vault, const secrets::ImportedSecret& secret) {
    if (!vault.store().info(secret.name)) {
        return Stored::New;
    }
    const auto there = vault.store().get(secret.name);
    return there && crypto::equal_in_constant_time(there->view(), secret.value.view()) ? Stored::Same
                                                                                       : Stored::Differs;
}

/// What is done with each secret of the file.
struct Plan {
    std::vector<const secrets::ImportedSecret*> fresh;  ///< To be stored.
    std::vector<const secrets::ImportedSecret*> same;   ///< Stored already.
    std::vector<const secrets::ImportedSecret*> kept;   ///< Stored with another value, which stays.
};

Plan plan_of(const Session& session, const Vault& vault, const secrets::Imported& imported) {
    Plan plan;
    for (const secrets::ImportedSecret& secret : imported.secrets) {
        const Stored stored = compare(vault, secret);
        const bool is_kept = stored == Stored::Differs && !session.arguments().force;
        (stored == Stored::Same ? plan.same : is_kept ? plan.kept : plan.fresh).push_back(&secret);
    }
    return plan;
}

/// Whether somebody asked for an entry by name and it was not taken.
bool names_missing(const Session& session, const secrets::Imported& imported) {
    return std::ranges::any_of(session.arguments().operands, [&](const std::string& name) {
        return std::ranges::find(imported.secrets, name, &secrets::ImportedSecret::name) ==
               imported.secrets.end();
    });
}

/// All of them in one generation, so that whatever interrupts us leaves none or all.
Session::Result<void> store_all(const Session& session, Vault& vault, const Plan& plan) {
    std::vector<secrets::NewValue> values;
    for (const secrets::ImportedSecret* secret : plan.fresh) {
        values.push_back({secret->name, secret->value.view()});
    }
    if (const auto done = vault.store().set_all(values); !done) {
        return std::unexpected{session.fail(done.error())};
    }
    for (const secrets::ImportedSecret* secret : plan.fresh) {
        // Verified: what the store gives back is what the file held.
        if (compare(vault, *secret) != Stored::Same) {
            return std::unexpected{
                session.fail(kWorldFailed, fmt::format("{} was stored and does not read back", secret->name),
                             "the file that you import from is untouched; keep it")};
        }
    }
    return {};
}

void print_text(const Session& session, const Plan& plan, const secrets::Imported& imported) {
    const Terminal& out = session.out();
    const Terminal& err = session.err();
    const auto print_all = [&](const std::vector<const secrets::ImportedSecret*>& list,
                               std::string_view word) {
        for (const secrets::ImportedSecret* secret : list) {
            out.print(fmt::format("{} {}{}\n", out.green(word), secret->name,
                                  secret->was_encrypted ? "" : "  (was not encrypted)"));
        }
    };
    print_all(plan.fresh, "imported");
    print_all(plan.same, "same");
    for (const secrets::ImportedSecret* secret : plan.kept) {
        err.print(fmt::format("{} {} is stored already, with another value; --force replaces it\n",
                              err.yellow("kept:"), secret->name));
    }
    for (const secrets::RefusedImport& refused : imported.refused) {
        err.print(
            fmt::format("{} {}: {}\n", err.yellow("not taken:"), escaped(refused.name), refused.reason));
    }
    if (imported.secrets.empty() && imported.refused.empty()) {
        err.print(fmt::format("{} the file has no entries\n", err.yellow("note:")));
    }
}

void print_json(const Session& session, const Vault& vault, const Plan& plan,
                const secrets::Imported& imported, bool ok, std::size_t exposed) {
    JsonWriter json;
    json.begin_object().member("action", "import").member("ok", ok);
    const auto names = [&json](std::string_view key,
                               const std::vector<const secrets::ImportedSecret*>& list) {
        json.key(key).begin_array();
        for (const secrets::ImportedSecret* secret : list) {
            json.value(secret->name);
        }
        json.end_array();
    };
    names("imported", plan.fresh);
    names("same", plan.same);
    names("kept", plan.kept);
    json.key("not_taken").begin_array();
    for (const secrets::RefusedImport& refused : imported.refused) {
        json.begin_object().member("name", refused.name).member("reason", refused.reason).end_object();
    }
    json.end_array()
        .member("not_encrypted", static_cast<std::uint64_t>(exposed))
        .member("generation", vault.store().generation())
        .end_object();
    session.out().print(json.take());
}

}  // namespace

int secret_import(const Session& session, Vault& vault) {
    const auto imported = read_imported(session);
    if (!imported) {
        return imported.error();
    }
    const Plan plan = plan_of(session, vault, *imported);
    if (plan.fresh.empty() && !(plan.same.empty() && plan.kept.empty())) {
        // "same" tells that a guess was right: also who stores nothing has looked. What is stored has a
        // record of its own.
        if (const auto done = vault.trail().record({.action = audit::Action::SecretImport}); !done) {
            return session.fail(done.error());
        }
    }
    if (const auto done = store_all(session, vault, plan); !done) {
        return done.error();
    }
    // A .env file is full of what is no secret; in a store of secrets nothing may stay behind unnoticed.
    const bool all_taken = imported->refused.empty() || session.arguments().dotenv_file.has_value();
    const bool ok = plan.kept.empty() && all_taken && !names_missing(session, *imported);
    std::size_t exposed = 0;
    for (const auto* list : {&plan.fresh, &plan.same}) {
        exposed += static_cast<std::size_t>(
            std::ranges::count_if(*list, [](const auto* secret) { return !secret->was_encrypted; }));
    }
    if (wants_json(session)) {
        print_json(session, vault, plan, *imported, ok, exposed);
    } else {
        print_text(session, plan, *imported);
    }
    if (exposed > 0) {
        const Terminal& err = session.err();
        err.print(fmt::format(
            "{} {} of these stood in the file as good as in plain text. Whoever could read it, or a "
            "backup or repository with it, has them: rotate them at the provider\n",
            err.red("WARNING:"), exposed));
    }
    return ok ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
