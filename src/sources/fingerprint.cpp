#include "sources/fingerprint.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "crypto/hmac.hpp"
#include "live/places.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_file.hpp"
#include "secrets/secure_folder.hpp"
#include "secrets/temporary_file.hpp"
#include "state/private_file.hpp"

namespace quantconf::sources {
namespace {

namespace fs = std::filesystem;
using secrets::SecureFolder;
using secrets::TemporaryFile;

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kShownBytes = 8;
const std::string kSaltName = "salt";

std::array<char, sizeof(std::uint64_t)> length_of(std::string_view text) {
    std::array<char, sizeof(std::uint64_t)> bytes{};
    std::uint64_t length = text.size();
    for (char& byte : bytes) {
        byte = static_cast<char>(length & 0xffU);
        length >>= 8U;
    }
    return bytes;
}

std::string hex_of(const crypto::Mac& mac) {
    std::string text;
    for (std::size_t i = 0; i < kShownBytes; ++i) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(mac[i]));
    }
    return text;
}

/// What it is about, of which source, and up to two texts.
std::string fingerprint(const Salt& salt, std::string_view what, std::string_view source,
                        std::string_view first, std::string_view second) {
    constexpr std::string_view kDomain = "quantconf key fingerprint 1";
    const auto view = [](const auto& bytes) { return std::string_view{bytes.data(), bytes.size()}; };
    const auto what_length = length_of(what);
    const auto source_length = length_of(source);
    const auto first_length = length_of(first);
    const auto second_length = length_of(second);
    return hex_of(
        crypto::hmac_sha256(salt.bytes(), {kDomain, view(what_length), what, view(source_length), source,
                                           view(first_length), first, view(second_length), second}));
}

std::optional<std::string> of_secret(const Salt& salt, std::string_view what, std::string_view source,
                                     const Secret& first, const Secret& second) {
    std::optional<std::string> result;
    const SecretAccess access = grant_secret_access();
    first.reveal(access, [&](std::string_view key) {
        if (second.empty()) {
            result = fingerprint(salt, what, source, key, {});
        } else {
            second.reveal(access, [&](std::string_view secret) {
                result = fingerprint(salt, what, source, key, secret);
            });
        }
    });
    return result;
}

Outcome<SecureFolder> open_folder(const fs::path& folder) {
    QC_TRY(SecureFolder opened, SecureFolder::make(folder));
    if (Outcome<void> checked = state::check_private_folder(opened.path()); !checked) {
        return std::unexpected{std::move(checked).error()};
    }
    return opened;
}

std::unexpected<Error> not_a_salt(const fs::path& file, std::size_t size) {
    return secrets::refuse(
        "read", file, secrets::Problem::Damaged,
        fmt::format(
            "it has {} bytes in place of {}; bring it back from a backup. Without it every key "
            "looks new: move it and the ledgers beside it away, and every count of requests begins anew",
            size, kSaltBytes));
}

Outcome<std::optional<crypto::SecretBytes>> read_bytes(const SecureFolder& folder) {
    // One byte more, so that a longer one is called damaged, too.
    QC_TRY(auto file, secrets::read_secure_file(folder, kSaltName, kSaltBytes + 1));
    if (!file) {
        return std::nullopt;
    }
    if (file->bytes.size() != kSaltBytes) {
        return not_a_salt(folder.path() / kSaltName, file->bytes.size());
    }
    return crypto::SecretBytes::copy_of(file->bytes);
}

/// Whether requests have been counted here, under names that the salt has made.
bool has_ledgers(const fs::path& folder) {
    std::error_code problem;
    for (fs::directory_iterator entry{folder, problem}; !problem && entry != fs::directory_iterator{};
         entry.increment(problem)) {
        if (entry->path().extension() == ".ledger") {
            return true;
        }
    }
    return false;
}

std::unexpected<Error> lost_salt(const fs::path& file) {
    return std::unexpected{Error{
        .operation = "read",
        .subject = file.string(),
        .cause = std::make_error_code(std::errc::no_such_file_or_directory),
        .hint = "bring it back from a backup: without it every key looks new. Move the ledgers beside it "
                "away, and every count of requests begins anew"}};
}

