#pragma once

#include <cstddef>
#include <optional>
#include <system_error>

#include "crypto/on_fork.hpp"

namespace quantconf::crypto {

/// Of all secrets of the process together, with what is lost between them. A store file has at most 16 MiB.
inline constexpr std::size_t kSecretMemoryBytesMax = std::size_t{256} * 1024 * 1024;

/// How well the kernel protects the memory of secrets: for doctor and for health.
///
/// Locking is best effort. A limit that is too small (RLIMIT_MEMLOCK, `ulimit -l`) must not stop a trading
/// bot, but its owner has to know that secrets may reach the swap space.
struct SecretMemoryStatus {
    std::size_t mapped = 0;           ///< Bytes asked of the kernel. 0: no secret was needed yet.
    std::size_t locked = 0;           ///< Of these, never swapped out.
    std::size_t dumped = 0;           ///< Of these, part of a core file. 0 on every Linux since 3.4.
    std::size_t used = 0;             ///< Bytes of secrets alive now.
    std::error_code lock_error = {};  ///< Why the last bytes that are not locked are not.
    std::optional<std::size_t> lock_limit_bytes = {};  ///< RLIMIT_MEMLOCK; nothing if there is none.

    [[nodiscard]] bool all_locked() const noexcept { return locked == mapped; }
};

/// Any thread. In a forked child nothing is locked that the parent had locked: the kernel does not pass it
/// on.
[[nodiscard]] SecretMemoryStatus secret_memory_status();

/// For SecretBytes alone: the one arena of the process. Few mappings between pages that nobody may touch,
/// kept out of swap and core files; blocks in classes of sizes, with a mark behind each that tells of a write
/// beyond its end and of a fork. Any thread, also around a fork. Nothing is set up before the first secret.
namespace secret_memory {

/// `size` zeros, or nullptr where the kernel or the limit gives no more.
[[nodiscard]] char* take(std::size_t size, OnFork on_fork);
/// Wipes and gives back what take() has given for the same size and kind.
void give_back(char* data, std::size_t size, OnFork on_fork) noexcept;
/// Whether a fork has wiped the block.
[[nodiscard]] bool is_wiped(const char* data, std::size_t size) noexcept;

}  // namespace secret_memory

}  // namespace quantconf::crypto
