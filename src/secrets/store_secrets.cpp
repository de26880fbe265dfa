// The verbs that change one secret.

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "quantconf/detail/try.hpp"
#include "schema/secret_reference.hpp"
#include "secrets/find.hpp"
#include "secrets/index.hpp"
#include "secrets/record.hpp"
#include "secrets/store_errors.hpp"
#include "secrets/store_state.hpp"

namespace quantconf::secrets {
namespace {

void move_to(VersionEntry& version, VersionState state, std::int64_t now) {
    version.state = state;
    version.changed = now;
    if (state == VersionState::Retired) {
        version.record.clear();
    }
}

void give_up(SecretEntry& secret, VersionState state, std::int64_t now) {
    if (VersionEntry* version = find_version(secret, state)) {
        move_to(*version, VersionState::Retired, now);
    }
}

/// current -> previous, previous -> retired.
void make_current(SecretEntry& secret, std::uint32_t number, std::int64_t now, AuditEvent& event) {
    give_up(secret, VersionState::Previous, now);
    if (VersionEntry* current = find_version(secret, VersionState::Current)) {
        event.from = current->number;
        move_to(*current, VersionState::Previous, now);
    }
    event.to = number;
    move_to(*std::ranges::find(secret.versions, number, &VersionEntry::number), VersionState::Current, now);
}

/// At most three versions have a value, so there is always a retired one to forget.
void forget_oldest(SecretEntry& secret) {
    while (secret.versions.size() > limits::kVersions) {
        secret.versions.erase(
            std::ranges::find(secret.versions, VersionState::Retired, &VersionEntry::state));
    }
}

/// As the file keeps them; is_valid() judges them afterwards.
void bind(SecretEntry& secret, const SecretOptions& options) {
    secret.environments = 0;
    for (const Environment environment : options.environments) {
        secret.environments |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(environment));
    }
    secret.hosts.clear();
    for (const std::string& host : options.hosts) {
        secret.hosts.push_back(ascii_lower(host));
    }
    std::ranges::sort(secret.hosts);
    const auto repeated = std::ranges::unique(secret.hosts);
    secret.hosts.erase(repeated.begin(), repeated.end());
    secret.expires = options.expires ? std::max<std::int64_t>(milliseconds(*options.expires), 1) : 0;
}

/// What is wrong with a name and a value, before the lock is taken.
std::optional<Error> check_input(const StoreFile& file, std::string_view operation, std::string_view name,
                                 std::string_view value) {
    if (!schema::valid_secret_name(name)) {
        return secret_error(file, operation, name, Problem::BadName,
                            "a name has 1 to 128 letters, digits, dots, hyphens and underscores, and begins "
                            "with a letter or a digit");
    }
    if (value.size() > limits::kValueBytes) {
        return secret_error(file, operation, name, Problem::TooLarge,
                            fmt::format("a value has at most {} bytes", limits::kValueBytes));
    }
    return std::nullopt;
}

/// The secret, made if there is none of this name.
Outcome<SecretEntry*> find_or_add(const StoreFile& file, std::string_view operation, Index& index,
                                  std::string_view name) {
    if (SecretEntry* secret = find_secret(index, name)) {
        return secret;
    }
    if (index.secrets.size() == limits::kSecrets) {
        return std::unexpected{store_error(file, operation, Problem::TooMany)};
    }
    const auto place = std::ranges::lower_bound(index.secrets, name, {}, &SecretEntry::name);
    return &*index.secrets.insert(place, SecretEntry{.name = std::string{name}});
}

/// Adds a pending version with this value.
Outcome<std::uint32_t> add_version(const StoreFile& file, std::string_view operation, Draft& draft,
                                   SecretEntry& secret, std::string_view value) {
    if (secret.last_number == std::numeric_limits<std::uint32_t>::max()) {
        return std::unexpected{secret_error(file, operation, secret.name, Problem::TooLarge,
                                            "its versions have used up all numbers; choose another name")};
    }
    const std::uint32_t number = secret.last_number + 1;
    QC_TRY(std::string record,
           seal_record(draft.keys, {draft.contents.header, secret.name, number}, value, draft.random));
    secret.last_number = number;
    secret.versions.push_back({.number = number,
                               .state = VersionState::Pending,
                               .created = draft.now,
                               .changed = draft.now,
                               .by = draft.by,
                               .record = std::move(record)});
    return number;
}

Change change_of(std::string_view verb, std::string_view name) {
    return {.operation = std::string{verb},
            .event = {.action = fmt::format("secret.{}", verb), .target = std::string{name}},
            .apply = {}};
}

/// A new current version of one secret, which is made if there is none of this name.
Outcome<void> put(const StoreFile& file, std::string_view operation, Draft& draft, const NewValue& fresh,
                  const std::optional<SecretOptions>& options) {
    QC_TRY(SecretEntry * secret, find_or_add(file, operation, draft.contents.index, fresh.name));
    if (options) {
        bind(*secret, *options);
    }
    QC_TRY(const std::uint32_t number, add_version(file, operation, draft, *secret, fresh.value));
    make_current(*secret, number, draft.now, draft.event);
    forget_oldest(*secret);
    if (!is_valid(*secret)) {
        return std::unexpected{secret_error(
            file, operation, fresh.name, Problem::BadName,
            fmt::format("at most {} hosts, each a name or an address; a date before the year 2262",
                        limits::kHosts))};
    }
    return {};
}

Outcome<void> without_result(Outcome<bool> outcome) {
    return outcome ? Outcome<void>{} : std::unexpected{std::move(outcome).error()};
}

}  // namespace

