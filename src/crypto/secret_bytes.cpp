#include "crypto/secret_bytes.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <openssl/crypto.h>

namespace quantconf::crypto {

SecretBytes::SecretBytes(std::size_t size, OnFork on_fork)
    : data_{size == 0 ? nullptr : static_cast<char*>(::operator new(size))}, size_{size}, on_fork_{on_fork} {
    std::ranges::fill(bytes(), '\0');
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
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(on_fork_, other.on_fork_);
    return *this;
}

SecretBytes::~SecretBytes() {
    if (data_ != nullptr) {
        OPENSSL_cleanse(data_, size_);
        ::operator delete(data_);
    }
}

}  // namespace quantconf::crypto
