#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "crypto/random.hpp"
#include "crypto/secret_bytes.hpp"

// What tests need to look at memory from outside: the process itself as the kernel shows it under /proc.

namespace quantconf::crypto {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kIsSanitized = false;
#endif

/// 32 random bytes to look for. Kept masked, so that they stand in memory only where a test has put them.
class Canary {
public:
    static constexpr std::size_t kBytes = 32;

    Canary() { QC_ASSERT(SystemRandom{}.fill(masked_)); }
    /// Looks for what stands there now.
    explicit Canary(std::string_view bytes) {
        QC_ASSERT(bytes.size() == kBytes);
        std::ranges::transform(bytes, masked_.begin(), unmasked);
    }

    void write_to(std::span<char> out) const { std::ranges::transform(masked_, out.begin(), unmasked); }

    [[nodiscard]] SecretBytes secret(OnFork on_fork = OnFork::Keep) const {
        SecretBytes bytes{kBytes, on_fork};
        write_to(bytes.bytes());
        return bytes;
    }

    /// Index of the first one at or behind `start`, or npos.
    [[nodiscard]] std::size_t find_in(std::string_view bytes, std::size_t start = 0) const {
        for (std::size_t at = bytes.find(unmasked(masked_[0]), start);
             at != std::string_view::npos && at + kBytes <= bytes.size();
             at = bytes.find(unmasked(masked_[0]), at + 1)) {
            if (std::ranges::equal(bytes.substr(at, kBytes), masked_, {}, {}, unmasked)) {
                return at;
            }
        }
        return std::string_view::npos;
    }

private:
    // Its own inverse.
    static char unmasked(char byte) { return static_cast<char>(byte ^ 0x5a); }

    std::array<char, kBytes> masked_{};
};

struct MemoryRegion {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
};

/// Every part of this process's memory that can be read.
[[nodiscard]] inline std::vector<MemoryRegion> readable_memory() {
    std::vector<MemoryRegion> regions;
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        std::istringstream in{line};
        MemoryRegion region;
        char dash = 0;
        std::string rights;
        in >> std::hex >> region.begin >> dash >> region.end >> rights;
        if (rights.starts_with('r')) {
            regions.push_back(region);
        }
    }
    return regions;
}

/// How often it stands in the memory of this process, whatever that memory is for.
[[nodiscard]] inline std::size_t count_in_memory(const Canary& canary) {
    constexpr std::size_t kStep = std::size_t{1024} * 1024;
    const std::vector<MemoryRegion> regions = readable_memory();
    std::vector<char> buffer(kStep + Canary::kBytes);
    const auto own = reinterpret_cast<std::uintptr_t>(buffer.data());
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    QC_ASSERT(memory >= 0);
    std::size_t count = 0;
    for (const MemoryRegion& region : regions) {
        for (std::uintptr_t start = region.begin; start < region.end; start += kStep) {
            const std::size_t wanted = std::min(buffer.size(), region.end - start);
            const ssize_t got = ::pread(memory, buffer.data(), wanted, static_cast<off_t>(start));
            const std::string_view bytes{buffer.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
            for (std::size_t at = canary.find_in(bytes); at < kStep; at = canary.find_in(bytes, at + 1)) {
                const bool is_our_copy = start + at >= own && start + at < own + buffer.size();
                count += is_our_copy ? 0 : 1;
            }
        }
    }
    ::close(memory);
    ::explicit_bzero(buffer.data(), buffer.size());
    return count;
}

[[nodiscard]] inline bool is_in_file(const Canary& canary, const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    return canary.find_in(bytes) != std::string::npos;
}

/// "rd wr mr mw me lo dd wf": the kernel's flags for the mapping that `bytes` lie in.
[[nodiscard]] inline std::string mapping_flags(std::string_view bytes) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(bytes.data());
    std::ifstream maps{"/proc/self/smaps"};
    bool is_inside = false;
    for (std::string line; std::getline(maps, line);) {
        MemoryRegion region;
        char dash = 0;
        if (std::istringstream in{line};
            in >> std::hex >> region.begin >> dash >> region.end && dash == '-') {
            is_inside = wanted >= region.begin && wanted < region.end;
        } else if (is_inside && line.starts_with("VmFlags:")) {
            return line + ' ';
        }
    }
    return {};
}

/// A field of /proc/self/status in KiB, such as "VmLck:".
[[nodiscard]] inline std::size_t status_kib(std::string_view field) {
    std::ifstream status{"/proc/self/status"};
    std::size_t kib = 0;
    for (std::string word; status >> word && word != field;) {
    }
    status >> kib;
    return kib;
}

[[nodiscard]] inline std::size_t peak_memory_kib() {
    return status_kib("VmPeak:");
}

/// Starts `body` in a forked child and gives the child's wait status.
template <typename Body>
[[nodiscard]] int status_of_child(Body body) {
    const pid_t child = ::fork();
    QC_ASSERT(child >= 0);
    if (child == 0) {
        ::_exit(body() ? 0 : 1);
    }
    int status = 0;
    QC_ASSERT(::waitpid(child, &status, 0) == child);
    return status;
}

/// Whether `check` returned true in a forked child; a child that dies has not.
template <typename Check>
[[nodiscard]] bool in_child(Check check) {
    return status_of_child(check) == 0;
}

inline bool set_limit(decltype(RLIMIT_AS) resource, std::size_t value) {
    const rlimit limit{.rlim_cur = value, .rlim_max = value};
    return ::setrlimit(resource, &limit) == 0;
}

/// Gives up root, if there is any to give up, and may lock no more than `bytes` from then on. False if it
/// cannot.
[[nodiscard]] inline bool become_ordinary_user_who_locks(std::size_t bytes) {
    constexpr uid_t kNobody = 65534;
    if (!set_limit(RLIMIT_MEMLOCK, bytes)) {
        return false;
    }
    return ::geteuid() != 0 ||
           (::setresgid(kNobody, kNobody, kNobody) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0);
}

}  // namespace quantconf::crypto
