#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// One file that gets new bytes.
struct Replacement {
    std::filesystem::path path;
    std::string_view bytes;
    bool keep_previous = false;  ///< What was there stays beside it, named as `path` with ".prev".
    /// Asked about what was read back from the disk, before anything is replaced. None: equal bytes suffice.
    std::function<bool(std::string_view)> verify = {};
};

/// Puts the bytes in place so that a crash at any moment leaves the old file or the new one, whole. The
/// caller holds the lock of `path`.
///
/// Temporary file beside it (0600, whatever the umask), fsync, read back, rename (an exchange of names with
/// the old one, which then becomes ".prev"), fsync of the folder. What an earlier crash left of this is
/// removed first. What stands at `path` has to pass the checks of read_secure_file().
///
/// Any error means the old bytes, untouched, and no temporary file; except Problem::DurabilityUnknown: the
/// new ones are there, and the folder could not be brought to disk. A failed fsync is never tried again on
/// the same file: the kernel may have dropped the data and would answer "fine". The next call starts with a
/// new file.
[[nodiscard]] Outcome<void> replace_durably(const Replacement& replacement);

/// Where keep_previous keeps it.
[[nodiscard]] std::filesystem::path previous_of(const std::filesystem::path& path);

}  // namespace quantconf::secrets
