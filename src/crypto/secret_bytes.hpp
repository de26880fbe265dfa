#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "crypto/on_fork.hpp"
#include "quantconf/error.hpp"

namespace quantconf::crypto {

/// Bytes that nobody else may see: in memory that is not swapped out, not dumped, and wiped when given back
/// (crypto/secret_memory.hpp).
///
/// Moves, never copies. Not synchronised: one owner; once filled, any number of threads may read. No stream,
/// no formatter, no comparison.
///
/// With OnFork::Wipe the bytes are gone in a forked child: view() and bytes() are empty, never zeros that
/// would pass for a key. Whoever owns such a key asks lost() and reports that the store has to be opened
/// again. Should it forget, AES-GCM, HMAC and HKDF stop the process rather than work with an empty key.
class SecretBytes {
public:
    SecretBytes() = default;
    /// `size` zeros. Without memory for them std::bad_alloc, as for any other object.
    explicit SecretBytes(std::size_t size, OnFork on_fork = OnFork::Keep);
    /// `size` zeros, for a size that somebody else decides: an Error where the memory of all secrets is full.
    [[nodiscard]] static Outcome<SecretBytes> of_size(std::size_t size, OnFork on_fork = OnFork::Keep);
    [[nodiscard]] static SecretBytes copy_of(std::string_view bytes, OnFork on_fork = OnFork::Keep);

    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// Whether a fork has wiped them. They never come back in this process.
    [[nodiscard]] bool lost() const noexcept;

    /// Empty once they were lost.
    [[nodiscard]] std::span<char> bytes() noexcept;
    /// Ends with this object. Never copy it into a std::string. Empty once they were lost.
    [[nodiscard]] std::string_view view() const noexcept;

private:
    SecretBytes(char* data, std::size_t size, OnFork on_fork) noexcept
        : data_{data}, size_{size}, on_fork_{on_fork} {}

    char* data_ = nullptr;
    std::size_t size_ = 0;
    OnFork on_fork_ = OnFork::Keep;
};

}  // namespace quantconf::crypto
