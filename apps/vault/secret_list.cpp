#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/secret_command.hpp"
#include "apps/vault/secret_output.hpp"
#include "base/clock.hpp"
#include "base/json_writer.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::app {
namespace {

using References = std::multimap<std::string, std::string>;

void collect(const Value& value, const std::string& path, References& references) {
    if (value.kind() == Value::Kind::Map) {
        for (const Member& member : value.members()) {
            collect(member.value,
                    path.empty() ? std::string{member.name} : fmt::format("{}.{}", path, member.name),
                    references);
        }
    } else if (value.kind() == Value::Kind::List) {
        for (std::size_t i = 0; i < value.items().size(); ++i) {
            collect(value.items()[i], fmt::format("{}[{}]", path, i), references);
        }
    } else if (value.kind() == Value::Kind::Secret) {
        if (const auto reference = schema::parse_secret_reference(value.secret_reference())) {
            references.emplace(reference->name, path);
        }
    }
}

/// Which paths of the chosen environment use which secret, whether the configuration is valid or not.
References references_of(const Session& session) {
    References references;
    if (std::error_code ignored; std::filesystem::is_directory(session.arguments().config_dir, ignored)) {
        if (const auto candidate = session.load()) {
            collect((*candidate)->root, {}, references);
        }
    }
    return references;
}

std::string day(const std::optional<secrets::TimePoint>& at) {
    return at ? to_rfc3339(std::chrono::floor<std::chrono::microseconds>(*at)).substr(0, 10) : "-";
}

std::string moment(secrets::TimePoint at) {
    return to_rfc3339(std::chrono::floor<std::chrono::microseconds>(at));
}

std::string_view word_for(secrets::VersionState state) {
    switch (state) {
        case secrets::VersionState::Pending:
            return "pending";
        case secrets::VersionState::Current:
            return "current";
        case secrets::VersionState::Previous:
            return "previous";
        case secrets::VersionState::Retired:
            break;
    }
    return "retired";
}

void write_moment(JsonWriter& json, std::string_view name, const std::optional<secrets::TimePoint>& at) {
    at ? json.member(name, moment(*at)) : json.key(name).null();
}

void write_json(const Session& session, const std::vector<secrets::SecretInfo>& list,
                const References& references, std::uint64_t generation) {
    const secrets::TimePoint now = SystemClock{}.now();
    JsonWriter json;
    json.begin_object().member("generation", generation).key("secrets").begin_array();
    for (const secrets::SecretInfo& info : list) {
        json.begin_object().member("name", info.name);
        info.current ? json.member("version", *info.current) : json.key("version").null();
        json.key("versions").begin_array();
        for (const secrets::VersionInfo& version : info.versions) {
            json.begin_object()
                .member("version", version.number)
                .member("state", word_for(version.state))
                .member("created", moment(version.created))
                .member("changed", moment(version.changed))
                .member("by", version.by)
                .member("past_grace", secrets::is_past_grace(version, now))
                .end_object();
        }
        json.end_array();
        write_moment(json, "rotated", info.rotated);
        write_moment(json, "expires", info.expires);
        json.key("environments").begin_array();
        for (const Environment environment : info.environments) {
            json.value(name_of(environment));
        }
        json.end_array().key("hosts").begin_array();
        for (const std::string& host : info.hosts) {
            json.value(host);
        }
        json.end_array().key("used_by").begin_array();
        for (auto [use, end] = references.equal_range(info.name); use != end; ++use) {
            json.value(use->second);
        }
        json.end_array().end_object();
    }
    json.end_array().key("missing").begin_array();
    for (auto use = references.begin(); use != references.end(); use = references.upper_bound(use->first)) {
        if (std::ranges::find(list, use->first, &secrets::SecretInfo::name) == list.end()) {
            json.begin_object().member("name", use->first).key("used_by").begin_array();
            for (auto [one, end] = references.equal_range(use->first); one != end; ++one) {
                json.value(one->second);
            }
            json.end_array().end_object();
        }
    }
    json.end_array().end_object();
    session.out().print(json.take());
}

/// What waits for somebody to do something about it.
std::string remarks(const secrets::SecretInfo& info, secrets::TimePoint now) {
    std::string text;
    for (const secrets::VersionInfo& version : info.versions) {
        if (version.state == secrets::VersionState::Pending) {
            text += version.number < info.current.value_or(0) ? "  (an older value is still pending)"
                                                              : "  (a new value is pending)";
        } else if (secrets::is_past_grace(version, now)) {
            text += "  (the previous value is past its 15 minutes; the next change destroys it)";
        }
    }
    if (info.expires && *info.expires <= now) {
        text += "  (has expired)";
    }
    return text;
}

std::string bindings(const secrets::SecretInfo& info) {
    std::string text;
    for (const Environment environment : info.environments) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", name_of(environment));
    }
    for (const std::string& host : info.hosts) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", host);
    }
    return text.empty() ? "any" : text;
}

}  // namespace

