#include "secrets/problem.hpp"

#include "base/problem_category.hpp"

namespace quantconf::secrets {
namespace {

const char* text_of(Problem problem) {
    switch (problem) {
        case Problem::Damaged:
            return "it is damaged";
        case Problem::WrongKey:
            return "wrong key";
        case Problem::Tampered:
            return "it was changed by somebody without the key";
        case Problem::RollbackDetected:
            return "it is older than what was seen before";
        case Problem::NotFound:
            return "not found";
        case Problem::Exists:
            return "it exists already";
        case Problem::Conflict:
            return "somebody else changed it in the meantime";
        case Problem::Exposed:
            return "its permissions let others in";
        case Problem::ForeignOwner:
            return "it belongs to another user";
        case Problem::NotRegular:
            return "not a regular file";
        case Problem::Linked:
            return "a link is not accepted here";
        case Problem::Locked:
            return "another process holds the lock";
        case Problem::NoLocks:
            return "the file system cannot lock files";
        case Problem::ReadOnly:
            return "the file system is read-only";
        case Problem::TooLarge:
            return "it is too large";
        case Problem::BadName:
            return "that is not a valid name";
        case Problem::NoKeySource:
            return "there is no key";
        case Problem::BadKey:
            return "that is not a key";
        case Problem::KeyBesideStore:
            return "the key lies in the folder of the store";
        case Problem::NoTerminal:
            return "there is no terminal to ask at";
        case Problem::KdfTooExpensive:
            return "it asks for more memory or time than is allowed";
        case Problem::UnknownFormat:
            return "unknown format";
        case Problem::StoreMissing:
            return "there is no store";
        case Problem::WriteNotVerified:
            return "what was read back is not what was written";
        case Problem::DurabilityUnknown:
            return "written, but a power cut may undo it";
        case Problem::NotForEnvironment:
            return "not meant for this environment";
        case Problem::NotForHost:
            return "not meant for this host";
        case Problem::Expired:
            return "it has expired";
        case Problem::Retired:
            return "it was retired";
        case Problem::AuditCut:
            return "the audit log has lost the record that the store remembers";
        case Problem::TooMany:
            return "there are as many as there can be";
        case Problem::InUse:
            return "it is in use";
        case Problem::Superseded:
            return "a newer value is current";
        case Problem::StoreGone:
            return "there was a store here, and it is gone";
    }
    return nullptr;
}

}  // namespace

const std::error_category& problem_category() noexcept {
    static const ProblemCategory<Problem> kCategory{"secrets", text_of};
    return kCategory;
}

std::error_code make_error_code(Problem problem) noexcept {
    return {static_cast<int>(problem), problem_category()};
}

}  // namespace quantconf::secrets
