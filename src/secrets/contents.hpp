#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "crypto/hmac.hpp"
#include "crypto/secret_bytes.hpp"
#include "secrets/audit_sink.hpp"
#include "secrets/problem.hpp"
#include "secrets/store.hpp"
#include "secrets/unlock_key.hpp"
#include "secrets/uuid.hpp"

/// What stands in a store's file, as docs/formats.md describes it. Times are milliseconds since 1970.
namespace quantconf::secrets {

/// What functions over bytes return: the reason alone. Only the store knows the file's name.
template <typename T>
using Parsed = std::expected<T, Problem>;

/// The clear, authenticated start of the file.
struct Header {
    Uuid uuid = {};
    std::uint64_t generation = 0;
    std::uint32_t term = 0;  ///< Counts the root keys of this store.
    std::int64_t created = 0;
    std::int64_t updated = 0;
    AuditAnchor anchor = {};
    crypto::Mac index_salt = {};

    friend bool operator==(const Header&, const Header&) = default;
};

/// One way to the root key.
struct Slot {
    std::uint32_t id = 0;
    SlotKind kind = SlotKind::Key;
    KdfCost cost = {.passes = 0, .memory_kib = 0};  ///< Zeros for a key.
    std::string label = {};
    crypto::Mac salt = {};
    crypto::Mac commitment = {};
    std::array<char, 48> wrapped = {};  ///< The root key and its tag.

    friend bool operator==(const Slot&, const Slot&) = default;
};

struct VersionEntry {
    std::uint32_t number = 0;
    VersionState state = VersionState::Pending;
    std::int64_t created = 0;
    std::int64_t changed = 0;
    std::string by = {};
    std::string record = {};  ///< As sealed by record.hpp; empty for a retired version.

    friend bool operator==(const VersionEntry&, const VersionEntry&) = default;
};

struct SecretEntry {
    std::string name = {};
    std::uint32_t last_number = 0;  ///< The highest ever given to a version: numbers are not used again.
    std::int64_t expires = 0;       ///< 0: never.
    std::uint8_t environments = 0;  ///< One bit for each of kEnvironments; 0: all.
    std::vector<std::string> hosts = {};
    std::vector<VersionEntry> versions = {};

    friend bool operator==(const SecretEntry&, const SecretEntry&) = default;
};

/// The encrypted part, with the records that it describes.
struct Index {
    crypto::SecretBytes audit_key = {};
    std::vector<SecretEntry> secrets = {};  ///< By name.
};

/// One generation.
struct Contents {
    Header header = {};
    std::vector<Slot> slots = {};
    Index index = {};
};

}  // namespace quantconf::secrets
