#include "secrets/slot.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/head.hpp"
#include "secrets/stretch.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::string_view kInfo = "qcs1/slot";

Outcome<MessageKey> key_of(const Slot& slot, const std::string& context, const UnlockKey& key) {
    const std::string info = std::string{kInfo} + context;
    if (slot.kind == SlotKind::Key) {
        return message_key(key.bytes.view(), crypto::view_of(slot.salt), info);
    }
    QC_TRY(const crypto::SecretBytes stretched,
           stretch(key.bytes.view(), crypto::view_of(slot.salt), slot.cost));
    return message_key(stretched.view(), crypto::view_of(slot.salt), info);
}

}  // namespace

Slot slot_for(std::uint32_t id, std::string_view label, const UnlockKey& key) {
    const bool is_stretched = key.kind == SlotKind::Passphrase;
    return {.id = id,
            .kind = key.kind,
            .cost = is_stretched ? key.cost : KdfCost{.passes = 0, .memory_kib = 0},
            .label = std::string{label}};
}

Outcome<Slot> wrap_root(const KeyRing& keys, const Header& header, Slot slot, const UnlockKey& key,
                        crypto::Random& random) {
    QC_ASSERT(keys.is_usable());
    QC_ASSERT(slot.kind == key.kind);
    if (key.bytes.view().empty() || (key.kind == SlotKind::Key && key.bytes.size() != kRootKeyBytes)) {
        return std::unexpected{
            Error{.cause = Problem::BadKey, .hint = "a key has 32 bytes, a passphrase at least one"}};
    }
    const std::string context = slot_context(header, slot);
    QC_TRY(slot.salt, hedged_salt(random, keys.hedge_key(), context, keys.root()));
    QC_TRY(const MessageKey slot_key, key_of(slot, context, key));
    std::ranges::copy(slot_key.commitment(), slot.commitment.begin());
    const std::string wrapped = crypto::aes256gcm_seal(slot_key.key(), zero_nonce(), context, keys.root());
    QC_ASSERT(wrapped.size() == slot.wrapped.size());
    std::ranges::copy(wrapped, slot.wrapped.begin());
    return slot;
}

Outcome<std::optional<Unlocked>> unlock(const Header& header, const std::vector<Slot>& slots,
                                        const UnlockKey& key) {
    if (key.bytes.view().empty()) {
        return std::optional<Unlocked>{};  // A forked child, or nothing was typed.
    }
    for (const Slot& slot : slots) {
        if (slot.kind != key.kind) {
            continue;
        }
        const std::string context = slot_context(header, slot);
        QC_TRY(const MessageKey slot_key, key_of(slot, context, key));
        if (!crypto::equal_in_constant_time(slot_key.commitment(), crypto::view_of(slot.commitment))) {
            continue;
        }
        Unlocked unlocked{slot.id, crypto::SecretBytes{kRootKeyBytes, crypto::OnFork::Wipe}};
        if (crypto::aes256gcm_open(slot_key.key(), zero_nonce(), context,
                                   {slot.wrapped.data(), slot.wrapped.size()}, unlocked.root.bytes())) {
            return std::optional{std::move(unlocked)};
        }
    }
    return std::optional<Unlocked>{};
}

}  // namespace quantconf::secrets
