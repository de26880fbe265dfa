#pragma once

#include <system_error>

namespace quantconf::secrets {

/// Why a store, a key or one of their files was refused. The cause of an Error; its hint says what to do.
///
/// The numbers are printed by programs that wrap us and never change their meaning.
enum class Problem {
    Damaged = 21,           ///< The bytes do not fit their own checksum, or end too early.
    WrongKey = 22,          ///< The bytes are whole, but this key opens none of the slots.
    Tampered = 23,          ///< Whole, opened, and yet changed by somebody without the key.
    RollbackDetected = 24,  ///< An older generation than one that was seen before.
    NotFound = 25,          ///< No secret, version or slot of this name.
    Exists = 26,            ///< There is one already, and it is not replaced.
    Conflict = 27,          ///< Somebody else changed the store since it was read.
    Exposed = 28,           ///< The permissions let others read or write it.
    ForeignOwner = 29,      ///< It belongs to somebody else.
    NotRegular = 30,   ///< A folder, FIFO, socket or device in place of a file; a file in place of a folder.
    Linked = 31,       ///< A symbolic link, or a file with a second name.
    Locked = 32,       ///< Another process is writing and did not finish in time.
    NoLocks = 33,      ///< The file system cannot lock files.
    ReadOnly = 34,     ///< The file system takes no writes; reading goes on.
    TooLarge = 35,     ///< More bytes than the limit named in the hint.
    BadName = 36,      ///< Outside of the grammar of names.
    NoKeySource = 37,  ///< Nobody said where the key is, or there is nothing.
    BadKey = 38,       ///< There is something, but it is not a key.
    KeyBesideStore = 39,     ///< Who steals the folder would have both.
    NoTerminal = 40,         ///< A passphrase was to be asked for, and nobody can be asked.
    KdfTooExpensive = 41,    ///< A file asks for more memory or time than we are willing to spend.
    UnknownFormat = 42,      ///< Written by a later version, or not by us.
    StoreMissing = 43,       ///< There is no store, or there was one and it is gone.
    WriteNotVerified = 44,   ///< What was read back is not what was written. Nothing was replaced.
    DurabilityUnknown = 45,  ///< Replaced, but a power cut may still bring the old state back.
    NotForEnvironment = 46,  ///< The secret is bound to other environments.
    NotForHost = 47,         ///< The secret is bound to other hosts.
    Expired = 48,            ///< The secret's own date has passed.
    Retired = 49,            ///< That version of the secret was given up.
    AuditCut = 50,           ///< The audit log has lost the record that the store remembers.
    TooMany = 51,            ///< One more than the limit named in the hint.
    InUse = 52,              ///< What is to be removed is needed for it.
    Superseded = 53,         ///< A newer value is current than the one that was to become it.
    StoreGone = 54,  ///< There was a store here, and nobody makes another one over what is left of it.
};

/// The last of them, for whoever goes through all.
inline constexpr Problem kLastProblem = Problem::StoreGone;

[[nodiscard]] const std::error_category& problem_category() noexcept;
[[nodiscard]] std::error_code make_error_code(Problem problem) noexcept;

}  // namespace quantconf::secrets

/// So that `error.cause == Problem::Damaged` and `.cause = Problem::Damaged` are written as they are meant.
template <>
struct std::is_error_code_enum<quantconf::secrets::Problem> : std::true_type {};
