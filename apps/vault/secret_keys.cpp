#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/new_key.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/read_value.hpp"
#include "apps/vault/secret_command.hpp"
#include "apps/vault/secret_output.hpp"
#include "base/json_writer.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/ask_passphrase.hpp"
#include "secrets/find.hpp"
#include "secrets/limits.hpp"
#include "secrets/problem.hpp"
#include "state/private_file.hpp"

namespace quantconf::app {
namespace {

namespace fs = std::filesystem;

std::string store_name(const Session& session) {
    return escaped(session.store_file().string());
}

std::string_view word_for(secrets::SlotKind kind) {
    return kind == secrets::SlotKind::Passphrase ? "passphrase" : "key";
}

/// A key that is to open the store, and the file that was made for it.
struct NewKey {
    secrets::UnlockKey key;
    std::optional<fs::path> file = {};
    bool is_new_file = false;
};

/// --new-passphrase or --new-key-file; the file is made unless it exists. Nothing if neither is given.
Outcome<std::optional<NewKey>> new_key(const Session& session, Vault& vault, std::string_view what) {
    if (session.arguments().new_passphrase) {
        const std::string prompt = fmt::format("new passphrase, {} the store {}", what, store_name(session));
        QC_TRY(auto key,
               secrets::read_unlock_key(secrets::Passphrase{[&] { return ask_new_passphrase(prompt); }}));
        return NewKey{.key = std::move(key)};
    }
    if (!session.arguments().new_key_file) {
        return std::nullopt;
    }
    const fs::path path = fs::absolute(*session.arguments().new_key_file);
    QC_TRY(const auto place, secrets::check_key_place(path, session.state_dir()));
    static_cast<void>(place);
    std::error_code ignored;
    const bool is_new = !fs::exists(path, ignored);
    if (is_new) {
        if (auto made = secrets::create_key_file(path, vault.random()); !made) {
            return std::unexpected{made.error()};
        }
    }
    QC_TRY(auto key, secrets::read_unlock_key(secrets::KeyFile{path}));
    return NewKey{.key = std::move(key), .file = path, .is_new_file = is_new};
}

std::vector<std::uint32_t> slot_ids(const Vault& vault) {
    std::vector<std::uint32_t> ids;
    for (const secrets::SlotInfo& slot : vault.store().slots()) {
        ids.push_back(slot.id);
    }
    return ids;
}

/// A key file that was made for a change that did not happen opens nothing and would only confuse.
void forget_unused(const NewKey& fresh, const std::vector<std::uint32_t>& slots_before, const Vault& vault) {
    if (std::error_code ignored; fresh.is_new_file && slot_ids(vault) == slots_before) {
        fs::remove(*fresh.file, ignored);
    }
}

/// {"slot","key","generation"}, or the text.
int report_key(const Session& session, const Vault& vault, const std::optional<fs::path>& file,
               std::string_view text) {
    if (!wants_json(session)) {
        say(session, text);
        return kFine;
    }
    const auto slots = vault.store().slots();
    const auto in_use = std::ranges::find(slots, true, &secrets::SlotInfo::opened_this);
    JsonWriter json;
    json.begin_object().member("action", "rekey").key("slot");
    in_use == slots.end() ? json.null() : json.value(in_use->id);
    json.key("key");
    file ? json.value(file->string()) : json.null();
    json.member("generation", vault.store().generation()).end_object();
    session.out().print(json.take());
    return kFine;
}

/// A new key under the old one's name. Until the store has taken it, it is called NAME.new; Vault::open knows
/// that name, in case we are stopped in between.
int rekey_in_place(const Session& session, Vault& vault) {
    const fs::path file = *vault.key_file();
    const fs::path next = secrets::next_key_file(file);
    // One that is there may open the store already, because an earlier rekey was interrupted: it is finished.
    if (std::error_code ignored; !fs::exists(next, ignored)) {
        if (auto made = secrets::create_key_file(next, vault.random()); !made) {
            return session.fail(made.error());
        }
    }
    auto key = secrets::read_unlock_key(secrets::KeyFile{next});
    if (!key) {
        return session.fail(key.error());
    }
    const auto expected = crypto::SecretBytes::copy_of(key->bytes.view());
    if (auto done = vault.store().rekey(*std::move(key)); !done) {
        return session.fail(
            done.error());  // `next` stays: the store may have taken it although its mark has failed.
    }
    if (auto named = name_new_key(vault.file(), file, expected); !named) {
        return session.fail(named.error());
    }
    return report_key(session, vault, file,
                      fmt::format("the store has a new key: {}\nback it up now; the old one opens old copies "
                                  "of the store only",
                                  escaped(file.string())));
}

std::optional<std::uint32_t> number_of(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

int list_slots(const Session& session, Vault& vault) {
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object().key("slots").begin_array();
        for (const secrets::SlotInfo& slot : vault.store().slots()) {
            json.begin_object()
                .member("id", slot.id)
                .member("kind", word_for(slot.kind))
                .member("label", slot.label)
                .member("opened_this", slot.opened_this)
                .end_object();
        }
        json.end_array().end_object();
        session.out().print(json.take());
        return kFine;
    }
    for (const secrets::SlotInfo& slot : vault.store().slots()) {
        say(session, fmt::format("{}  {:<10}  {}{}", slot.id, word_for(slot.kind), slot.label,
                                 slot.opened_this ? "  (opened the store just now)" : ""));
    }
    return kFine;
}

int add_slot(const Session& session, Vault& vault, const std::string& label) {
    if (label.empty() || !secrets::is_slot_label(label)) {
        return session.fail(kWrongUsage, "that is not a label for a slot",
                            fmt::format("1 to {} visible ASCII characters, for example recovery",
                                        secrets::limits::kSlotLabelBytes));
    }
    auto fresh = new_key(session, vault, fmt::format("for the slot {} of", label));
    if (!fresh) {
        return session.fail(fresh.error());
    }
    if (!*fresh) {
        return session.fail(kWrongUsage, "secret slot add needs --new-passphrase or --new-key-file FILE",
                            "for example `quantconf secret slot add recovery --new-passphrase`");
    }
    const auto before = slot_ids(vault);
    const secrets::SlotKind kind = (*fresh)->key.kind;
    const auto id = vault.store().add_slot(std::move((*fresh)->key), label);
    if (!id) {
        forget_unused(**fresh, before, vault);
        return session.fail(id.error());
    }
    if (!wants_json(session)) {
        say(session, fmt::format("slot {} ({}) opens the store from now on; it has been tried", *id, label));
        return kFine;
    }
    JsonWriter json;
    json.begin_object()
        .member("action", "slot add")
        .member("id", *id)
        .member("kind", word_for(kind))
        .member("label", label)
        .key("key");
    (*fresh)->file ? json.value((*fresh)->file->string()) : json.null();
    json.member("generation", vault.store().generation()).end_object();
    session.out().print(json.take());
    return kFine;
}

int remove_slot(const Session& session, Vault& vault, std::uint32_t id) {
    if (auto done = vault.store().remove_slot(id); !done) {
        return session.fail(done.error());
    }
    if (!wants_json(session)) {
        say(session,
            fmt::format("slot {} opens the store no more; old copies of the store still open with it", id));
        return kFine;
    }
    JsonWriter json;
    json.begin_object()
        .member("action", "slot rm")
        .member("id", id)
        .member("generation", vault.store().generation())
        .end_object();
    session.out().print(json.take());
    return kFine;
}

}  // namespace

void print_places(const Session& session, Vault& vault) {
    const Terminal& out = session.out();
    out.print(fmt::format("secret store: {}\n", escaped(session.store_file().string())));
    if (vault.key_file()) {
        out.print(fmt::format("master key:   {}\n", escaped(vault.key_file()->string())));
    }
    out.print(
        "back up both, in different places: without the key the store is lost, and who has both has every "
        "secret\n");
    out.print("a second way in: `quantconf secret slot add recovery --new-passphrase`\n");
}

int secret_init(const Session& session) {
    const auto vault = Vault::create(session);
    if (!vault) {
        return session.fail(vault.error());
    }
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object()
            .member("store", session.store_file().string())
            .member("uuid", (*vault)->store().uuid());
        (*vault)->key_file() ? json.member("key", (*vault)->key_file()->string()) : json.key("key").null();
        json.end_object();
        session.out().print(json.take());
    } else {
        print_places(session, **vault);
    }
    return kFine;
}

