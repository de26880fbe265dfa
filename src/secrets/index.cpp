#include "secrets/index.hpp"

#include <algorithm>

#include "schema/host.hpp"
#include "schema/secret_reference.hpp"
#include "secrets/byte_reader.hpp"
#include "secrets/byte_writer.hpp"
#include "secrets/limits.hpp"
#include "secrets/record.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::size_t kAuditKeyBytes = 32;
constexpr std::uint8_t kAllEnvironments = (1U << kEnvironments.size()) - 1;
constexpr std::int64_t kTimeMax = 9'223'372'036'854;  // Year 2262: as far as nanoseconds in 64 bits reach.

void write_version(ByteWriter& out, const VersionEntry& version) {
    out.u32(version.number);
    out.u8(static_cast<std::uint8_t>(version.state));
    out.i64(version.created);
    out.i64(version.changed);
    out.short_text(version.by);
    out.u32(version.record.size());
}

void write_secret(ByteWriter& out, const SecretEntry& secret) {
    out.short_text(secret.name);
    out.u32(secret.last_number);
    out.i64(secret.expires);
    out.u8(secret.environments);
    out.u8(secret.hosts.size());
    for (const std::string& host : secret.hosts) {
        out.short_text(host);
    }
    out.u8(secret.versions.size());
    for (const VersionEntry& version : secret.versions) {
        write_version(out, version);
    }
}

void write_index(ByteWriter& out, const Index& index) {
    out.bytes(index.audit_key.view());
    out.u32(index.secrets.size());
    for (const SecretEntry& secret : index.secrets) {
        write_secret(out, secret);
    }
}

VersionEntry read_version(ByteReader& in, ByteReader& records) {
    VersionEntry version;
    version.number = in.u32();
    version.state = static_cast<VersionState>(in.u8());
    version.created = in.i64();
    version.changed = in.i64();
    version.by = in.short_text();
    version.record = records.bytes(in.u32());
    return version;
}

SecretEntry read_secret(ByteReader& in, ByteReader& records) {
    SecretEntry secret;
    secret.name = in.short_text();
    secret.last_number = in.u32();
    secret.expires = in.i64();
    secret.environments = in.u8();
    const std::size_t hosts = in.u8();
    for (std::size_t i = 0; i < hosts && in.is_good(); ++i) {
        secret.hosts.emplace_back(in.short_text());
    }
    const std::size_t versions = in.u8();
    for (std::size_t i = 0; i < versions && in.is_good(); ++i) {
        secret.versions.push_back(read_version(in, records));
    }
    return secret;
}

bool is_time(std::int64_t time) {
    return time >= 0 && time <= kTimeMax;
}

bool is_valid(const VersionEntry& version) {
    const bool has_state = version.state >= VersionState::Pending && version.state <= VersionState::Retired;
    const bool has_right_record = version.state == VersionState::Retired
                                      ? version.record.empty()
                                      : is_record_size(version.record.size());
    return version.number != 0 && has_state && has_right_record && is_time(version.created) &&
           is_time(version.changed) && version.by.size() <= limits::kActorBytes;
}

bool is_valid_host(const std::string& host) {
    return host.size() <= limits::kHostBytes && schema::valid_host(host) &&
           std::ranges::none_of(host, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool has_at_most_one(const SecretEntry& secret, VersionState state) {
    return std::ranges::count(secret.versions, state, &VersionEntry::state) <= 1;
}

}  // namespace

bool is_valid(const SecretEntry& secret) {
    const auto& versions = secret.versions;
    return schema::valid_secret_name(secret.name) && is_time(secret.expires) &&
           (secret.environments & ~kAllEnvironments) == 0 && secret.hosts.size() <= limits::kHosts &&
           std::ranges::all_of(secret.hosts, is_valid_host) &&
           std::ranges::adjacent_find(secret.hosts, std::ranges::greater_equal{}) == secret.hosts.end() &&
           !versions.empty() && versions.size() <= limits::kVersions &&
           std::ranges::all_of(versions, [](const VersionEntry& version) { return is_valid(version); }) &&
           std::ranges::adjacent_find(versions, std::ranges::greater_equal{}, &VersionEntry::number) ==
               versions.end() &&
           versions.back().number <= secret.last_number && has_at_most_one(secret, VersionState::Pending) &&
           has_at_most_one(secret, VersionState::Current) && has_at_most_one(secret, VersionState::Previous);
}

crypto::SecretBytes encode_index(const Index& index) {
    ByteWriter count;
    write_index(count, index);
    crypto::SecretBytes plain{count.size()};
    ByteWriter out{plain.bytes()};
    write_index(out, index);
    return plain;
}

Parsed<Index> parse_index(std::string_view plain, std::string_view records) {
    ByteReader in{plain};
    ByteReader record_bytes{records};
    Index index;
    index.audit_key = crypto::SecretBytes::copy_of(in.bytes(kAuditKeyBytes), crypto::OnFork::Wipe);
    const std::size_t secrets = in.u32();
    if (!in.is_good() || secrets > limits::kSecrets) {
        return std::unexpected{Problem::Damaged};
    }
    for (std::size_t i = 0; i < secrets; ++i) {
        SecretEntry secret = read_secret(in, record_bytes);
        const bool follows = index.secrets.empty() || index.secrets.back().name < secret.name;
        if (!in.is_good() || !record_bytes.is_good() || !follows || !is_valid(secret)) {
            return std::unexpected{Problem::Damaged};
        }
        index.secrets.push_back(std::move(secret));
    }
    if (!in.is_at_end() || !record_bytes.is_at_end()) {
        return std::unexpected{Problem::Damaged};
    }
    return index;
}

std::string concatenate_records(const Index& index) {
    std::string records;
    for (const SecretEntry& secret : index.secrets) {
        for (const VersionEntry& version : secret.versions) {
            records += version.record;
        }
    }
    return records;
}

}  // namespace quantconf::secrets
