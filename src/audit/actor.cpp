#include "audit/actor.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <vector>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

namespace quantconf::audit {
namespace {

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string user_name(uid_t uid) {
    constexpr std::size_t kEntryBytesMax = std::size_t{1024} * 1024;  // A name service may send anything.
    std::vector<char> buffer(1024);
    passwd entry{};
    passwd* found = nullptr;
    while (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == ERANGE &&
           buffer.size() < kEntryBytesMax) {
        buffer.resize(buffer.size() * 2);
    }
    return found != nullptr ? found->pw_name : "";
}

std::string program_path() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    return size > 0 ? std::string{path.data(), static_cast<std::size_t>(size)} : "";
}

}  // namespace

Actor this_process() {
    return {.host = host_name(),
            .uid = ::geteuid(),
            .user = user_name(::geteuid()),
            .pid = static_cast<std::uint32_t>(::getpid()),
            .program = program_path()};
}

std::string shown(const Actor& actor) {
    return fmt::format("{} ({})", actor.user.empty() ? "?" : actor.user, actor.uid);
}

}  // namespace quantconf::audit
