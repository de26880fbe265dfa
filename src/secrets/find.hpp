#pragma once

#include <optional>
#include <string_view>

#include "secrets/contents.hpp"
#include "secrets/problem.hpp"
#include "secrets/store.hpp"

/// Questions about the index.
namespace quantconf::secrets {

/// Null if there is none. Ends with the index.
[[nodiscard]] const SecretEntry* find_secret(const Index& index, std::string_view name);
[[nodiscard]] SecretEntry* find_secret(Index& index, std::string_view name);
[[nodiscard]] const VersionEntry* find_version(const SecretEntry& secret, VersionSelector which);
[[nodiscard]] VersionEntry* find_version(SecretEntry& secret, VersionState state);

/// Why a secret must not be handed out for this use; nothing if it may.
[[nodiscard]] std::optional<Problem> refusal(const SecretEntry& secret, const Use& use);

[[nodiscard]] SecretInfo info_of(const SecretEntry& secret);
/// Up to limits::kSlotLabelBytes of visible ASCII.
[[nodiscard]] bool is_slot_label(std::string_view label);

}  // namespace quantconf::secrets
