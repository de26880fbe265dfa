#include "secrets/find.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "secrets/store_state.hpp"

namespace quantconf::secrets {
namespace {

std::uint8_t bit_of(Environment environment) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(environment));
}

VersionState state_of(Label label) {
    switch (label) {
        case Label::Current:
            return VersionState::Current;
        case Label::Previous:
            return VersionState::Previous;
        case Label::Pending:
            break;
    }
    return VersionState::Pending;
}

std::optional<TimePoint> optional_time(std::int64_t time) {
    return time == 0 ? std::nullopt : std::optional{time_point(time)};
}

}  // namespace

const SecretEntry* find_secret(const Index& index, std::string_view name) {
    const auto found = std::ranges::lower_bound(index.secrets, name, {}, &SecretEntry::name);
    return found != index.secrets.end() && found->name == name ? &*found : nullptr;
}

SecretEntry* find_secret(Index& index, std::string_view name) {
    const auto found = std::ranges::lower_bound(index.secrets, name, {}, &SecretEntry::name);
    return found != index.secrets.end() && found->name == name ? &*found : nullptr;
}

VersionEntry* find_version(SecretEntry& secret, VersionState state) {
    const auto found = std::ranges::find(secret.versions, state, &VersionEntry::state);
    return found == secret.versions.end() ? nullptr : &*found;
}

const VersionEntry* find_version(const SecretEntry& secret, VersionSelector which) {
    const auto found = std::ranges::find_if(secret.versions, [which](const VersionEntry& version) {
        if (const Label* label = std::get_if<Label>(&which)) {
            return version.state == state_of(*label);
        }
        return version.number == std::get<std::uint32_t>(which);
    });
    return found == secret.versions.end() ? nullptr : &*found;
}

std::optional<Problem> refusal(const SecretEntry& secret, const Use& use) {
    if (use.environment && secret.environments != 0 &&
        (secret.environments & bit_of(*use.environment)) == 0) {
        return Problem::NotForEnvironment;
    }
    if (!use.host.empty() && !secret.hosts.empty() &&
        std::ranges::find(secret.hosts, ascii_lower(use.host)) == secret.hosts.end()) {
        return Problem::NotForHost;
    }
    return std::nullopt;
}

bool is_past_grace(const VersionInfo& version, TimePoint now, std::chrono::milliseconds grace) {
    return version.state == VersionState::Previous && now - version.changed >= grace;
}

SecretInfo info_of(const SecretEntry& secret) {
    SecretInfo info{.name = secret.name, .expires = optional_time(secret.expires), .hosts = secret.hosts};
    for (const VersionEntry& version : secret.versions) {
        info.versions.push_back({.number = version.number,
                                 .state = version.state,
                                 .created = time_point(version.created),
                                 .changed = time_point(version.changed),
                                 .by = version.by});
        if (version.state == VersionState::Current) {
            info.current = version.number;
            info.rotated = time_point(version.changed);
        }
    }
    for (const Environment environment : kEnvironments) {
        if ((secret.environments & bit_of(environment)) != 0) {
            info.environments.push_back(environment);
        }
    }
    return info;
}

bool is_slot_label(std::string_view label) {
    return label.size() <= limits::kSlotLabelBytes &&
           std::ranges::all_of(label, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace quantconf::secrets