int secret_rekey(const Session& session, Vault& vault) {
    auto fresh = new_key(session, vault, "replacing the key of");
    if (!fresh) {
        return session.fail(fresh.error());
    }
    if (!*fresh) {
        return vault.key_file() ? rekey_in_place(session, vault)
                                : session.fail(kWrongUsage, "where shall the new key come from?",
                                               "--new-key-file FILE or --new-passphrase");
    }
    const auto before = slot_ids(vault);
    if (auto done = vault.store().rekey(std::move((*fresh)->key)); !done) {
        forget_unused(**fresh, before, vault);
        return session.fail(done.error());
    }
    return report_key(session, vault, (*fresh)->file,
                      "the store has a new key; the old one opens old copies of the store only");
}

int secret_reencrypt(const Session& session, Vault& vault) {
    std::vector<secrets::UnlockKey> others;
    for (const fs::path& file : session.arguments().other_key_files) {
        auto key =
            secrets::read_unlock_key(secrets::KeyFile{fs::absolute(file), "--other-key-file names it"});
        if (!key) {
            return session.fail(key.error());
        }
        others.push_back(*std::move(key));
    }
    if (session.arguments().other_passphrase) {
        const std::string prompt =
            fmt::format("passphrase of another slot of the store {}: ", store_name(session));
        auto key =
            secrets::read_unlock_key(secrets::Passphrase{[&] { return secrets::ask_passphrase(prompt); }});
        if (!key) {
            return session.fail(key.error());
        }
        others.push_back(*std::move(key));
    }
    if (auto done = vault.store().reencrypt(others); !done) {
        return session.fail(done.error());
    }
    if (wants_json(session)) {
        JsonWriter json;
        json.begin_object()
            .member("action", "reencrypt")
            .member("secrets", static_cast<std::uint64_t>(vault.store().list().size()))
            .member("generation", vault.store().generation())
            .end_object();
        session.out().print(json.take());
        return kFine;
    }
    say(session,
        fmt::format(
            "every secret is encrypted anew, generation {}; to shut somebody out, `secret rekey` too, "
            "and rotate what they have seen",
            vault.store().generation()));
    return kFine;
}

int secret_slot(const Session& session, Vault& vault) {
    const auto& operands = session.arguments().operands;
    if (operands[0] == "list" && operands.size() == 1) {
        return list_slots(session, vault);
    }
    if (operands[0] == "add" && operands.size() == 2) {
        return add_slot(session, vault, operands[1]);
    }
    const auto id = operands.size() == 2 ? number_of(operands[1]) : std::nullopt;
    if (operands[0] == "rm" && id) {
        return remove_slot(session, vault, *id);
    }
    return operands[0] == "rm"
               ? session.fail(kWrongUsage, "secret slot rm needs the number of a slot",
                              "`quantconf secret slot list` shows them")
               : session.fail(kWrongUsage, "secret slot understands list, add LABEL and rm ID",
                              "for example `quantconf secret slot add recovery --new-passphrase`");
}

}  // namespace quantconf::app
