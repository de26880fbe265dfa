#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

#include "crypto/on_fork.hpp"
#include "crypto/secret_memory.hpp"
#include "crypto/secret_pages.hpp"

namespace quantconf::crypto {

/// The blocks of one kind: small ones cut from a few chunks, in sizes that double; large ones with pages of
/// their own.
///
/// Blocks come as zeros and have to be wiped before they are given back. What the pool knows about them lies
/// in ordinary memory, away from the secrets, so that neither a stray write nor the wiping of a fork can
/// confuse it. Not synchronised.
class SecretPool {
public:
    static constexpr std::size_t kBlockBytesMin = 32;
    static constexpr std::size_t kBlockBytesMax = std::size_t{16} * 1024;  ///< Larger: pages of its own.

    explicit SecretPool(OnFork on_fork) : on_fork_{on_fork} {}

    /// `size` bytes at least, or nullptr if that takes more than `room` new bytes of the kernel, or it has
    /// none.
    [[nodiscard]] char* take(std::size_t size, std::size_t room);
    /// With the size that was asked for.
    void give_back(char* data, std::size_t size) noexcept;

    [[nodiscard]] std::size_t mapped() const noexcept { return mapped_; }
    void add_to(SecretMemoryStatus& status) const;
    void enter_child() noexcept;

private:
    static constexpr std::size_t kClasses = 10;  // 32 bytes, 64, ..., 16 KiB.
    static_assert(kBlockBytesMin << (kClasses - 1) == kBlockBytesMax);
    // The first chunks of both kinds fit into 64 KiB, the smallest limit for locked memory that is in use.
    static constexpr std::size_t kFirstChunkBytes = std::size_t{16} * 1024;
    static constexpr std::size_t kChunkBytesMax = std::size_t{1024} * 1024;

    [[nodiscard]] char* take_pages(std::size_t size, std::size_t room);
    [[nodiscard]] char* take_block(std::size_t size_class, std::size_t room);
    [[nodiscard]] bool add_chunk(std::size_t room);
    void cut(std::size_t size_class);

    OnFork on_fork_;
    std::size_t mapped_ = 0;
    std::vector<SecretPages> chunks_;  // Kept as long as the pool.
    std::span<char> rest_;             // Of the newest chunk: not cut into blocks yet.
    std::size_t next_chunk_ = kFirstChunkBytes;
    std::array<std::vector<char*>, kClasses> free_;
    std::array<std::size_t, kClasses> cut_{};
    std::unordered_map<char*, SecretPages> large_;
};

}  // namespace quantconf::crypto
