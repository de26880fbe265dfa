#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace quantconf::crypto {

/// What happens to secret bytes in a forked child.
enum class OnFork {
    Keep,  ///< Values that the program itself needs: the child may go on using them.
    Wipe,  ///< Keys of the store: zeros in the child.
};

/// Bytes that nobody else may see: in memory that is not swapped out, not dumped, and wiped when given back.
///
/// Moves, never copies. Not synchronised: one owner; once filled, any number of threads may read. No stream,
/// no formatter, no comparison.
class SecretBytes {
public:
    SecretBytes() = default;
    /// `size` zeros.
    explicit SecretBytes(std::size_t size, OnFork on_fork = OnFork::Keep);
    [[nodiscard]] static SecretBytes copy_of(std::string_view bytes, OnFork on_fork = OnFork::Keep);

    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::span<char> bytes() noexcept { return {data_, size_}; }
    /// Ends with this object. Never copy it into a std::string.
    [[nodiscard]] std::string_view view() const noexcept { return {data_, size_}; }

private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
    OnFork on_fork_ = OnFork::Keep;
};

}  // namespace quantconf::crypto
