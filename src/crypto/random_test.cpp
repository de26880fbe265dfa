#include "crypto/random.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "crypto/test_memory.hpp"

namespace quantconf::crypto {
namespace {

using Bytes = std::array<char, 32>;

Bytes random_bytes() {
    Bytes bytes{};
    EXPECT_TRUE(SystemRandom{}.fill(bytes));
    return bytes;
}

/// From here on the kernel answers getrandom(2) with this error. There is no way back.
bool make_getrandom_fail(std::uint32_t error) {
    std::array<sock_filter, 4> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{.len = program.size(), .filter = program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

// Case 13 of the threats: "Nonce/key reuse: assert all unique; fork() then put in both".
TEST(SystemRandom, t13_never_gives_the_same_bytes_twice) {
    constexpr std::size_t kDraws = 10'000;
    std::set<Bytes> seen;
    for (std::size_t i = 0; i < kDraws; ++i) {
        seen.insert(random_bytes());
    }
    EXPECT_EQ(seen.size(), kDraws);
}

TEST(SystemRandom, t13_parent_and_child_go_on_with_different_bytes) {
    void* shared = ::mmap(nullptr, sizeof(Bytes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    auto& of_child = *static_cast<Bytes*>(shared);
    ASSERT_TRUE(in_child([&of_child] {
        of_child = random_bytes();
        return true;
    }));
    EXPECT_NE(of_child, Bytes{});
    EXPECT_NE(of_child, random_bytes());
    ::munmap(shared, sizeof(Bytes));
}

// Case 14 of the threats: "getrandom -> ENOSYS/EAGAIN: FC, no write".
TEST(SystemRandom, t14_a_kernel_without_random_bytes_is_an_error) {
    for (const int error : {ENOSYS, EAGAIN}) {
        EXPECT_TRUE(in_child([error] {
            Bytes bytes{};
            return make_getrandom_fail(static_cast<std::uint32_t>(error)) && [&] {
                const auto filled = SystemRandom{}.fill(bytes);
                return !filled && filled.error().cause.value() == error && bytes == Bytes{};
            }();
        }));
    }
}

TEST(SystemRandom, fills_more_than_the_kernel_gives_at_once) {
    std::string bytes(std::size_t{33} * 1024 * 1024, '\0');  // getrandom(2) stops at 32 MiB - 1.
    ASSERT_TRUE(SystemRandom{}.fill(bytes));
    EXPECT_NE(bytes.substr(bytes.size() - 32), std::string(32, '\0'));
}

}  // namespace
}  // namespace quantconf::crypto
