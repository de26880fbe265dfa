#include "live/notifications.hpp"

#include <array>
#include <cstring>
#include <utility>

#include <sys/inotify.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace quantconf::live {
namespace {

constexpr std::size_t kBuffer = std::size_t{64} * 1024;

class KernelNotifications final : public Notifications {
public:
    explicit KernelNotifications(Descriptor events) : events_{std::move(events)} {}

    [[nodiscard]] int descriptor() const noexcept override { return events_.get(); }
    [[nodiscard]] int add(const std::filesystem::path& folder, std::uint32_t mask) override {
        return ::inotify_add_watch(events_.get(), folder.c_str(), mask);
    }
    void remove(int number) override { ::inotify_rm_watch(events_.get(), number); }
    [[nodiscard]] std::vector<Notice> read() override {
        std::vector<Notice> notices;
        std::array<char, kBuffer> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() fills it.
        while (true) {
            const ssize_t size = ::read(events_.get(), buffer.data(), buffer.size());
            if (size <= 0) {
                return notices;
            }
            for (const char* at = buffer.data(); at < buffer.data() + size;) {
                inotify_event event{};
                std::memcpy(&event, at, sizeof event);
                const char* const name = at + sizeof event;  // Padded with zeros.
                notices.push_back({.number = event.wd,
                                   .mask = event.mask,
                                   .name = std::string{name, ::strnlen(name, event.len)}});
                at = name + event.len;
            }
        }
    }

private:
    Descriptor events_;
};

}  // namespace

std::unique_ptr<Notifications> Notifications::of_kernel() {
    Descriptor events{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
    return events.is_open() ? std::make_unique<KernelNotifications>(std::move(events)) : nullptr;
}

}  // namespace quantconf::live
