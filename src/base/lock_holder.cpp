#include "base/lock_holder.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace quantconf {
namespace {

/// By a signal or a debugger.
bool is_stopped(const std::string& process) {
    const Descriptor file{::open(fmt::format("/proc/{}/stat", process).c_str(), O_RDONLY | O_CLOEXEC)};
    std::array<char, 128> text{};  // "4711 (name) T ...", with a name of at most 16 bytes.
    const ssize_t count = file.is_open() ? ::read(file.get(), text.data(), text.size()) : 0;
    const std::string_view line{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    const std::size_t name_end = line.rfind(") ");
    return name_end != std::string_view::npos && name_end + 2 < line.size() &&
           (line[name_end + 2] == 'T' || line[name_end + 2] == 't');
}

std::string named(const std::string& process) {
    return is_stopped(process)
               ? fmt::format("process {0}, which is stopped (`kill -CONT {0}` lets it go on),", process)
               : fmt::format("process {}", process);
}

bool is_process(std::string_view text) {
    return !text.empty() && text != "0" && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string lock_holder(int file) {
    std::array<char, 24> text{};  // A process id and a newline; what follows is an earlier holder's.
    const ssize_t count = ::pread(file, text.data(), text.size(), 0);
    const std::string_view line{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    const std::size_t end = line.find('\n');
    return end != std::string_view::npos && is_process(line.substr(0, end))
               ? named(std::string{line.substr(0, end)})
               : "another process";
}

std::string record_lock_holder(std::uint64_t device, std::uint64_t inode) {
    const std::string wanted = fmt::format("{:02x}:{:02x}:{}", major(device), minor(device), inode);
    const std::string self = std::to_string(::getpid());
    std::ifstream locks{"/proc/locks"};
    for (std::string line; std::getline(locks, line);) {
        // "3: POSIX  ADVISORY  WRITE 4711 fe:01:1057 120 120"; who waits has "->" behind the number.
        std::istringstream words{line};
        std::string number, kind, is_enforced, access, process, file;
        words >> number >> kind >> is_enforced >> access >> process >> file;
        if (kind == "POSIX" && access == "WRITE" && file == wanted && is_process(process) &&
            process != self) {
            return named(process);
        }
    }
    return {};
}

}  // namespace quantconf
