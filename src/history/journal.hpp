#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "history/file_change.hpp"
#include "quantconf/error.hpp"

namespace quantconf::history {

/// <state_folder>/change.journal: a change that was begun, with everything that is needed to finish it.
[[nodiscard]] std::filesystem::path journal_of(const std::filesystem::path& state_folder);

/// The bytes of a journal: docs/formats.md. The change keeps the limits.
[[nodiscard]] std::string encode_journal(const FileChange& change);

/// Nothing but what encode_journal() writes: Problem::UnknownFormat if it does not begin like that, else
/// Problem::JournalDamaged. `subject` is for the message.
[[nodiscard]] Outcome<FileChange> decode_journal(std::string_view bytes, const std::string& subject);

/// Problem::TooLarge, with the limit in the hint, unless the change keeps all of them.
[[nodiscard]] Outcome<void> check_size(const FileChange& change);

/// On disk when it returns.
[[nodiscard]] Outcome<void> write_journal(const FileChange& change,
                                          const std::filesystem::path& state_folder);
/// Nothing if there is none.
[[nodiscard]] Outcome<std::optional<FileChange>> read_journal(const std::filesystem::path& state_folder);
/// Gone from the disk when it returns.
[[nodiscard]] Outcome<void> remove_journal(const std::filesystem::path& state_folder);
/// Puts it aside under a name that is free: change.journal.conflict, change.journal.conflict-2, ... and says
/// which.
[[nodiscard]] Outcome<std::filesystem::path> keep_journal(const std::filesystem::path& state_folder);

}  // namespace quantconf::history
