#include "secrets/key_source.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/key_text.hpp"
#include "secrets/problem.hpp"
#include "secrets/read_all.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_file.hpp"
#include "secrets/temporary_file.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCredentialName = "qc-master";
constexpr const char* kKeyShape = "a key is one line of 44 characters of base64: 32 bytes";
constexpr std::size_t kTextMax = kKeyTextBytes + 1;  ///< The newline.

Outcome<crypto::SecretBytes> decode(std::string_view text, const fs::path& place) {
    std::optional<crypto::SecretBytes> key = key_from_text(text);
    if (!key) {
        return refuse("read", place, Problem::BadKey, kKeyShape);
    }
    return *std::move(key);
}

/// The key in a file. No byte of it passes through memory that is not wiped.
Outcome<crypto::SecretBytes> read_from_file(const fs::path& path, Trust trust,
                                            const std::string& why_there = {}) {
    const auto is_missing = [&] {
        return refuse("read", path, Problem::NoKeySource,
                      fmt::format("the file does not exist{}{}; put a copy of the key there from its backup "
                                  "(mode 0600), or name the file that has it",
                                  why_there.empty() ? "" : ": ", why_there));
    };
    const auto folder = SecureFolder::open(path.parent_path(), trust);
    if (!folder) {
        return folder.error().cause == std::errc::no_such_file_or_directory ? is_missing()
                                                                            : std::unexpected{folder.error()};
    }
    QC_TRY(const auto file, open_secure_file(*folder, path.filename().string()));
    if (!file) {
        return is_missing();
    }
    crypto::SecretBytes text{kTextMax + 1};
    std::size_t count = 0;
    if (const int why = read_all(file->descriptor.get(), text.bytes(), count); why != 0) {
        return refuse_errno("read", path, why);
    }
    return decode(text.view().substr(0, count), path);
}

/// Waits for the next bytes, the end included. False if nothing comes in time.
bool wait_for_bytes(int descriptor, std::chrono::steady_clock::time_point deadline) {
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready >= 0 || errno != EINTR) {
            return ready > 0;
        }
    }
}

/// Standard input stays open for children, and a file behind it could be read once more.
void hide_standard_input() {
    const Descriptor nothing{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    if (!nothing.is_open() || ::dup2(nothing.get(), STDIN_FILENO) < 0) {
        ::close(STDIN_FILENO);
    }
}

Outcome<crypto::SecretBytes> read_from_descriptor(const KeyDescriptor& source) {
    const fs::path place = fmt::format("descriptor {}", source.number);
    const int flags = ::fcntl(source.number, F_GETFD);
    if (flags < 0) {
        return refuse("read", place, Problem::NoKeySource,
                      "nothing is open there; a shell opens it like this: --key-fd 3 3< FILE");
    }
    if (::isatty(source.number) == 1) {
        return refuse("read", place, Problem::NoKeySource, "that is a terminal; a pipe or a file is needed");
    }
    if (source.number > STDERR_FILENO) {
        ::fcntl(source.number, F_SETFD, flags | FD_CLOEXEC);  // Children get no second look at it.
    }
    const auto deadline = std::chrono::steady_clock::now() + source.timeout;
    crypto::SecretBytes text{kTextMax + 1};
    std::size_t count = 0;
    while (count < text.size()) {
        if (!wait_for_bytes(source.number, deadline)) {
            return refuse("read", place, Problem::NoKeySource,
                          fmt::format("no end of the key came within {} ms; close the other side of the pipe",
                                      source.timeout.count()));
        }
        const ssize_t some = ::read(source.number, text.bytes().data() + count, text.size() - count);
        if (some < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (some < 0) {
            return refuse_errno("read", place, errno);
        }
        if (some == 0) {
            break;
        }
        count += static_cast<std::size_t>(some);
    }
    if (source.number == STDIN_FILENO) {
        hide_standard_input();
    }
    if (count == 0) {
        return refuse("read", place, Problem::NoKeySource, "it is at its end; a key can be read there once");
    }
    return decode(text.view().substr(0, count), place);
}

Outcome<crypto::SecretBytes> read_from_person(const Passphrase& source) {
    if (!source.ask) {
        return refuse("use", "the passphrase", Problem::NoKeySource, "nobody is there to be asked");
    }
    QC_TRY(auto words, source.ask());
    if (words.empty()) {
        return refuse("use", "the passphrase", Problem::BadKey, "it is empty");
    }
    if (words.size() > kPassphraseBytesMax) {
        return refuse("use", "the passphrase", Problem::TooLarge,
                      fmt::format("the limit is {} bytes", kPassphraseBytesMax));
    }
    return words;
}

Outcome<crypto::SecretBytes> read_credential(const SystemdCredential& source) {
    if (source.directory.empty()) {
        return refuse("read", "the systemd credential", Problem::NoKeySource,
                      "CREDENTIALS_DIRECTORY is not set; has the unit LoadCredential=qc-master:... ?");
    }
    return read_from_file(source.directory / kCredentialName, Trust::OrRoots);
}

struct Reader {
    Outcome<crypto::SecretBytes> operator()(const KeyFile& source) const {
        return read_from_file(source.path, Trust::Own, source.why_there);
    }
    Outcome<crypto::SecretBytes> operator()(const KeyDescriptor& source) const {
        return read_from_descriptor(source);
    }
    Outcome<crypto::SecretBytes> operator()(const Passphrase& source) const {
        return read_from_person(source);
    }
    Outcome<crypto::SecretBytes> operator()(const SystemdCredential& source) const {
        return read_credential(source);
    }
};

}  // namespace

Outcome<crypto::SecretBytes> read_key(const KeySource& source) {
    return std::visit(Reader{}, source);
}

}  // namespace quantconf::secrets
