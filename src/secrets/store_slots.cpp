// The verbs that change who can open the store.

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/find.hpp"
#include "secrets/record.hpp"
#include "secrets/slot.hpp"
#include "secrets/store_errors.hpp"
#include "secrets/store_state.hpp"

namespace quantconf::secrets {
namespace {

Error slot_error(const StoreFile& file, std::string_view operation, std::uint32_t id, Problem problem,
                 std::string hint) {
    return {.operation = std::string{operation},
            .subject = fmt::format("slot {} of {}", id, file.name()),
            .cause = problem,
            .hint = std::move(hint)};
}

/// One more slot, in one generation, opened with its key before it replaces anything.
Outcome<std::uint32_t> add(StoreState& state, std::string_view operation, const UnlockKey& key,
                           std::string_view label) {
    std::uint32_t id = 0;
    Change change{.operation = std::string{operation}, .event = {.action = "slot.add"}, .apply = {}};
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        std::vector<Slot>& slots = draft.contents.slots;
        id = slots.back().id + 1;
        // Not the label: that is free text, and nothing keeps people from writing a passphrase there.
        draft.event.target = fmt::format("{}", id);
        if (!is_slot_label(label)) {
            return std::unexpected{slot_error(
                *state.file, operation, id, Problem::BadName,
                fmt::format("a label has at most {} visible ASCII characters", limits::kSlotLabelBytes))};
        }
        if (slots.size() == limits::kSlots) {
            return std::unexpected{slot_error(
                *state.file, operation, id, Problem::TooMany,
                fmt::format("a store has at most {} slots; `quantconf secret slot rm ID` makes room",
                            limits::kSlots))};
        }
        QC_TRY(const auto unlocked, unlock(draft.contents.header, slots, key));
        if (unlocked) {
            return std::unexpected{slot_error(*state.file, operation, unlocked->slot_id, Problem::Exists,
                                              "this key opens the store already; give another one")};
        }
        QC_TRY(Slot slot,
               wrap_root(draft.keys, draft.contents.header, slot_for(id, label, key), key, draft.random));
        slots.push_back(std::move(slot));
        draft.proofs.push_back(&key);
        return true;
    };
    QC_TRY([[maybe_unused]] const bool is_written, make_change(state, change));
    return id;
}

Outcome<void> remove(StoreState& state, std::string_view operation, std::uint32_t id) {
    Change change{.operation = std::string{operation}, .event = {.action = "slot.rm"}, .apply = {}};
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        std::vector<Slot>& slots = draft.contents.slots;
        const auto slot = std::ranges::find(slots, id, &Slot::id);
        if (slot == slots.end()) {
            return std::unexpected{slot_error(*state.file, operation, id, Problem::NotFound,
                                              "`quantconf secret slot list` shows them")};
        }
        if (id == state.opened.slot_id) {
            return std::unexpected{
                slot_error(*state.file, operation, id, Problem::InUse,
                           "it opened the store just now; open it with the key of another slot, or "
                           "replace this one with `quantconf secret rekey`")};
        }
        draft.event.target = fmt::format("{}", id);
        slots.erase(slot);
        return true;
    };
    if (auto made = make_change(state, change); !made) {
        return std::unexpected{std::move(made).error()};
    }
    return {};
}

/// The key among ours and `others` that opens a slot; null if there is none.
Outcome<const UnlockKey*> key_for(const Header& header, const Slot& slot, const UnlockKey& own,
                                  std::span<const UnlockKey> others) {
    std::vector<const UnlockKey*> keys{&own};
    for (const UnlockKey& other : others) {
        keys.push_back(&other);
    }
    for (const UnlockKey* key : keys) {
        QC_TRY(const auto unlocked, unlock(header, {slot}, *key));
        if (unlocked) {
            return key;
        }
    }
    return nullptr;
}

