#include "audit/entry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "crypto/hmac.hpp"

namespace quantconf::audit {
namespace {

constexpr std::size_t kNameBytes = 128;
constexpr std::size_t kHostBytes = 253;
constexpr std::size_t kHashDigits = 64;
constexpr std::string_view kNotAName = "(not a name)";

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_lower_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// The grammar of secrets' names, which is also that of environments, sources, slots and stores.
std::string_view name_or_note(std::string_view name) {
    const bool is_name = !name.empty() && name.size() <= kNameBytes && is_letter_or_digit(name.front()) &&
                         std::ranges::all_of(name, [](char c) {
                             return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
                         });
    return is_name ? name : kNotAName;
}

/// Keys may be in any language, but a person must be able to see them.
std::string_view path_or_note(std::string_view path) {
    for (std::size_t at = 0; at < path.size();) {
        const Character character = character_at(path, at);
        if (!character.is_valid || !is_visible(character.code_point)) {
            return kNotAName;
        }
        at += character.length;
    }
    return path;
}

std::string_view host_or_note(std::string_view host) {
    const bool is_host = !host.empty() && host.size() <= kHostBytes && std::ranges::all_of(host, [](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == ':';
    });
    return is_host ? host : kNotAName;
}

std::string_view hash_or_note(std::string_view hex) {
    const bool is_hash = hex.size() == kHashDigits && std::ranges::all_of(hex, is_lower_hex);
    return is_hash ? hex : "(not a hash)";
}

std::string hex_of(const ValueTag& tag) {
    std::string text;
    for (const char byte : tag.bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

std::string join(std::string_view kind, std::string_view name) {
    return fmt::format("{}:{}", kind, name);
}

}  // namespace

std::string_view to_text(Action action) {
    switch (action) {
        case Action::StoreCreate:
            return "store.create";
        case Action::StoreOpen:
            return "store.open";
        case Action::StoreRekey:
            return "store.rekey";
        case Action::StoreReencrypt:
            return "store.reencrypt";
        case Action::StoreAcceptRollback:
            return "store.accept_rollback";
        case Action::StoreVerify:
            return "store.verify";
        case Action::SlotAdd:
            return "slot.add";
        case Action::SlotRemove:
            return "slot.remove";
        case Action::SecretSet:
            return "secret.set";
        case Action::SecretReveal:
            return "secret.reveal";
        case Action::SecretResolve:
            return "secret.resolve";
        case Action::SecretRemove:
            return "secret.remove";
        case Action::SecretRotate:
            return "secret.rotate";
        case Action::SecretPromote:
            return "secret.promote";
        case Action::SecretAbort:
            return "secret.abort";
        case Action::SecretRetire:
            return "secret.retire";
        case Action::SecretImport:
            return "secret.import";
        case Action::RunExport:
            return "run.export";
        case Action::KeyCheck:
            return "key.check";
        case Action::ConfigPublish:
            return "config.publish";
        case Action::ConfigUpdate:
            return "config.update";
        case Action::ConfigRollback:
            return "config.rollback";
        case Action::ConfigRefuse:
            return "config.refuse";
        case Action::AuditSeal:
            return "audit.seal";
        case Action::AuditVerify:
            return "audit.verify";
        case Action::AuditExport:
            return "audit.export";
    }
    return "";
}

Target Target::secret(std::string_view name) {
    return Target{join("secret", name_or_note(name))};
}
Target Target::store(std::string_view uuid) {
    return Target{join("store", name_or_note(uuid))};
}
Target Target::slot(std::string_view id) {
    return Target{join("slot", name_or_note(id))};
}
Target Target::environment(std::string_view name) {
    return Target{join("environment", name_or_note(name))};
}
Target Target::source(std::string_view name) {
    return Target{join("source", name_or_note(name))};
}
Target Target::config(std::string_view path) {
    return Target{join("config", path_or_note(path))};
}
Target Target::audit() {
    return Target{"audit"};
}

ValueTag tag_of(std::string_view audit_key, std::string_view value) {
    // A key of its own: no message of the chain can be passed off as a value, nor the other way round.
    const crypto::Mac tag_key = crypto::hmac_sha256(audit_key, {"quantconf value tag 1"});
    const crypto::Mac mac = crypto::hmac_sha256(crypto::view_of(tag_key), {value});
    ValueTag tag;
    std::copy_n(mac.begin(), tag.bytes.size(), tag.bytes.begin());
    return tag;
}

Version Version::number(std::uint64_t number) {
    return Version{fmt::format("{}", number)};
}
Version Version::tag(const ValueTag& tag) {
    return Version{join("tag", hex_of(tag))};
}
Version Version::hash(std::string_view hex) {
    return Version{join("sha256", hash_or_note(hex))};
}

Detail& Detail::cause(std::error_code code) {
    return add("cause", fmt::format("{}:{}", code.category().name(), code.value()));
}
Detail& Detail::count(std::uint64_t count) {
    return add("count", fmt::format("{}", count));
}
Detail& Detail::generation(std::uint64_t generation) {
    return add("generation", fmt::format("{}", generation));
}
Detail& Detail::hash(std::string_view hex) {
    return add("sha256", hash_or_note(hex));
}
Detail& Detail::tag(const ValueTag& tag) {
    return add("tag", hex_of(tag));
}
Detail& Detail::environment(std::string_view name) {
    return add("environment", name_or_note(name));
}
Detail& Detail::host(std::string_view name) {
    return add("host", host_or_note(name));
}
Detail& Detail::add(std::string_view key, std::string_view value) {
    text_ += fmt::format("{}{}={}", text_.empty() ? "" : " ", key, value);
    return *this;
}

}  // namespace quantconf::audit
