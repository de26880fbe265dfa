#include "secrets/import_legacy.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/secret_lines.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/parse.hpp"
#include "schema/secret_reference.hpp"
#include "secrets/limits.hpp"

namespace quantconf::secrets {
namespace {

/// Every Fernet token begins like this: version 0x80 and a time before the year 2106.
constexpr std::string_view kTokenStart = "gAAAAA";

bool is_text(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const Character character = character_at(bytes, at);
        if (!character.is_valid) {
            return false;
        }
        at += character.length;
    }
    return true;
}

/// What the old program wrote when it could not encrypt: base64 of a text in UTF-8.
std::optional<crypto::SecretBytes> open_plain_base64(std::string_view text) {
    crypto::SecretBytes bytes{base64_bytes_max(text.size())};
    const auto size = decode_base64(text, Base64::Standard, bytes.bytes());
    if (!size || !is_text(bytes.view().substr(0, *size))) {
        return std::nullopt;
    }
    return crypto::SecretBytes::copy_of(bytes.view().substr(0, *size));
}

constexpr std::string_view kBadName =
    "a secret's name has up to 128 letters, digits, dots, underscores and hyphens, and begins with a letter "
    "or "
    "digit";
constexpr std::string_view kTooLarge = "it is larger than a secret can be, 1 MiB";

/// Takes one value or says why not.
void take(std::string_view name, std::string_view text, const std::optional<crypto::SecretBytes>& key,
          Imported& imported) {
    const auto refuse = [&](std::string reason) {
        imported.refused.push_back({std::string{name}, std::move(reason)});
    };
    if (!schema::valid_secret_name(name)) {
        return refuse(std::string{kBadName});
    }
    if (text.starts_with(kTokenStart)) {
        if (!key) {
            return refuse("it is encrypted, and the key file holds no Fernet key");
        }
        auto plain = open_fernet(text, *key);
        if (!plain) {
            return refuse("the key does not open it: another key, or a damaged token");
        }
        if (plain->empty() || plain->size() > limits::kValueBytes) {
            return refuse(plain->empty() ? "it is empty" : std::string{kTooLarge});
        }
        imported.secrets.push_back({std::string{name}, *std::move(plain), true});
        return;
    }
    auto plain = open_plain_base64(text);
    if (!plain || plain->empty()) {
        return refuse(plain ? "it is empty" : "neither a Fernet token nor base64");
    }
    if (plain->size() > limits::kValueBytes) {
        return refuse(std::string{kTooLarge});
    }
    imported.secrets.push_back({std::string{name}, *std::move(plain), false});
}

}  // namespace

Checked<Imported> read_legacy_secrets(std::string text, const std::string& file_name,
                                      std::string_view key_text) {
    const auto source = Source::make(Source::Kind::File, "import", file_name, std::move(text));
    // Values may be bare base64, so a message about this file shows none of its lines.
    source->conceal(0, static_cast<std::uint32_t>(source->text().size()));
    const format::Parsed parsed = format::parse_json(source);
    if (parsed.document == nullptr || has_errors(parsed.diagnostics)) {
        return std::unexpected{parsed.diagnostics};
    }
    const auto key = read_fernet_key(key_text);
    Imported imported;
    for (const value::Entry& entry : parsed.document->root.map()) {
        if (entry.value.kind != value::NodeKind::Scalar || !entry.value.is_quoted()) {
            imported.refused.push_back({std::string{entry.key()}, "it is not a text"});
            continue;
        }
        take(entry.key(), entry.value.scalar(), key, imported);
    }
    return imported;
}

Checked<Imported> read_dotenv_secrets(std::string text, const std::string& file_name,
                                      const std::vector<std::string>& names) {
    const auto source = Source::make(Source::Kind::File, "import", file_name, std::move(text));
    source->conceal(0, static_cast<std::uint32_t>(source->text().size()));
    const format::ParsedDotenv parsed = format::parse_dotenv(source);
    if (has_errors(parsed.diagnostics)) {
        return std::unexpected{parsed.diagnostics};
    }
    Imported imported;
    const auto refuse = [&](std::string_view name, std::string reason) {
        imported.refused.push_back({std::string{name}, std::move(reason)});
    };
    for (const std::string& name : names) {
        if (std::ranges::find(parsed.entries, name, &format::DotenvEntry::name) == parsed.entries.end()) {
            refuse(name, "the file has no such name");
        }
    }
    for (const format::DotenvEntry& entry : parsed.entries) {
        const bool is_named = std::ranges::find(names, entry.name) != names.end();
        if (!names.empty() && !is_named) {
            continue;
        }
        if (!is_named && !looks_secret(entry.name)) {
            refuse(entry.name, "its name does not look like that of a secret; name it to take it");
        } else if (!schema::valid_secret_name(entry.name)) {
            refuse(entry.name, std::string{kBadName});
        } else if (entry.value.empty()) {
            refuse(entry.name, "it is empty");
        } else if (entry.value.size() > limits::kValueBytes) {
            refuse(entry.name, std::string{kTooLarge});
        } else if (entry.value.starts_with(schema::kSecretPrefix)) {
            refuse(entry.name, "it is a reference already");
        } else {
            imported.secrets.push_back(
                {entry.name, crypto::SecretBytes::copy_of(entry.value), /*was_encrypted=*/false});
        }
    }
    return imported;
}

}  // namespace quantconf::secrets
