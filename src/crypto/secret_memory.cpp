#include "crypto/secret_memory.hpp"

#include <cstdint>
#include <cstring>
#include <mutex>

#include <sys/resource.h>

#include "base/around_fork.hpp"
#include "base/assert.hpp"
#include "crypto/secret_pool.hpp"

namespace quantconf::crypto {
namespace {

// Stands behind the bytes of every block. No byte of it is 0, so a wiped one is something else.
constexpr std::uint64_t kMark = 0xa7c3'5b91'e6d2'8f4d;

std::uint64_t mark_of(const char* data, std::size_t size) {
    std::uint64_t mark = 0;
    ::memcpy(&mark, data + size, sizeof mark);
    return mark;
}

class SecretMemory {
public:
    static SecretMemory& of_process() {
        // Never destroyed: secrets with static lifetime may outlive every other object.
        static auto& memory = *new SecretMemory;
        return memory;
    }

    char* take(std::size_t size, OnFork on_fork) {
        if (size > kSecretMemoryBytesMax) {
            return nullptr;
        }
        const std::lock_guard lock{mutex_};
        const std::size_t room = kSecretMemoryBytesMax - keep_.mapped() - wipe_.mapped();
        char* data = pool(on_fork).take(size + sizeof kMark, room);
        if (data != nullptr) {
            ::memcpy(data + size, &kMark, sizeof kMark);
            used_ += size;
        }
        return data;
    }

    void give_back(char* data, std::size_t size, OnFork on_fork) noexcept {
        const std::uint64_t mark = mark_of(data, size);
        // Else somebody wrote beyond the end.
        QC_ASSERT(mark == kMark || (on_fork == OnFork::Wipe && mark == 0));
        ::explicit_bzero(data, size + sizeof kMark);
        const std::lock_guard lock{mutex_};
        used_ -= size;
        pool(on_fork).give_back(data, size + sizeof kMark);
    }

    [[nodiscard]] SecretMemoryStatus status() {
        const std::lock_guard lock{mutex_};
        SecretMemoryStatus status;
        keep_.add_to(status);
        wipe_.add_to(status);
        status.used = used_;
        return status;
    }

private:
    SecretMemory() {
        // A fork while another thread takes a block would leave the child with a lock that nobody opens.
        around_fork(ForkLevel::Secrets, {.before = [] { of_process().mutex_.lock(); },
                                         .in_parent = [] { of_process().mutex_.unlock(); },
                                         .in_child = [] { of_process().enter_child(); }});
    }

    void enter_child() noexcept {
        keep_.enter_child();
        wipe_.enter_child();
        mutex_.unlock();
    }

    [[nodiscard]] SecretPool& pool(OnFork on_fork) { return on_fork == OnFork::Wipe ? wipe_ : keep_; }

    std::mutex mutex_;  // Guards what follows.
    SecretPool keep_{OnFork::Keep};
    SecretPool wipe_{OnFork::Wipe};
    std::size_t used_ = 0;
};

}  // namespace

SecretMemoryStatus secret_memory_status() {
    SecretMemoryStatus status = SecretMemory::of_process().status();
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        status.lock_limit_bytes = limit.rlim_cur;
    }
    return status;
}

namespace secret_memory {

char* take(std::size_t size, OnFork on_fork) {
    return SecretMemory::of_process().take(size, on_fork);
}

void give_back(char* data, std::size_t size, OnFork on_fork) noexcept {
    SecretMemory::of_process().give_back(data, size, on_fork);
}

bool is_wiped(const char* data, std::size_t size) noexcept {
    return mark_of(data, size) == 0;
}

}  // namespace secret_memory

}  // namespace quantconf::crypto