int secret_list(const Session& session, Vault& vault) {
    const auto list = vault.store().list();
    const References references = references_of(session);
    if (session.arguments().format == "json") {
        write_json(session, list, references, vault.store().generation());
        return kFine;
    }
    std::size_t width = 4;
    for (const secrets::SecretInfo& info : list) {
        width = std::max(width, info.name.size());
    }
    const Terminal& out = session.out();
    if (!list.empty()) {
        out.print(out.dim(fmt::format("{:<{}}  {:>7}  {:<10}  {:<10}  {:<10}  {:<10}  {}", "name", width,
                                      "version", "created", "rotated", "expires", "for", "used by")) +
                  "\n");
    }
    for (const secrets::SecretInfo& info : list) {
        std::string uses;
        for (auto [use, end] = references.equal_range(info.name); use != end; ++use) {
            uses += fmt::format("{}{}", uses.empty() ? "" : ", ", use->second);
        }
        const auto current =
            std::ranges::find(info.versions, secrets::VersionState::Current, &secrets::VersionInfo::state);
        out.print(fmt::format("{:<{}}  {:>7}  {:<10}  {:<10}  {:<10}  {:<10}  {}{}\n", info.name, width,
                              info.current ? fmt::format("{}", *info.current) : "-",
                              current == info.versions.end() ? "-" : day(current->created), day(info.rotated),
                              day(info.expires), bindings(info), uses.empty() ? "nothing" : uses,
                              remarks(info, SystemClock{}.now())));
    }
    if (list.empty()) {
        session.err().print(
            fmt::format("{} the store holds no secrets; `quantconf secret set NAME` stores one\n",
                        session.err().cyan("note:")));
    }
    // What the configuration asks for and the store does not have.
    for (auto use = references.begin(); use != references.end(); use = references.upper_bound(use->first)) {
        if (std::ranges::find(list, use->first, &secrets::SecretInfo::name) == list.end()) {
            out.print(fmt::format("{} {} is referred to by {} and is not stored\n", out.yellow("missing:"),
                                  use->first, use->second));
        }
    }
    return kFine;
}

int secret_verify(const Session& session, Vault& vault) {
    const auto bad = vault.store().verify();
    if (!bad) {
        return session.fail(bad.error());
    }
    const std::size_t count = vault.store().list().size();
    const auto whole = vault.store().is_whole();
    if (!whole) {
        return session.fail(whole.error());
    }
    const bool is_fine = bad->empty() && *whole;
    if (session.arguments().format == "json") {
        JsonWriter json;
        json.begin_object()
            .member("ok", is_fine)
            .member("whole", *whole)
            .member("generation", vault.store().generation())
            .member("secrets", static_cast<std::uint64_t>(count))
            .key("bad")
            .begin_array();
        for (const std::string& name : *bad) {
            json.value(name);
        }
        json.end_array().end_object();
        session.out().print(json.take());
        return is_fine ? kFine : kAnswerIsNo;
    }
    for (const std::string& name : *bad) {
        session.out().print(fmt::format("{} {} cannot be decrypted\n", session.out().red("bad"), name));
    }
    session.out().print(count == 0 ? fmt::format("generation {}: the store is whole and holds no secrets\n",
                                                 vault.store().generation())
                                   : fmt::format("generation {}: {} of {} secrets can be decrypted\n",
                                                 vault.store().generation(), count - bad->size(), count));
    if (!*whole) {
        session.out().print(
            fmt::format("{} the file is not as it was written, and is only read; restore a backup\n",
                        session.out().red("damaged")));
    }
    return is_fine ? kFine : kAnswerIsNo;
}

}  // namespace quantconf::app
