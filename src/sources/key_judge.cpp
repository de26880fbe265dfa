#include "sources/key_judge.hpp"

#include "sources/key_format.hpp"
#include "sources/key_request.hpp"

namespace quantconf::sources {
namespace {

bool is_resolved(const Secret& secret) {
    return secret.reveal(grant_secret_access(), [](std::string_view) {});
}

/// The worst that is wrong with a key by its looks; nothing if it could be one.
std::optional<std::string> what_is_wrong(const Source& source, const Secret& key) {
    std::optional<std::string> wrong;
    key.reveal(grant_secret_access(), [&](std::string_view text) {
        for (const KeyProblem& problem : check_key_format(source, text)) {
            if (problem.is_hard && !wrong) {
                wrong = problem.message;
            }
        }
    });
    return wrong;
}

}  // namespace

std::optional<Verdict> judge_offline(const Source& source, const Credentials& credentials) {
    for (const Secret& secret : {credentials.key, credentials.secret}) {
        if (!secret.empty() && !is_resolved(secret)) {
            return Verdict{.status = KeyStatus::Unknown,
                           .detail = "not_resolved",
                           .reason = "the secret store has not been asked for it"};
        }
    }
    if (credentials.empty()) {
        return std::nullopt;
    }
    if (uses_tokens(source) && credentials.secret.empty()) {
        return Verdict{.status = KeyStatus::Invalid,
                       .detail = "missing",
                       .reason = "the id of a client is of no use without its secret"};
    }
    for (const Secret& secret : {credentials.key, credentials.secret}) {
        if (const auto wrong = what_is_wrong(source, secret)) {
            return Verdict{.status = KeyStatus::Invalid, .detail = "malformed", .reason = *wrong};
        }
    }
    return std::nullopt;
}

}  // namespace quantconf::sources