/// Every record under the new root key. Damaged if one does not open: then nothing is changed.
Outcome<void> seal_again(const StoreFile& file, Draft& draft, const Header& header, const KeyRing& keys) {
    for (SecretEntry& secret : draft.contents.index.secrets) {
        for (VersionEntry& version : secret.versions) {
            if (version.state == VersionState::Retired) {
                continue;
            }
            const auto value =
                open_record(draft.keys, {draft.contents.header, secret.name, version.number}, version.record);
            if (!value) {
                return std::unexpected{secret_error(file, "reencrypt", secret.name, Problem::Tampered,
                                                    "store the value anew, or remove the secret")};
            }
            QC_TRY(version.record,
                   seal_record(keys, {header, secret.name, version.number}, value->view(), draft.random));
        }
    }
    return {};
}

}  // namespace

Outcome<std::uint32_t> Store::add_slot(UnlockKey key, std::string_view label) {
    return add(*state_, "add", key, label);
}

Outcome<void> Store::remove_slot(std::uint32_t id) {
    return remove(*state_, "remove", id);
}

std::vector<SlotInfo> Store::slots() const {
    std::vector<SlotInfo> infos;
    for (const Slot& slot : state_->opened.contents.slots) {
        infos.push_back({.id = slot.id,
                         .kind = slot.kind,
                         .label = slot.label,
                         .opened_this = slot.id == state_->opened.slot_id});
    }
    return infos;
}

Outcome<void> Store::rekey(UnlockKey fresh) {
    const std::uint32_t old_id = state_->opened.slot_id;
    const auto& slots = state_->opened.contents.slots;
    const auto old = std::ranges::find(slots, old_id, &Slot::id);
    const std::string label = old == slots.end() ? "master key" : old->label;
    // The slot of a rekey that was interrupted is used, not joined by another one that nobody could open.
    QC_TRY(const auto present, unlock(state_->opened.contents.header, slots, fresh));
    if (!present || present->slot_id == old_id) {
        QC_TRY([[maybe_unused]] const std::uint32_t id, add(*state_, "rekey", fresh, label));
    }

    // From here on the old key is not needed for anything: the new one has to do all of it.
    fresh.bytes = crypto::SecretBytes::copy_of(fresh.bytes.view(), crypto::OnFork::Wipe);
    auto reopened =
        std::make_unique<StoreState>(state_->file, std::move(fresh), state_->tools, state_->options);
    QC_TRY(reopened->opened, load(*reopened, "rekey"));
    state_ = std::move(reopened);
    if (auto removed = remove(*state_, "rekey", old_id); !removed) {
        Error error = std::move(removed).error();
        const auto& now = state_->opened.contents.slots;
        if (std::ranges::find(now, old_id, &Slot::id) == now.end()) {
            return std::unexpected{std::move(error)};  // Only what comes behind the change has failed.
        }
        error.hint += fmt::format("{}the old key and the new one both open the store; remove slot {} later",
                                  error.hint.empty() ? "" : "; ", old_id);
        return std::unexpected{std::move(error)};
    }
    return {};
}

Outcome<void> Store::reencrypt(std::span<const UnlockKey> others) {
    const StoreFile& file = *state_->file;
    Change change{.operation = "reencrypt", .event = {.action = "store.reencrypt"}, .apply = {}};
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        Header header = draft.contents.header;
        header.term += 1;
        crypto::SecretBytes root{kRootKeyBytes, crypto::OnFork::Wipe};
        if (auto filled = draft.random.fill(root.bytes()); !filled) {
            return std::unexpected{std::move(filled).error()};
        }
        KeyRing keys{std::move(root), header};
        for (Slot& slot : draft.contents.slots) {
            QC_TRY(const UnlockKey* key, key_for(draft.contents.header, slot, state_->key, others));
            if (key == nullptr) {
                return std::unexpected{slot_error(
                    file, "reencrypt", slot.id, Problem::NoKeySource,
                    fmt::format(
                        "every slot gets the new root key: give the key of slot {} ({}), or remove it",
                        slot.id, quoted(slot.label)))};
            }
            QC_TRY(slot, wrap_root(keys, header, slot, *key, draft.random));
            draft.proofs.push_back(key);
        }
        if (auto sealed = seal_again(file, draft, header, keys); !sealed) {
            return std::unexpected{std::move(sealed).error()};
        }
        draft.contents.header = header;
        draft.keys = std::move(keys);
        return true;
    };
    if (auto made = make_change(*state_, change); !made) {
        return std::unexpected{std::move(made).error()};
    }
    return {};
}

}  // namespace quantconf::secrets
