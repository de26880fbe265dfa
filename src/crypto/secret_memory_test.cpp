#include "crypto/secret_memory.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/prctl.h>

#include "crypto/secret_bytes.hpp"
#include "crypto/test_memory.hpp"

namespace quantconf::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargeBytes =
    std::size_t{20} * 1024;  // Gets pages of its own, and fits every limit in use.

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "quantconf.XXXXXX").string();
        QC_ASSERT(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// Dies with a core file in `folder`, if the machine writes them where the process stands.
bool die_with_a_core_file(const fs::path& folder) {
    rlimit limit{};
    if (::geteuid() != 0 && ::getrlimit(RLIMIT_CORE, &limit) != 0) {
        return false;
    }
    if (!set_limit(RLIMIT_CORE, ::geteuid() == 0 ? RLIM_INFINITY : limit.rlim_max) ||
        ::chdir(folder.c_str()) != 0 || ::prctl(PR_SET_DUMPABLE, 1) != 0) {
        return false;
    }
    std::abort();
}

// Case 40 of the threats: "abort() under ulimit -c unlimited, grep core: none". The settings of the whole
// process (RLIMIT_CORE, PR_SET_DUMPABLE) belong to our programs; this is what the memory does without them.
TEST(SecretMemory, t40_a_core_file_has_no_secrets) {
    if (kIsSanitized) {
        GTEST_SKIP() << "a sanitizer's shadow would be dumped too";
    }
    const Canary secret;
    const Canary ordinary;
    const SecretBytes value = secret.secret(OnFork::Keep);
    std::string text(Canary::kBytes, '\0');  // Proves that the file holds memory, and that we can read it.
    ordinary.write_to(text);
    const Folder folder;
    const int status = status_of_child([&] { return die_with_a_core_file(folder.path()); });
    ASSERT_TRUE(WIFSIGNALED(status));

    std::vector<fs::path> cores;
    for (const auto& entry : fs::directory_iterator{folder.path()}) {
        cores.push_back(entry.path());
    }
    if (cores.empty()) {
        GTEST_SKIP() << "this machine writes core files elsewhere; t40_the_kernel_was_told remains";
    }
    ASSERT_EQ(cores.size(), 1U);
    EXPECT_TRUE(is_in_file(ordinary, cores.front()));
    EXPECT_FALSE(is_in_file(secret, cores.front()));
}

TEST(SecretMemory, t40_the_kernel_was_told) {
    const SecretBytes value{16, OnFork::Keep};
    const SecretBytes key{16, OnFork::Wipe};
    const SecretBytes large{kLargeBytes, OnFork::Keep};
    EXPECT_TRUE(mapping_flags(value.view()).contains(" dd "));
    EXPECT_TRUE(mapping_flags(large.view()).contains(" dd "));
    EXPECT_TRUE(mapping_flags(key.view()).contains(" dd "));
    EXPECT_TRUE(mapping_flags(key.view()).contains(" wf "));
    EXPECT_FALSE(mapping_flags(value.view()).contains(" wf "));
    EXPECT_EQ(secret_memory_status().dumped, 0U);
}

// Case 41 of the threats: "Secret in swap: mlock count vs VmLck: locked pages".
TEST(SecretMemory, t41_pages_of_secrets_are_locked) {
    if (kIsSanitized) {
        GTEST_SKIP() << "under a sanitizer mlock does nothing";
    }
    const SecretBytes small{16};
    const std::size_t before = status_kib("VmLck:");
    const SecretBytes large{kLargeBytes};
    const SecretMemoryStatus status = secret_memory_status();
    ASSERT_TRUE(status.all_locked()) << "ulimit -l is too small for this test: "
                                     << status.lock_error.message();
    EXPECT_GE(status_kib("VmLck:"), before + (kLargeBytes / 1024));
    EXPECT_GE(status_kib("VmLck:") * 1024, status.locked);
    EXPECT_GE(status.locked, kLargeBytes);
    EXPECT_TRUE(mapping_flags(small.view()).contains(" lo "));
}

// Case 41 goes on: "if RLIMIT_MEMLOCK is too small: warn or refuse per policy". Warning is doctor's; this is
// what it asks.
TEST(SecretMemory, t41_a_limit_that_is_too_small_is_known) {
    EXPECT_TRUE(in_child([] {
        if (!become_ordinary_user_who_locks(0)) {
            return false;
        }
        const SecretBytes large{kLargeBytes};
        const SecretMemoryStatus status = secret_memory_status();
        return large.size() == kLargeBytes && !status.all_locked() && status.lock_error &&
               status.lock_limit_bytes == 0U;
    }));
}

TEST(SecretMemory, t41_a_child_does_not_claim_the_locks_of_its_parent) {
    const SecretBytes value{16};
    EXPECT_TRUE(in_child([] {
        const SecretMemoryStatus status = secret_memory_status();
        return status.mapped > 0 && status.locked == 0 && status_kib("VmLck:") == 0;
    }));
}

TEST(SecretMemory, secrets_of_the_usual_number_and_size_need_few_mappings) {
    std::vector<SecretBytes> secrets;
    secrets.reserve(1000);
    for (std::size_t i = 0; i < 1000; ++i) {
        secrets.emplace_back(40);
    }
    EXPECT_LE(secret_memory_status().mapped, std::size_t{512} * 1024);
    EXPECT_GE(secret_memory_status().used, 40'000U);
    const std::size_t mapped = secret_memory_status().mapped;
    secrets.clear();
    for (std::size_t i = 0; i < 1000; ++i) {
        secrets.emplace_back(40);
    }
    EXPECT_EQ(secret_memory_status().mapped,
              mapped);  // The next load of a configuration takes the same blocks.
}

TEST(SecretMemory, large_secrets_give_their_pages_back) {
    const std::size_t before = secret_memory_status().mapped;
    { const SecretBytes large{std::size_t{1024} * 1024}; }
    EXPECT_EQ(secret_memory_status().mapped, before);
}

TEST(SecretMemory, has_a_limit_for_all_secrets_together) {
    EXPECT_TRUE(in_child([] {
        if (!become_ordinary_user_who_locks(0)) {  // Memory that is not locked is not touched either.
            return false;
        }
        const std::size_t room = kSecretMemoryBytesMax - secret_memory_status().mapped;
        if (SecretBytes::of_size(room) || SecretBytes::of_size(kSecretMemoryBytesMax + 1) ||
            SecretBytes::of_size(SIZE_MAX)) {
            return false;
        }
        const auto largest = SecretBytes::of_size(room - 8);
        const auto more = SecretBytes::of_size(kLargeBytes);
        return largest.has_value() && !more && more.error().cause == std::errc::not_enough_memory;
    }));
}

/// Takes, fills, checks and gives back, in an order of its own.
bool churn(unsigned seed, std::size_t rounds) {
    std::array<SecretBytes, 16> held;
    std::array<char, 16> filled{};
    for (std::size_t i = 0; i < rounds; ++i) {
        seed = seed * 1'664'525U + 1'013'904'223U;
        const std::size_t place = seed >> 28U;
        if (!std::ranges::all_of(held.at(place).view(), [&](char c) { return c == filled.at(place); })) {
            return false;
        }
        held.at(place) =
            SecretBytes{1 + ((seed >> 8U) % 3000), (seed & 64U) != 0 ? OnFork::Wipe : OnFork::Keep};
        filled.at(place) = static_cast<char>(seed >> 16U);
        std::ranges::fill(held.at(place).bytes(), filled.at(place));
    }
    return true;
}

TEST(SecretMemory, threads_share_it) {
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (unsigned seed = 1; seed <= 4; ++seed) {
        threads.emplace_back([seed, &wrong] { wrong += churn(seed, 5'000) ? 0 : 1; });
    }
    threads.clear();
    EXPECT_EQ(wrong, 0);
}

// Without the handlers of fork a child that was forked while a thread held the lock would wait for ever.
TEST(SecretMemory, a_child_of_a_busy_process_can_use_it) {
    std::atomic<bool> is_over = false;
    std::vector<std::jthread> threads;
    threads.reserve(2);
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&is_over] {
            while (!is_over) {
                const SecretBytes bytes{1};
            }
        });
    }
    for (unsigned i = 0; i < 100; ++i) {
        EXPECT_TRUE(in_child([i] { return churn(i, 20); }));
    }
    is_over = true;
}

}  // namespace
}  // namespace quantconf::crypto
