#include "apps/vault/read_value.hpp"

#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "crypto/hmac.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/ask_passphrase.hpp"
#include "secrets/limits.hpp"
#include "secrets/problem.hpp"

namespace quantconf::app {
namespace {

Outcome<crypto::SecretBytes> ask_twice(const std::string& what) {
    QC_TRY(auto first, secrets::ask_passphrase(fmt::format("{}: ", what)));
    QC_TRY(const auto second, secrets::ask_passphrase(fmt::format("{}, once more: ", what)));
    if (!crypto::equal_in_constant_time(first.view(), second.view())) {
        return std::unexpected{Error{"read", what, std::make_error_code(std::errc::invalid_argument),
                                     "the two were different; nothing was changed"}};
    }
    return first;
}

}  // namespace

Outcome<crypto::SecretBytes> read_value(const std::string& what) {
    if (::isatty(STDIN_FILENO) == 1) {
        return ask_twice(what);
    }
    crypto::SecretBytes buffer{secrets::limits::kValueBytes + 2};
    std::size_t size = 0;
    while (size < buffer.size()) {
        const ssize_t count = ::read(STDIN_FILENO, buffer.bytes().data() + size, buffer.size() - size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return std::unexpected{Error{"read", "standard input", {errno, std::generic_category()}, {}}};
        }
        if (count == 0) {
            break;
        }
        size += static_cast<std::size_t>(count);
    }
    const std::string_view text = buffer.view().substr(0, size);
    const std::string_view value = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
    if (value.size() > secrets::limits::kValueBytes) {
        return std::unexpected{
            Error{"read", "standard input", secrets::Problem::TooLarge, "a secret has at most 1 MiB"}};
    }
    return crypto::SecretBytes::copy_of(value);
}

Outcome<crypto::SecretBytes> ask_new_passphrase(const std::string& what) {
    return ask_twice(what);
}

}  // namespace quantconf::app
