#include "apps/vault/secret_health.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/vault/places.hpp"
#include "apps/vault/vault.hpp"
#include "schema/secret_reference.hpp"
#include "secrets/problem.hpp"
#include "secrets/store_resolver.hpp"

namespace quantconf::app {
namespace {

using secrets::Problem;

constexpr std::size_t kNamed = 3;  ///< The rest is counted; `quantconf check` shows all.

struct Reference {
    std::string path;
    std::string text;
};

void find_references(const Value& value, const std::string& path, std::vector<Reference>& found) {
    if (value.kind() == Value::Kind::Map) {
        for (const Member& member : value.members()) {
            find_references(member.value,
                            path.empty() ? std::string{member.name} : fmt::format("{}.{}", path, member.name),
                            found);
        }
    } else if (value.kind() == Value::Kind::List) {
        for (const Value& item : value.items()) {
            find_references(item, path, found);
        }
    } else if (value.kind() == Value::Kind::Secret && !value.secret_reference().empty()) {
        found.push_back({.path = path, .text = std::string{value.secret_reference()}});
    }
}

bool is_needed(const Reference& one) {
    const auto reference = schema::parse_secret_reference(one.text);
    return !reference || !reference->is_optional;
}

/// What it leads to does not leave this function.
std::error_code look_up(const secrets::Store& store, const Reference& one, Environment environment) {
    const auto reference = schema::parse_secret_reference(one.text);
    if (!reference) {
        return {};  // The files are wrong then, which is said elsewhere.
    }
    const auto plain =
        store.get(reference->name, secrets::selector_of(one.text), {.environment = environment});
    const bool is_absent =
        !plain && (plain.error().cause == Problem::NotFound || plain.error().cause == Problem::Retired);
    return plain || (is_absent && reference->is_optional) ? std::error_code{} : plain.error().cause;
}

std::vector<std::string> find_bad(const secrets::Store& store, const std::vector<Reference>& references,
                                  Environment environment) {
    std::vector<std::string> bad;
    for (const Reference& one : references) {
        if (const auto why = look_up(store, one, environment)) {
            bad.push_back(fmt::format("{} ({}): {}", one.path, one.text, why.message()));
        }
    }
    return bad;
}

/// Whoever only lacks the key has found nothing wrong: a bot may get it from its service manager.
bool is_not_ours_to_say(const Error& error) {
    return error.cause == Problem::NoKeySource || error.cause == Problem::NoTerminal ||
           error.cause == std::errc::permission_denied;
}

}  // namespace

std::size_t count_needed_references(const Value& root) {
    std::vector<Reference> references;
    find_references(root, {}, references);
    return static_cast<std::size_t>(std::ranges::count_if(references, is_needed));
}

std::string references_without_store(std::size_t count) {
    return fmt::format("{} {}, and there is no store to look {} up in", count,
                       count == 1 ? "reference" : "references", count == 1 ? "it" : "them");
}

void check_references(const Session& session, const Value& root, Environment environment, bool somebody_runs,
                      Checks& checks) {
    std::vector<Reference> references;
    find_references(root, {}, references);
    if (references.empty()) {
        return;
    }
    const Health bad_is = somebody_runs ? Health::Warning : Health::Failure;
    const std::string_view effect = somebody_runs ? "" : "; nothing could start";
    if (!expects_store(session)) {
        if (const std::size_t needed = count_needed_references(root); needed != 0) {
            checks.push_back({"secrets", bad_is,
                              fmt::format("{}{}", references_without_store(needed), effect),
                              "`quantconf secret init` makes one"});
        }
        return;
    }
    const auto vault = Vault::inspect(session);
    if (!vault) {
        const Error& error = vault.error();
        const std::string why = to_text(Error{error.operation, error.subject, error.cause, {}});
        checks.push_back(is_not_ours_to_say(error)
                             ? Check{"secrets", Health::Ok, fmt::format("not looked up: {}", why), error.hint}
                             : Check{"secrets", bad_is, fmt::format("{}{}", why, effect), error.hint});
        return;
    }
    auto bad = find_bad((*vault)->store(), references, environment);
    if (bad.empty()) {
        checks.push_back({"secrets", Health::Ok, "every reference leads to one", {}});
        return;
    }
    const std::size_t more = bad.size() - std::min(bad.size(), kNamed);
    bad.resize(bad.size() - more);
    checks.push_back({"secrets", bad_is,
                      fmt::format("{}{}{}", fmt::join(bad, "; "),
                                  more == 0 ? "" : fmt::format(" (and {} more)", more), effect),
                      "`quantconf check` shows all of them; `quantconf secret set NAME` stores one"});
}

}  // namespace quantconf::app
