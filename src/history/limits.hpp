#pragma once

#include <chrono>
#include <cstddef>

/// What the history holds at most. Each is tested on both sides; docs/formats.md says which texts are cut and
/// what is refused.
namespace quantconf::history::limits {

// Texts for people. Longer ones are cut between two characters and end in "...".
inline constexpr std::size_t kReasonBytes = 1'000;  ///< Also the last error of a process.
inline constexpr std::size_t kAuthorBytes = 128;
inline constexpr std::size_t kHostBytes = 253;     ///< The longest name of DNS.
inline constexpr std::size_t kProgramBytes = 512;  ///< As in an audit record.
inline constexpr std::size_t kPathBytes = 1'024;   ///< A layer's name, a key's path.

// What a version is made of. More is refused.
inline constexpr std::size_t kCanonicalBytes =
    std::size_t{15} * 1024 * 1024;                    ///< state.db ends a row at 16 MiB.
inline constexpr std::size_t kLayerRecords = 16'384;  ///< More than variables, options and files together.
inline constexpr std::size_t kSecrets = 4'096;        ///< More than a store holds.

inline constexpr std::size_t kPendingPaths = 1'000;  ///< Of one process; those behind them are not listed.

// What a process answers to a request: the first lines of its diagnostics.
inline constexpr std::size_t kAnswerLines = 400;  ///< More than 100 diagnostics of the usual length have ...
inline constexpr std::size_t kAnswerLineBytes = 1'024;  ///< ... each cut like any other text.
inline constexpr std::size_t kRequestIdBytes = 64;

/// A process of another machine that has not said anything for so long has ended.
inline constexpr std::chrono::hours kForeignSilence{24};

/// Forgotten in one transaction: others wait no longer than for one of these. 200 versions of 8 KB kept the
/// lock for 8 ms in memory and up to 40 ms on a busy disk.
inline constexpr std::size_t kForgottenAtOnce = 50;

// Changes of several files.
inline constexpr std::size_t kChangedFiles = 16;  ///< Twice the layers that there are.
inline constexpr std::size_t kJournalBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t kNoteBytes = std::size_t{64} * 1024;
inline constexpr std::chrono::seconds kLockTimeout{10};

}  // namespace quantconf::history::limits
