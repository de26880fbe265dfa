#include "secrets/store.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <utility>

#include "quantconf/detail/try.hpp"
#include "secrets/find.hpp"
#include "secrets/record.hpp"
#include "secrets/slot.hpp"
#include "secrets/store_errors.hpp"
#include "secrets/store_state.hpp"

namespace quantconf::secrets {
namespace {

/// The keys of a store end with a fork: a child has to open it anew.
std::unique_ptr<StoreState> state_of(std::shared_ptr<StoreFile> file, UnlockKey key, StoreTools tools,
                                     OpenOptions options) {
    key.bytes = crypto::SecretBytes::copy_of(key.bytes.view(), crypto::OnFork::Wipe);
    return std::make_unique<StoreState>(std::move(file), std::move(key), std::move(tools), options);
}

/// Why no store may be made here: there is one, or there was one.
Outcome<std::optional<Problem>> whats_there(const StoreState& state) {
    QC_TRY(const auto file, state.file->read());
    if (file) {
        return Problem::Exists;
    }
    QC_TRY(const bool has_previous, state.file->has_previous());
    QC_TRY(const auto audited, state.tools.audit.last_generation());
    return has_previous || audited ? std::optional{Problem::StoreGone} : std::nullopt;
}

Outcome<Opened> first_generation(const StoreState& state, const std::optional<Uuid>& uuid,
                                 std::string_view slot_label) {
    crypto::Random& random = state.tools.random;
    Opened first;
    Header& header = first.contents.header;
    crypto::SecretBytes root{kRootKeyBytes, crypto::OnFork::Wipe};
    first.contents.index.audit_key = crypto::SecretBytes{32, crypto::OnFork::Wipe};
    if (uuid) {
        header.uuid = *uuid;
    } else {
        QC_TRY(header.uuid, new_uuid(random));
    }
    for (const std::span<char> part : {root.bytes(), first.contents.index.audit_key.bytes()}) {
        if (auto filled = random.fill(part); !filled) {
            return std::unexpected{std::move(filled).error()};
        }
    }
    header.generation = 1;
    header.term = 1;
    header.created = header.updated = milliseconds(state.tools.clock.now());
    first.keys = KeyRing{std::move(root), header};
    first.slot_id = 1;
    QC_TRY(Slot slot, wrap_root(first.keys, header, slot_for(1, slot_label, state.key), state.key, random));
    first.contents.slots.push_back(std::move(slot));
    return first;
}

/// A store that does not open is somebody's attempt. What the log says about it comes second.
void record_refusal(AuditSink& audit, const Error& error) {
    (void)audit.refused({.action = "store.open", .cause = error.cause});
}

Outcome<void> record_acceptance_of(Problem what, StoreState& state) {
    QC_TRY(const std::uint64_t intent,
           state.tools.audit.intend({.action = "store.accept_rollback",
                                     .generation = state.opened.contents.header.generation,
                                     .cause = make_error_code(what)}));
    return state.tools.audit.finish(intent, AuditResult::Done, {});
}

/// An older store, or a log that has lost what the store remembers: who goes on in spite of it is named in
/// the log that goes on.
Outcome<void> record_acceptance(StoreState& state) {
    if (!state.options.accept_rollback) {
        return {};
    }
    const Header& header = state.opened.contents.header;
    QC_TRY(const std::uint64_t known, known_generation(state, text_of(header.uuid)));
    QC_TRY(const bool has_anchor, state.tools.audit.contains(header.anchor));
    if (header.generation < known) {
        if (auto done = record_acceptance_of(Problem::RollbackDetected, state); !done) {
            return done;
        }
    }
    return has_anchor ? Outcome<void>{} : record_acceptance_of(Problem::AuditCut, state);
}

}  // namespace

Store::Store(std::unique_ptr<StoreState> state) : state_{std::move(state)} {}
Store::Store(Store&& other) noexcept = default;
Store& Store::operator=(Store&& other) noexcept = default;
Store::~Store() = default;

Outcome<Store> Store::create(std::shared_ptr<StoreFile> file, UnlockKey key, StoreTools tools,
                             const std::optional<Uuid>& uuid, std::string_view slot_label) {
    Change change{.operation = "create", .event = {.action = "store.create", .generation = 1}, .apply = {}};
    auto state = state_of(std::move(file), std::move(key), std::move(tools), {});
    if (!is_slot_label(slot_label)) {
        return std::unexpected{store_error(*state->file, change.operation, Problem::BadName)};
    }
    auto lock = state->file->lock();
    if (!lock) {
        return std::unexpected{with_place(std::move(lock).error(), *state->file, change.operation)};
    }
    auto in_the_way = whats_there(*state);
    if (!in_the_way) {
        return std::unexpected{with_place(std::move(in_the_way).error(), *state->file, change.operation)};
    }
    if (*in_the_way) {
        return std::unexpected{store_error(*state->file, change.operation, **in_the_way)};
    }
    auto first = first_generation(*state, uuid, slot_label);
    if (!first) {
        return std::unexpected{with_place(std::move(first).error(), *state->file, change.operation)};
    }
    change.proofs = {&state->key};
    state->tools.audit.use_key(first->contents.index.audit_key.view());
    if (auto written = write_generation(*state, *first, change); !written) {
        return std::unexpected{std::move(written).error()};
    }
    return Store{std::move(state)};
}

Outcome<Store> Store::open(std::shared_ptr<StoreFile> file, UnlockKey key, StoreTools tools,
                           OpenOptions options) {
    auto state = state_of(std::move(file), std::move(key), std::move(tools), options);
    auto opened = load(*state, "open");
    if (!opened) {
        record_refusal(state->tools.audit, opened.error());
        return std::unexpected{std::move(opened).error()};
    }
    state->opened = *std::move(opened);
    if (auto recorded = record_acceptance(*state); !recorded) {
        return std::unexpected{std::move(recorded).error()};
    }
    return Store{std::move(state)};
}

std::string Store::uuid() const {
    return text_of(state_->opened.contents.header.uuid);
}

std::uint64_t Store::generation() const {
    return state_->opened.contents.header.generation;
}

std::vector<SecretInfo> Store::list() const {
    std::vector<SecretInfo> infos;
    for (const SecretEntry& secret : state_->opened.contents.index.secrets) {
        infos.push_back(info_of(secret));
    }
    return infos;
}

Outcome<SecretInfo> Store::info(std::string_view name) const {
    const SecretEntry* secret = find_secret(state_->opened.contents.index, name);
    if (secret == nullptr) {
        return std::unexpected{not_found_error(*state_->file, "find", state_->opened.contents.index, name)};
    }
    return info_of(*secret);
}

Outcome<crypto::SecretBytes> Store::get(std::string_view name, VersionSelector which, const Use& use) const {
    const Contents& contents = state_->opened.contents;
    const StoreFile& file = *state_->file;
    const SecretEntry* secret = find_secret(contents.index, name);
    const VersionEntry* version = secret == nullptr ? nullptr : find_version(*secret, which);
    if (version == nullptr) {
        return std::unexpected{not_found_error(file, "read", contents.index, name, which)};
    }
    const auto refuse = [&](Problem problem, std::string hint) {
        (void)state_->tools.audit.refused({.action = "secret.get",
                                           .target = std::string{name},
                                           .to = version->number,
                                           .generation = contents.header.generation,
                                           .cause = make_error_code(problem)});
        return std::unexpected{secret_error(file, "read", name, problem, std::move(hint))};
    };
    if (const auto problem = refusal(*secret, use)) {
        return refuse(*problem, "`quantconf secret set` changes what a secret is bound to");
    }
    if (version->state == VersionState::Retired) {
        return std::unexpected{secret_error(file, "read", name, Problem::Retired,
                                            "refer to the current version, without @ and number")};
    }
    if (!state_->opened.keys.is_usable()) {
        return refuse(Problem::WrongKey, "a forked child has no keys; open the store again");
    }
    auto value =
        open_record(state_->opened.keys, {contents.header, secret->name, version->number}, version->record);
    if (!value) {
        return refuse(Problem::Tampered, "store the value anew with `quantconf secret set`");
    }
    return *std::move(value);
}

Outcome<std::vector<std::string>> Store::verify() const {
    QC_TRY(const Opened opened, load(*state_, "verify"));
    std::vector<std::string> failed;
    for (const SecretEntry& secret : opened.contents.index.secrets) {
        const bool is_whole = std::ranges::all_of(secret.versions, [&](const VersionEntry& version) {
            return version.state == VersionState::Retired ||
                   open_record(opened.keys, {opened.contents.header, secret.name, version.number},
                               version.record);
        });
        if (!is_whole) {
            failed.push_back(secret.name);
        }
    }
    return failed;
}

Outcome<bool> Store::is_whole() const {
    QC_TRY(const auto bytes, state_->file->read());
    const auto layout = bytes ? parse_layout(*bytes) : Parsed<Layout>{std::unexpected{Problem::StoreMissing}};
    return layout && has_right_trailer(*bytes) &&
           open_layout(*layout, *bytes, state_->opened.keys, Strictness::Whole).has_value();
}

AuditAnchor Store::audit_anchor() const {
    return state_->opened.contents.header.anchor;
}

std::string_view Store::audit_key() const {
    return state_->opened.contents.index.audit_key.view();
}

}  // namespace quantconf::secrets
