#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/descriptor.hpp"
#include "quantconf/error.hpp"
#include "secrets/secure_folder.hpp"

namespace quantconf::secrets {

/// What was read, and from which file: a later look at the path can tell whether it is still the same one.
struct SecureRead {
    std::string bytes;
    std::uint64_t inode = 0;
    std::uint64_t device = 0;
};

/// Reads a file of ours once, from the start to the end. Nothing if there is none.
///
/// Refused: links of either kind anywhere in the path, FIFOs, devices and folders (without waiting for them),
/// another owner, permissions for anybody else, more than `size_max` bytes, a folder that others may write
/// to. All of this is asked of the open descriptor, so that no exchange of files comes in between.
[[nodiscard]] Outcome<std::optional<SecureRead>> read_secure_file(const std::filesystem::path& path,
                                                                  std::size_t size_max);

/// The same for the file `name`, a single component, of a folder that is open already.
[[nodiscard]] Outcome<std::optional<SecureRead>> read_secure_file(const SecureFolder& folder,
                                                                  const std::string& name,
                                                                  std::size_t size_max);

/// An open file that passed those checks.
struct SecureFile {
    Descriptor descriptor;
    std::size_t size = 0;  ///< As announced; reading decides.
    std::uint64_t inode = 0;
    std::uint64_t device = 0;
};

/// Opens and checks without reading. Nothing if there is no file `name` in the folder.
[[nodiscard]] Outcome<std::optional<SecureFile>> open_secure_file(const SecureFolder& folder,
                                                                  const std::string& name);

}  // namespace quantconf::secrets
