#include "secrets/store_errors.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "secrets/find.hpp"
#include "secrets/limits.hpp"

namespace quantconf::secrets {
namespace {

std::string hint_for(const StoreFile& file, std::error_code cause) {
    if (cause == Problem::Damaged) {
        return fmt::format(
            "restore it from a backup, or from the generation before it, {}.prev, after looking at what is "
            "lost; `quantconf secret list --accept-damage`, `secret get` and `secret verify` still read what "
            "can "
            "be proved to be right",
            file.name());
    }
    if (cause == Problem::WrongKey) {
        return "give the key or the passphrase of one of its slots; nothing was changed";
    }
    if (cause == Problem::Tampered) {
        return "find out who wrote it; restore a backup that you trust, and replace its secrets at their "
               "providers";
    }
    if (cause == Problem::RollbackDetected) {
        return "a later generation was seen before; restore that, or accept the older one: a change with "
               "--accept-rollback, such as `quantconf secret set NAME --accept-rollback`, makes it last";
    }
    if (cause == Problem::AuditCut) {
        return "put the state.db back that belongs to this store; `quantconf audit verify` says what is "
               "missing; "
               "--accept-rollback goes on without it";
    }
    if (cause == Problem::StoreMissing) {
        return "restore it from a backup, or make a new one with `quantconf secret init`";
    }
    if (cause == Problem::Exists) {
        return "a store is never made over another one; `quantconf secret list` shows what it holds";
    }
    if (cause == Problem::StoreGone) {
        return fmt::format(
            "restore it from a backup, or copy {}.prev, the generation before the last, to its place and "
            "make a "
            "change with --accept-rollback; to begin anew without its secrets, move what is left of it "
            "(state.db, secrets.qcs.prev) out of the folder first",
            file.name());
    }
    if (cause == Problem::Conflict) {
        return "read the store again and decide anew";
    }
    if (cause == Problem::KdfTooExpensive) {
        return fmt::format(
            "at most {} passes over {} MiB are accepted; the file was not written by quantconf, or was "
            "changed",
            limits::kKdfPassesMax, limits::kKdfMemoryKibMax / 1024);
    }
    if (cause == Problem::UnknownFormat) {
        return "it needs a later version of quantconf, or is no store";
    }
    if (cause == Problem::TooLarge) {
        return fmt::format("a store has at most {} MiB", limits::kFileBytes / 1024 / 1024);
    }
    if (cause == Problem::TooMany) {
        return fmt::format("a store holds at most {} secrets; `quantconf secret rm` makes room",
                           limits::kSecrets);
    }
    return {};
}

std::string hint_for_name(const Index& index, std::string_view name) {
    std::vector<std::string> names;
    for (const SecretEntry& secret : index.secrets) {
        names.push_back(secret.name);
    }
    const auto suggestions = nearest(name, names);
    return suggestions.empty() ? "`quantconf secret list` shows what is stored" : did_you_mean(suggestions);
}

std::string hint_for_version(std::string_view name, VersionSelector which) {
    if (const auto* number = std::get_if<std::uint32_t>(&which)) {
        return fmt::format(
            "it has no version {} (any more); `quantconf secret list --format json` shows which", *number);
    }
    switch (std::get<Label>(which)) {
        case Label::Pending:
            return fmt::format("it has no pending value; `quantconf secret rotate {}` stores one", name);
        case Label::Previous:
            return "it has no previous value";
        case Label::Current:
            break;
    }
    return fmt::format("its only value is pending; `quantconf secret rotate {} --promote` makes it current",
                       name);
}

}  // namespace

Error with_place(Error error, const StoreFile& file, std::string_view operation) {
    if (error.operation.empty()) {
        error.operation = operation;
    }
    if (error.subject.empty()) {
        error.subject = file.name();
    }
    if (error.hint.empty()) {
        error.hint = hint_for(file, error.cause);
    }
    return error;
}

Error store_error(const StoreFile& file, std::string_view operation, Problem problem) {
    return with_place({.cause = problem}, file, operation);
}

Error secret_error(const StoreFile& file, std::string_view operation, std::string_view name, Problem problem,
                   std::string hint) {
    return {.operation = std::string{operation},
            .subject = fmt::format("secret {} of {}", quoted(name), file.name()),
            .cause = problem,
            .hint = std::move(hint)};
}

Error not_found_error(const StoreFile& file, std::string_view operation, const Index& index,
                      std::string_view name, VersionSelector which) {
    return secret_error(
        file, operation, name, Problem::NotFound,
        find_secret(index, name) == nullptr ? hint_for_name(index, name) : hint_for_version(name, which));
}

}  // namespace quantconf::secrets