Outcome<void> Store::set(std::string_view name, std::string_view value,
                         const std::optional<SecretOptions>& options,
                         std::optional<std::uint64_t> expected_generation) {
    const StoreFile& file = *state_->file;
    if (auto wrong = check_input(file, "set", name, value)) {
        return std::unexpected{*std::move(wrong)};
    }
    Change change = change_of("set", name);
    change.expected_generation = expected_generation;
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        if (auto done = put(file, "set", draft, {name, value}, options); !done) {
            return std::unexpected{std::move(done).error()};
        }
        return true;
    };
    return without_result(make_change(*state_, change));
}

Outcome<void> Store::set_all(std::span<const NewValue> values) {
    const StoreFile& file = *state_->file;
    for (const NewValue& fresh : values) {
        if (auto wrong = check_input(file, "import", fresh.name, fresh.value)) {
            return std::unexpected{*std::move(wrong)};
        }
    }
    Change change = change_of("import", {});
    change.event.count = values.size();
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        for (const NewValue& fresh : values) {
            if (auto done = put(file, "import", draft, fresh, {}); !done) {
                return std::unexpected{std::move(done).error()};
            }
        }
        draft.event.from = draft.event.to =
            std::nullopt;  // Those of the last one say nothing about the others.
        return !values.empty();
    };
    return without_result(make_change(*state_, change));
}

Outcome<std::uint32_t> Store::rotate(std::string_view name, std::string_view value) {
    const StoreFile& file = *state_->file;
    if (auto wrong = check_input(file, "rotate", name, value)) {
        return std::unexpected{*std::move(wrong)};
    }
    std::uint32_t pending = 0;
    Change change = change_of("rotate", name);
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        SecretEntry* secret = find_secret(draft.contents.index, name);
        if (secret == nullptr) {
            return std::unexpected{not_found_error(file, "rotate", draft.contents.index, name)};
        }
        give_up(*secret, VersionState::Pending, draft.now);
        QC_TRY(pending, add_version(file, "rotate", draft, *secret, value));
        draft.event.to = pending;
        forget_oldest(*secret);
        return true;
    };
    QC_TRY([[maybe_unused]] const bool is_written, make_change(*state_, change));
    return pending;
}

Outcome<void> Store::promote(std::string_view name) {
    Change change = change_of("promote", name);
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        SecretEntry* secret = find_secret(draft.contents.index, name);
        const VersionEntry* pending =
            secret == nullptr ? nullptr : find_version(*secret, VersionState::Pending);
        if (pending == nullptr) {
            return std::unexpected{
                not_found_error(*state_->file, "promote", draft.contents.index, name, Label::Pending)};
        }
        const VersionEntry* current = find_version(*secret, VersionState::Current);
        if (current != nullptr && current->number > pending->number) {
            return std::unexpected{secret_error(
                *state_->file, "promote", name, Problem::Superseded,
                fmt::format(
                    "version {} became current after version {} was stored to be tried; `quantconf secret "
                    "rotate {}` stores its value once more, --abort destroys it",
                    current->number, pending->number, name))};
        }
        make_current(*secret, pending->number, draft.now, draft.event);
        return true;
    };
    return without_result(make_change(*state_, change));
}

Outcome<void> Store::abort(std::string_view name) {
    Change change = change_of("abort", name);
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        SecretEntry* secret = find_secret(draft.contents.index, name);
        const VersionEntry* pending =
            secret == nullptr ? nullptr : find_version(*secret, VersionState::Pending);
        if (pending == nullptr) {
            return std::unexpected{
                not_found_error(*state_->file, "abort", draft.contents.index, name, Label::Pending)};
        }
        draft.event.from = pending->number;
        give_up(*secret, VersionState::Pending, draft.now);
        return true;
    };
    return without_result(make_change(*state_, change));
}

Outcome<std::size_t> Store::retire_expired(std::chrono::milliseconds grace) {
    std::size_t count = 0;
    Change change = change_of("retire", {});
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        for (SecretEntry& secret : draft.contents.index.secrets) {
            const VersionEntry* previous = find_version(secret, VersionState::Previous);
            if (previous != nullptr && draft.now - previous->changed >= grace.count()) {
                give_up(secret, VersionState::Previous, draft.now);
                ++count;
            }
        }
        draft.event.count = count;
        return count != 0;
    };
    QC_TRY([[maybe_unused]] const bool is_written, make_change(*state_, change));
    return count;
}

Outcome<void> Store::retire(std::string_view name) {
    Change change = change_of("retire", name);
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        SecretEntry* secret = find_secret(draft.contents.index, name);
        const VersionEntry* previous =
            secret == nullptr ? nullptr : find_version(*secret, VersionState::Previous);
        if (previous == nullptr) {
            return std::unexpected{
                not_found_error(*state_->file, "retire", draft.contents.index, name, Label::Previous)};
        }
        draft.event.from = previous->number;
        give_up(*secret, VersionState::Previous, draft.now);
        return true;
    };
    return without_result(make_change(*state_, change));
}

Outcome<void> Store::rm(std::string_view name) {
    Change change = change_of("rm", name);
    change.apply = [&](Draft& draft) -> Outcome<bool> {
        auto& secrets = draft.contents.index.secrets;
        const SecretEntry* secret = find_secret(std::as_const(draft.contents.index), name);
        if (secret == nullptr) {
            return std::unexpected{not_found_error(*state_->file, "remove", draft.contents.index, name)};
        }
        if (const VersionEntry* current = find_version(*secret, Label::Current)) {
            draft.event.from = current->number;
        }
        secrets.erase(secrets.begin() + (secret - secrets.data()));
        return true;
    };
    return without_result(make_change(*state_, change));
}

}  // namespace quantconf::secrets
