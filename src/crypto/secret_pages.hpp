#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <system_error>

#include "crypto/on_fork.hpp"

namespace quantconf::crypto {

/// Whole pages for secrets, with a page on both sides that nobody may touch. Unmapped with the object; its
/// owner wipes.
class SecretPages {
public:
    /// At least `bytes`, all zeros; nothing if the kernel has no more.
    [[nodiscard]] static std::optional<SecretPages> map(std::size_t bytes, OnFork on_fork) noexcept;

    SecretPages(SecretPages&& other) noexcept;
    SecretPages& operator=(SecretPages&& other) noexcept;
    SecretPages(const SecretPages&) = delete;
    SecretPages& operator=(const SecretPages&) = delete;
    ~SecretPages();

    /// `bytes`, rounded up to what map() takes for them; the two guards come on top.
    [[nodiscard]] static std::size_t whole_pages(std::size_t bytes) noexcept;

    [[nodiscard]] std::span<char> bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool is_locked() const noexcept { return is_locked_; }
    [[nodiscard]] bool is_dumped() const noexcept { return is_dumped_; }
    [[nodiscard]] std::error_code lock_error() const noexcept { return lock_error_; }

    /// In a forked child: locks are not inherited, and an old kernel leaves the wiping to us.
    void enter_child() noexcept;

private:
    explicit SecretPages(std::span<char> bytes) noexcept : bytes_{bytes} {}
    void protect(OnFork on_fork) noexcept;

    std::span<char> bytes_;
    bool is_locked_ = false;
    bool is_dumped_ = true;
    bool is_wiped_by_hand_ = false;
    std::error_code lock_error_;
};

}  // namespace quantconf::crypto
