#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>

#include "crypto/random.hpp"
#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"

namespace quantconf::secrets {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kPassphraseBytesMax = 1024;

/// A private file that holds one line of base64, 32 bytes long when decoded.
struct KeyFile {
    std::filesystem::path path;
    std::string why_there = {};  ///< Who said so, for the message of a missing file: "--key-file names it".
};
/// An open descriptor that gives the same line and then ends: a pipe, a sealed memory file. Read once.
struct KeyDescriptor {
    int number = -1;
    std::chrono::milliseconds timeout{10'000};  ///< For all of it; whoever writes must also close.
};
/// Words that a person remembers. `ask` decides how to get them; see ask_passphrase().
struct Passphrase {
    std::function<Outcome<crypto::SecretBytes>()> ask;
};
/// The file `qc-master` in the folder that systemd names in CREDENTIALS_DIRECTORY; the same line in it.
struct SystemdCredential {
    std::filesystem::path directory;
};

using KeySource = std::variant<KeyFile, KeyDescriptor, Passphrase, SystemdCredential>;

/// The key's 32 bytes, or the bytes of the passphrase. Never a key of another length, never an empty one.
[[nodiscard]] Outcome<crypto::SecretBytes> read_key(const KeySource& source);

/// Makes a key: one line of base64, mode 0600, on disk when this returns. Never over something that is there.
[[nodiscard]] Outcome<void> create_key_file(const std::filesystem::path& path, crypto::Random& random);

/// Where a key lies that is about to replace the one in `key_file`: `secret rekey` gives it that name last.
[[nodiscard]] std::filesystem::path next_key_file(const std::filesystem::path& key_file);

/// What is worth a warning about a place for a key that is not refused.
struct KeyPlace {
    bool is_in_git_work_tree = false;
};

/// Refuses a key in the folder of the store or beneath it: a thief or a backup of that folder would have
/// both.
[[nodiscard]] Outcome<KeyPlace> check_key_place(const std::filesystem::path& key_file,
                                                const std::filesystem::path& store_folder);

}  // namespace quantconf::secrets
