#pragma once

#include "apps/quantconf/session.hpp"
#include "apps/vault/vault.hpp"

/// The verbs of `quantconf secret`. They print, and return the exit code.
namespace quantconf::app {

// Values.
int secret_set(const Session& session, Vault& vault);
int secret_get(const Session& session, Vault& vault);
int secret_rm(const Session& session, Vault& vault);
int secret_rotate(const Session& session, Vault& vault);
int secret_list(const Session& session, Vault& vault);
int secret_verify(const Session& session, Vault& vault);
int secret_import(const Session& session, Vault& vault);

// Keys.
int secret_init(const Session& session);
int secret_rekey(const Session& session, Vault& vault);
int secret_reencrypt(const Session& session, Vault& vault);
int secret_slot(const Session& session, Vault& vault);

/// Where the new store and its key are, and what to back up.
void print_places(const Session& session, Vault& vault);

/// Records that a secret is about to leave the store, and takes it out. `reference` is NAME, NAME@3,
/// NAME@previous or NAME@pending.
[[nodiscard]] Outcome<crypto::SecretBytes> reveal(Vault& vault, std::string_view reference,
                                                  audit::Action action, const secrets::Use& use = {});

}  // namespace quantconf::app
