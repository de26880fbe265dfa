#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace quantconf::live {

/// Something that happened in a folder, as inotify(7) tells it.
struct Notice {
    int number = -1;         ///< Of the folder; -1: IN_Q_OVERFLOW.
    std::uint32_t mask = 0;  ///< IN_MODIFY, IN_MOVED_TO, ...
    std::string name;        ///< Within the folder; empty: the folder itself.
};

/// The kernel's word about folders; between the watcher and inotify, so that a test can have the kernel
/// refuse or lose something. One thread at a time.
class Notifications {
public:
    Notifications() = default;
    Notifications(const Notifications&) = delete;
    Notifications& operator=(const Notifications&) = delete;
    virtual ~Notifications() = default;

    /// Readable when there is something to read().
    [[nodiscard]] virtual int descriptor() const noexcept = 0;
    /// The number under which a folder is told about, the same for every name of it; -1: errno says why not.
    [[nodiscard]] virtual int add(const std::filesystem::path& folder, std::uint32_t mask) = 0;
    virtual void remove(int number) = 0;
    /// Everything so far. Does not wait.
    [[nodiscard]] virtual std::vector<Notice> read() = 0;

    /// Those of the kernel; nullptr where this user has too many already.
    [[nodiscard]] static std::unique_ptr<Notifications> of_kernel();
};

}  // namespace quantconf::live
