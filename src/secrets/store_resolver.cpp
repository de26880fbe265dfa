#include "secrets/store_resolver.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "schema/secret_reference.hpp"
#include "secrets/problem.hpp"
#include "state/problem.hpp"

namespace quantconf::secrets {
namespace {

using layers::SecretAnswer;
using layers::SecretRefusal;
using layers::SecretTrouble;

std::string shown(const schema::SecretReference& reference) {
    if (reference.is_previous) {
        return fmt::format("{}@previous", reference.name);
    }
    return reference.version == 0 ? std::string{reference.name}
                                  : fmt::format("{}@{}", reference.name, reference.version);
}

/// What the store has that is called nearly like this.
std::string suggestion(const Store& store, std::string_view name) {
    std::vector<std::string> names;
    for (const SecretInfo& info : store.list()) {
        names.push_back(info.name);
    }
    const auto suggestions = nearest(name, names);
    return suggestions.empty() ? fmt::format("`quantconf secret set {}` stores it", name)
                               : did_you_mean(suggestions);
}

SecretRefusal refusal_of(const Store& store, const schema::SecretReference& reference, const Error& error,
                         Environment environment) {
    const std::string name = shown(reference);
    if (error.cause == Problem::NotFound || error.cause == Problem::Retired) {
        return {SecretTrouble::NotFound, fmt::format("the store has no secret {}", name),
                suggestion(store, reference.name)};
    }
    if (error.cause == Problem::NotForEnvironment) {
        return {SecretTrouble::NotForEnvironment,
                fmt::format("the secret {} is not for {}", name, name_of(environment)),
                "refer to the secret of this environment, or set it again with this one in --env"};
    }
    return {SecretTrouble::Unreadable,
            fmt::format("the secret {} cannot be decrypted: {}", name, error.cause.message()),
            error.hint.empty() ? "`quantconf secret verify` names every bad record" : error.hint};
}

std::string expiry_warning(const SecretInfo& info, std::chrono::system_clock::time_point now) {
    if (!info.expires || *info.expires > now) {
        return {};
    }
    const auto at = std::chrono::floor<std::chrono::microseconds>(*info.expires);
    return fmt::format("the secret {} has expired on {}", info.name, to_rfc3339(at).substr(0, 10));
}

std::optional<Time> floored(const std::optional<TimePoint>& time) {
    return time ? std::optional{std::chrono::floor<std::chrono::microseconds>(*time)} : std::nullopt;
}

}  // namespace

VersionSelector selector_of(std::string_view reference) {
    const auto parsed = schema::parse_secret_reference(reference);
    QC_ASSERT(parsed.has_value());
    if (parsed->is_previous) {
        return Label::Previous;
    }
    return parsed->version == 0 ? VersionSelector{Label::Current} : VersionSelector{parsed->version};
}

StoreResolver::StoreResolver(std::function<Outcome<Unlocked>()> unlock, Purpose purpose)
    : unlock_{std::move(unlock)}, purpose_{purpose} {}

std::vector<SecretAnswer> StoreResolver::resolve(std::span<const layers::SecretWanted> wanted,
                                                 Environment environment) {
    const auto refuse_all = [&](const Error& error) {
        std::vector<SecretAnswer> answers;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            answers.emplace_back(std::unexpected{
                SecretRefusal{SecretTrouble::StoreUnavailable,
                              to_text(Error{error.operation, error.subject, error.cause, {}}), error.hint}});
        }
        return answers;
    };
    if (!unlocked_) {
        unlocked_.emplace(unlock_());
    }
    if (!*unlocked_) {
        return refuse_all(unlocked_->error());
    }
    const auto& [store, trail] = **unlocked_;
    const auto recorded =
        trail.record({.action = audit::Action::SecretResolve,
                      .target = audit::Target::environment(name_of(environment)),
                      .detail = audit::Detail{}.count(wanted.size()).generation(store.generation())});
    // A full or failing disk refuses a check too: it was there to be written, and somebody has to look after
    // it.
    const bool may_go_on =
        purpose_ == Purpose::Check && !recorded && recorded.error().cause == state::Problem::ReadOnly;
    if (!recorded && !may_go_on) {
        return refuse_all(recorded.error());
    }
    std::vector<SecretAnswer> answers;
    answers.reserve(wanted.size());
    for (const layers::SecretWanted& one : wanted) {
        const auto reference = schema::parse_secret_reference(one.reference);
        QC_ASSERT(reference.has_value());
        auto plain = store.get(reference->name, selector_of(one.reference), {.environment = environment});
        if (!plain) {
            answers.emplace_back(std::unexpected{refusal_of(store, *reference, plain.error(), environment)});
            continue;
        }
        const auto info = store.info(reference->name);
        layers::SecretFound found{.version = reference->version, .plain = *std::move(plain)};
        if (info) {
            found.facts = {
                .hosts = info->hosts, .expires = floored(info->expires), .since = floored(info->rotated)};
            found.warning = expiry_warning(*info, std::chrono::system_clock::now());
            if (found.version == 0) {
                const auto wanted_state =
                    reference->is_previous ? VersionState::Previous : VersionState::Current;
                const auto version = std::ranges::find(info->versions, wanted_state, &VersionInfo::state);
                found.version = version == info->versions.end() ? 0 : version->number;
            }
        }
        answers.emplace_back(std::move(found));
    }
    return answers;
}

}  // namespace quantconf::secrets
