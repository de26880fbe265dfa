#include "secrets/high_water.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "crypto/sha256.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/durable_replace.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"
#include "secrets/secure_file.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kUuidCharacters = 36;
constexpr std::size_t kCheckDigits = 16;
constexpr std::size_t kLineBytes = 20 + 1 + kCheckDigits + 1;
constexpr std::size_t kLines = 2;

Outcome<std::string> name_of(const fs::path& folder, std::string_view uuid) {
    if (uuid.size() != kUuidCharacters ||
        uuid.find_first_not_of("0123456789abcdef-") != std::string_view::npos) {
        return refuse("find", folder / uuid, Problem::BadName, "a store is named by 36 characters of a UUID");
    }
    return std::string{uuid} + ".generation";
}

/// "00000000000000000007 5d8f...\n". The check tells a line that was half written from a whole one; it is not
/// a signature.
std::string line_of(std::string_view uuid, std::uint64_t generation) {
    const std::string number = fmt::format("{:020}", generation);
    const std::string check = crypto::sha256_hex(fmt::format("{} {}", uuid, number));
    return fmt::format("{} {}\n", number, std::string_view{check}.substr(0, kCheckDigits));
}

/// One spelling only: what is not written by us is not believed.
std::optional<std::uint64_t> parse_line(std::string_view uuid, std::string_view line) {
    std::uint64_t generation = 0;
    const auto [end, why] = std::from_chars(line.data(), line.data() + line.size(), generation);
    return why == std::errc{} && line == line_of(uuid, generation) ? std::optional{generation} : std::nullopt;
}

struct Mark {
    std::uint64_t generation = 0;
    std::size_t line = 0;  ///< Where it stands.
};

Outcome<std::optional<Mark>> read(const fs::path& file, std::string_view uuid) {
    QC_TRY(const auto found, read_secure_file(file, kLines * kLineBytes));
    if (!found) {
        return std::nullopt;
    }
    const std::string_view text = found->bytes;
    std::optional<Mark> highest;
    for (std::size_t line = 0; line < kLines && text.size() == kLines * kLineBytes; ++line) {
        const auto generation = parse_line(uuid, text.substr(line * kLineBytes, kLineBytes));
        if (generation && (!highest || *generation > highest->generation)) {
            highest = Mark{.generation = *generation, .line = line};
        }
    }
    if (!highest) {
        return refuse("read", file, Problem::Damaged,
                      "it holds the highest generation of the store; restore it from a backup");
    }
    return highest;
}

Outcome<void> write_line(const SecureFolder& folder, const std::string& name, std::string_view line,
                         std::size_t place) {
    const Descriptor file{::openat(folder.get(), name.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC)};
    int why = file.is_open() ? 0 : errno;
    while (why == 0 && !line.empty()) {
        const ssize_t count = ::pwrite(file.get(), line.data(), line.size(), static_cast<off_t>(place));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            why = count == 0 ? EIO : errno;
            break;
        }
        line.remove_prefix(static_cast<std::size_t>(count));
        place += static_cast<std::size_t>(count);
    }
    if (why == 0) {
        // On its way, without waiting: a mark that a power cut has left behind the store is raised by the
        // next change, and is never ahead of it.
        (void)::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    return why == 0 ? Outcome<void>{} : refuse_errno("write", folder.path() / name, why);
}

}  // namespace

Outcome<std::optional<HighWater>> read_high_water(const fs::path& folder, std::string_view uuid) {
    QC_TRY(const std::string name, name_of(folder, uuid));
    QC_TRY(const auto mark, read(folder / name, uuid));
    return mark ? std::optional{HighWater{.generation = mark->generation}} : std::nullopt;
}

Outcome<void> raise_high_water(const fs::path& folder, std::string_view uuid, std::uint64_t generation) {
    QC_TRY(const std::string name, name_of(folder, uuid));
    QC_TRY(const auto mark, read(folder / name, uuid));
    const std::string line = line_of(uuid, generation);
    if (!mark) {
        return replace_durably({.path = folder / name, .bytes = line + line});
    }
    if (mark->generation >= generation) {
        return {};
    }
    // In place: a new file and its name would cost two more waits for the disk at each change of the store.
    // The line that holds the mark is not touched, so that a torn write leaves that one.
    QC_TRY(const auto open_folder, SecureFolder::open(folder));
    return write_line(open_folder, name, line, (mark->line + 1) % kLines * kLineBytes);
}

}  // namespace quantconf::secrets
