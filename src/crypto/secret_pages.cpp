#include "crypto/secret_pages.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace quantconf::crypto {
namespace {

std::size_t page_bytes() noexcept {
    static const auto kBytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return kBytes;
}

std::error_code last_error() {
    return {errno, std::generic_category()};
}

}  // namespace

std::size_t SecretPages::whole_pages(std::size_t bytes) noexcept {
    const std::size_t page = page_bytes();
    return (bytes + page - 1) / page * page;
}

std::optional<SecretPages> SecretPages::map(std::size_t bytes, OnFork on_fork) noexcept {
    const std::size_t page = page_bytes();
    const std::size_t size = whole_pages(bytes);
    void* all = ::mmap(nullptr, size + (2 * page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) {
        return std::nullopt;
    }
    SecretPages pages{{static_cast<char*>(all) + page, size}};  // From here on unmapped on every way out.
    if (::mprotect(pages.bytes_.data(), size, PROT_READ | PROT_WRITE) != 0) {
        return std::nullopt;
    }
    pages.protect(on_fork);
    return pages;
}

void SecretPages::protect(OnFork on_fork) noexcept {
    is_dumped_ = ::madvise(bytes_.data(), bytes_.size(), MADV_DONTDUMP) != 0;
    if (on_fork == OnFork::Wipe) {
        is_wiped_by_hand_ = ::madvise(bytes_.data(), bytes_.size(), MADV_WIPEONFORK) != 0;
    }
    is_locked_ = ::mlock(bytes_.data(), bytes_.size()) == 0;
    if (!is_locked_) {
        lock_error_ = last_error();
    }
}

void SecretPages::enter_child() noexcept {
    is_locked_ = false;
    lock_error_ = std::make_error_code(std::errc::operation_not_permitted);
    if (is_wiped_by_hand_) {
        ::explicit_bzero(bytes_.data(), bytes_.size());
    }
}

SecretPages::SecretPages(SecretPages&& other) noexcept
    : bytes_{std::exchange(other.bytes_, {})},
      is_locked_{other.is_locked_},
      is_dumped_{other.is_dumped_},
      is_wiped_by_hand_{other.is_wiped_by_hand_},
      lock_error_{other.lock_error_} {}

SecretPages& SecretPages::operator=(SecretPages&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(is_locked_, other.is_locked_);
    std::swap(is_dumped_, other.is_dumped_);
    std::swap(is_wiped_by_hand_, other.is_wiped_by_hand_);
    std::swap(lock_error_, other.lock_error_);
    return *this;
}

SecretPages::~SecretPages() {
    if (!bytes_.empty()) {
        const std::size_t page = page_bytes();
        ::munmap(bytes_.data() - page, bytes_.size() + (2 * page));
    }
}

}  // namespace quantconf::crypto
