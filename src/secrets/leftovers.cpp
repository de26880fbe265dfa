#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secrets/temporary_file.hpp"

namespace quantconf::secrets {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

/// The parts of a name that TemporaryFile has made. Nothing else of a folder is ours to remove.
struct Leftover {
    std::string target;
    pid_t maker = 0;
};

/// Takes what stands behind the last dot.
std::string_view cut_last_part(std::string_view& name) {
    const std::size_t dot = name.rfind('.');
    const std::string_view part = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    name = name.substr(0, dot == std::string_view::npos ? 0 : dot);
    return part;
}

std::optional<Leftover> leftover_of(std::string_view name) {
    constexpr std::string_view kStart = ".q.";
    constexpr std::size_t kRandomDigits = 16;
    if (!name.starts_with(kStart)) {
        return std::nullopt;
    }
    name.remove_prefix(kStart.size());
    const std::string_view random = cut_last_part(name);
    const std::string_view pid = cut_last_part(name);
    Leftover leftover{.target = std::string{name}};
    const auto [end, problem] = std::from_chars(pid.data(), pid.data() + pid.size(), leftover.maker);
    const bool is_pid = problem == std::errc{} && end == pid.data() + pid.size() && leftover.maker > 0;
    const bool is_random = random.size() == kRandomDigits &&
                           random.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    return is_pid && is_random && !name.empty() ? std::optional{std::move(leftover)} : std::nullopt;
}

/// Removes what `is_to_go` says of; they harm nobody, so what cannot be removed is left to the next writer.
template <typename IsToGo>
void remove_if(const SecureFolder& folder, IsToGo is_to_go) {
    // A descriptor of its own: reading a folder moves a position that duplicates share.
    const int number = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, CloseFolder> entries{number < 0 ? nullptr : ::fdopendir(number)};
    if (entries == nullptr) {
        if (number >= 0) {
            ::close(number);
        }
        return;
    }
    while (const dirent* entry = ::readdir(entries.get())) {  // NOLINT(concurrency-mt-unsafe): own stream.
        const auto leftover = leftover_of(entry->d_name);
        if (leftover && is_to_go(*leftover, entry->d_name)) {
            ::unlinkat(folder.get(), entry->d_name, 0);
        }
    }
}

/// "<store>.key", and "<store>.key.new" of one that is about to take its place.
bool is_key(std::string_view target) {
    return target.ends_with(".key") || target.ends_with(".key.new");
}

/// Also where the number has another process by now: then it is somebody's.
bool is_running(pid_t process) {
    return ::kill(process, 0) == 0 || errno != ESRCH;
}

}  // namespace

void remove_leftovers(const SecureFolder& folder, const std::string& target) {
    remove_if(folder, [&](const Leftover& leftover, const char*) { return leftover.target == target; });
}

void remove_abandoned_keys(const SecureFolder& folder, std::chrono::system_clock::time_point now) {
    const auto latest = std::chrono::system_clock::to_time_t(now - kAbandonedAfter);
    remove_if(folder, [&](const Leftover& leftover, const char* name) {
        struct stat status {};
        return is_key(leftover.target) && !is_running(leftover.maker) &&
               ::fstatat(folder.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
               status.st_uid == ::geteuid() && status.st_mtime < latest;
    });
}

}  // namespace quantconf::secrets
