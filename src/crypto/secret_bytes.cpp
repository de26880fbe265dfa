#include "crypto/secret_bytes.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "crypto/secret_memory.hpp"

namespace quantconf::crypto {

SecretBytes::SecretBytes(std::size_t size, OnFork on_fork) : size_{size}, on_fork_{on_fork} {
    if (size == 0) {
        return;
    }
    data_ = secret_memory::take(size, on_fork);
    if (data_ == nullptr) {
        throw std::bad_alloc{};
    }
}

Outcome<SecretBytes> SecretBytes::of_size(std::size_t size, OnFork on_fork) {
    if (size == 0) {
        return SecretBytes{};
    }
    char* data = secret_memory::take(size, on_fork);
    if (data == nullptr) {
        return std::unexpected{Error{.operation = "take",
                                     .subject = "memory for a secret",
                                     .cause = std::make_error_code(std::errc::not_enough_memory),
                                     .hint = "all secrets of a process together may have 256 MiB"}};
    }
    return SecretBytes{data, size, on_fork};
}

SecretBytes SecretBytes::copy_of(std::string_view bytes, OnFork on_fork) {
    SecretBytes copy{bytes.size(), on_fork};
    std::ranges::copy(bytes, copy.data_);
    return copy;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_{std::exchange(other.data_, nullptr)},
      size_{std::exchange(other.size_, 0)},
      on_fork_{other.on_fork_} {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    SecretBytes taken{std::move(other)};  // So that what stood here is wiped now, not when `other` ends.
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(on_fork_, taken.on_fork_);
    return *this;
}

SecretBytes::~SecretBytes() {
    if (data_ != nullptr) {
        secret_memory::give_back(data_, size_, on_fork_);
    }
}

bool SecretBytes::lost() const noexcept {
    return on_fork_ == OnFork::Wipe && data_ != nullptr && secret_memory::is_wiped(data_, size_);
}

std::span<char> SecretBytes::bytes() noexcept {
    return lost() ? std::span<char>{} : std::span{data_, size_};
}

std::string_view SecretBytes::view() const noexcept {
    return lost() ? std::string_view{} : std::string_view{data_, size_};
}

}  // namespace quantconf::crypto