/// Puts new bytes under the name, unless somebody was faster.
Outcome<void> create(const SecureFolder& folder, crypto::Random& random) {
    crypto::SecretBytes bytes{kSaltBytes};
    if (Outcome<void> filled = random.fill(bytes.bytes()); !filled) {
        return filled;
    }
    QC_TRY(TemporaryFile file, TemporaryFile::create(folder, kSaltName));
    if (Outcome<void> written = file.write_durably(bytes.view()); !written) {
        return written;
    }
    if (Outcome<void> named = file.take_name(TemporaryFile::Existing::Refuse);
        !named && named.error().cause != secrets::Problem::Exists) {
        return named;
    }
    // Also for who was not the first: a name that is not on disk is not to be relied on.
    return state::sync_folder(folder.path());
}

}  // namespace

std::optional<fs::path> default_quota_folder(const std::vector<std::string>& variables) {
    const fs::path chosen = live::variable(variables, "XDG_STATE_HOME");
    if (chosen.is_absolute()) {
        return chosen / "quantconf" / "quota";
    }
    const fs::path home = live::variable(variables, "HOME");
    return home.is_absolute() ? std::optional{home / ".local/state/quantconf/quota"} : std::nullopt;
}

Outcome<Salt> Salt::open(const fs::path& folder, crypto::Random& random) {
    QC_TRY(const SecureFolder opened, open_folder(folder));
    QC_TRY(auto bytes, read_bytes(opened));
    if (!bytes && has_ledgers(opened.path())) {
        QC_TRY(bytes, read_bytes(opened));  // Somebody else may have begun meanwhile: the salt comes first.
        if (!bytes) {
            return lost_salt(opened.path() / kSaltName);
        }
    }
    if (!bytes) {
        if (Outcome<void> created = create(opened, random); !created) {
            return std::unexpected{std::move(created).error()};
        }
        QC_TRY(bytes, read_bytes(opened));
    }
    if (!bytes) {
        return secrets::refuse("read", opened.path() / kSaltName, secrets::Problem::Conflict,
                               "it was made and removed again; who does that?");
    }
    return Salt{*std::move(bytes)};
}

Outcome<std::optional<Salt>> Salt::read(const fs::path& folder) {
    std::error_code problem;
    if (!fs::exists(folder, problem) && !problem) {
        return std::nullopt;
    }
    QC_TRY(const fs::path real, secrets::resolve_folder(folder));
    QC_TRY(const SecureFolder opened, SecureFolder::open(real));
    if (Outcome<void> checked = state::check_private_folder(real); !checked) {
        return std::unexpected{std::move(checked).error()};
    }
    QC_TRY(auto bytes, read_bytes(opened));
    if (!bytes) {
        return std::nullopt;
    }
    return std::optional{Salt{*std::move(bytes)}};
}

std::optional<std::string> fingerprint_of(const Salt& salt, const Source& source,
                                          const Credentials& credentials) {
    return credentials.empty() ? std::nullopt
                               : of_secret(salt, "key", source.name, credentials.key, credentials.secret);
}

std::optional<std::string> scope_fingerprint_of(const Salt& salt, const Source& source,
                                                const Credentials& credentials) {
    if (credentials.empty()) {  // Asked without a key, a source can only count by address.
        return fingerprint(salt, "address", source.name, {}, {});
    }
    switch (source.scope) {
        case LimitScope::Key:
            return fingerprint_of(salt, source, credentials);
        case LimitScope::ClientId:
            return of_secret(salt, "client", source.name, credentials.key, {});
        case LimitScope::Account:
        case LimitScope::Address:
            break;
    }
    return keyless_scope_fingerprint_of(salt, source);
}

std::optional<std::string> keyless_scope_fingerprint_of(const Salt& salt, const Source& source) {
    switch (source.scope) {
        case LimitScope::Key:
        case LimitScope::ClientId:
            return std::nullopt;
        case LimitScope::Account:
            return fingerprint(salt, "account", source.name, {}, {});
        case LimitScope::Address:
            break;
    }
    return fingerprint(salt, "address", source.name, {}, {});
}

std::string ledger_name(const Source& source, std::string_view scope_fingerprint) {
    return fmt::format("{}-{}.ledger", source.name, scope_fingerprint);
}

}  // namespace quantconf::sources
