#include "layers/resolve_secrets.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "schema/secret_reference.hpp"
#include "value/node.hpp"

namespace quantconf::layers {
namespace {

bool is_reference(const Value& value) {
    return value.kind() == Value::Kind::Secret && !value.secret_reference().empty();
}

/// Calls `visit` with each reference and its path, in the order of the tree.
template <typename Visit>
void for_each_reference(const Value& value, const std::string& path, const Visit& visit) {
    if (value.kind() == Value::Kind::Map) {
        for (const Member& member : value.members()) {
            for_each_reference(
                member.value,
                path.empty() ? std::string{member.name} : fmt::format("{}.{}", path, member.name), visit);
        }
    } else if (value.kind() == Value::Kind::List) {
        for (std::size_t i = 0; i < value.items().size(); ++i) {
            for_each_reference(value.items()[i], fmt::format("{}[{}]", path, i), visit);
        }
    } else if (is_reference(value)) {
        visit(value, path);
    }
}

Code code_of(SecretTrouble trouble) {
    switch (trouble) {
        case SecretTrouble::NotFound:
            return Code::MissingSecret;
        case SecretTrouble::Unreadable:
            return Code::UnreadableSecret;
        case SecretTrouble::NotForEnvironment:
            return Code::SecretNotForEnvironment;
        case SecretTrouble::StoreUnavailable:
            break;
    }
    return Code::SecretStoreUnavailable;
}

bool is_required(const Field* field, Environment environment) {
    return field != nullptr &&
           (field->options.required ||
            std::ranges::any_of(field->options.stricter, [environment](const EnvironmentBounds& bounds) {
                return bounds.environment == environment && bounds.required;
            }));
}

/// One run over a tree: questions first, then the copy with the answers in place.
class Resolving {
public:
    explicit Resolving(const Resolution& resolution) : resolution_{resolution} {}

    Value run(const Value& root) {
        std::vector<SecretWanted> wanted;
        std::vector<const Value*> values;
        for_each_reference(root, {}, [&](const Value& value, const std::string& path) {
            wanted.push_back({.path = path, .reference = std::string{value.secret_reference()}});
            values.push_back(&value);
        });
        if (wanted.empty()) {
            return root;
        }
        auto answers = resolution_.resolver.resolve(wanted, resolution_.environment);
        QC_ASSERT(answers.size() == wanted.size());
        resolution_.secrets.reserve(wanted.size());  // Values point into it.
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            take(wanted[i], *values[i], std::move(answers[i]));
        }
        return replaced(root);
    }

private:
    void take(const SecretWanted& wanted, const Value& value, SecretAnswer answer) {
        if (!answer) {
            refuse(wanted, value, answer.error());
            return;
        }
        if (!answer->warning.empty()) {
            report(wanted, value, Severity::Warning, Code::SecretExpired, answer->warning,
                   "replace it with `quantconf secret rotate`");
        }
        resolution_.secrets.push_back({.path = wanted.path,
                                       .reference = wanted.reference,
                                       .version = answer->version,
                                       .plain = std::move(answer->plain),
                                       .facts = std::move(answer->facts)});
        found_.emplace(&value, &resolution_.secrets.back());
    }

    void refuse(const SecretWanted& wanted, const Value& value, const SecretRefusal& refusal) {
        const auto reference = schema::parse_secret_reference(wanted.reference);
        QC_ASSERT(reference.has_value());
        const bool is_missing = refusal.trouble == SecretTrouble::NotFound;
        if (is_missing && reference->is_optional &&
            !is_required(resolution_.schema.find(wanted.path), resolution_.environment)) {
            return;  // That is what the question mark means.
        }
        if (refusal.trouble == SecretTrouble::StoreUnavailable && std::exchange(store_was_reported_, true)) {
            return;  // One closed door, one message.
        }
        // A damaged or forbidden secret is never "absent": something is wrong that has to be looked at.
        const bool is_tolerated = resolution_.missing == MissingSecrets::Absent &&
                                  (is_missing || refusal.trouble == SecretTrouble::StoreUnavailable);
        report(wanted, value, is_tolerated ? Severity::Warning : Severity::Error, code_of(refusal.trouble),
               refusal.reason, refusal.hint);
    }

    void report(const SecretWanted& wanted, const Value& value, Severity severity, Code code,
                const std::string& message, std::string hint) {
        resolution_.diagnostics.push_back(
            {.severity = severity,
             .code = code,
             .path = wanted.path,
             .message = message,
             .hint = std::move(hint),
             .origin = value.origin() == nullptr ? Origin{} : value.origin()->origin()});
    }

    Value replaced(const Value& value) {
        if (value.kind() == Value::Kind::Map) {
            std::vector<Member> members;
            members.reserve(value.members().size());
            for (const Member& member : value.members()) {
                members.push_back({member.name, replaced(member.value)});
            }
            return Value::map(resolution_.arena.copy(std::span<const Member>{members}), value.origin());
        }
        if (value.kind() == Value::Kind::List) {
            std::vector<Value> items;
            items.reserve(value.items().size());
            for (const Value& item : value.items()) {
                items.push_back(replaced(item));
            }
            return Value::list(resolution_.arena.copy(std::span<const Value>{items}), value.origin());
        }
        if (!is_reference(value)) {
            return value;
        }
        const auto found = found_.find(&value);
        return found == found_.end() ? Value::absent(value.origin())
                                     : Value::resolved_secret(in_arena(*found->second), value.origin());
    }

    /// Its text stays where it is locked and wiped; the rest is for everybody to read.
    const ResolvedSecret& in_arena(const CandidateSecret& secret) {
        std::vector<std::string_view> hosts;
        for (const std::string& host : secret.facts.hosts) {
            hosts.push_back(resolution_.arena.copy(host));
        }
        const ResolvedSecret shown{
            .reference = resolution_.arena.copy(secret.reference),
            .version = secret.version,
            .text = secret.plain.view(),
            .hosts = resolution_.arena.copy(std::span<const std::string_view>{hosts}),
            .expires = secret.facts.expires,
            .since = secret.facts.since,
        };
        return resolution_.arena.copy(std::span<const ResolvedSecret>{&shown, 1}).front();
    }

    const Resolution& resolution_;
    std::map<const Value*, const CandidateSecret*> found_;
    bool store_was_reported_ = false;
};

}  // namespace

Value resolve_secrets(const Resolution& resolution, const Value& root) {
    return Resolving{resolution}.run(root);
}

}  // namespace quantconf::layers
