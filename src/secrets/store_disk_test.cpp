// The store on a real disk, and eight processes at it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "secrets/store_on_disk.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

namespace fs = std::filesystem;
using testing::cause_of;
using testing::key_of;
using testing::RecordingAudit;
using testing::text_of;
using namespace std::chrono_literals;

/// A folder for the store and one for the key, both private; gone with the test.
class StoreOnDisk : public ::testing::Test {
protected:
    StoreOnDisk() {
        // In memory where that can be had: what is tested here does not depend on a disk's speed.
        const fs::path parent =
            fs::is_directory("/dev/shm") ? fs::path{"/dev/shm"} : fs::temp_directory_path();
        std::string text = (parent / "quantconf_store.XXXXXX").string();
        folder_ = fs::canonical(mkdtemp(text.data()));
        for (const char* name : {"state", "keys"}) {
            fs::create_directory(folder_ / name);
            fs::permissions(folder_ / name, fs::perms::owner_all);
        }
    }
    ~StoreOnDisk() override { fs::remove_all(folder_); }

    [[nodiscard]] fs::path store_path() const { return folder_ / "state/secrets.qcs"; }
    [[nodiscard]] std::shared_ptr<StoreFile> file() const {
        return store_on_disk(
            {.file = store_path(), .mark_folder = folder_ / "keys", .lock_timeout = std::chrono::minutes{2}});
    }
    [[nodiscard]] Outcome<Store> create() {
        return Store::create(file(), key_of('k'), {clock_, random_, audit_});
    }
    [[nodiscard]] Outcome<Store> open() {
        return Store::open(file(), key_of('k'), {clock_, random_, audit_});
    }

    /// Runs `work` in `count` processes and waits for all of them; how many said that all went well.
    [[nodiscard]] int run_processes(int count, const std::function<bool(int)>& work) {
        for (int i = 0; i < count; ++i) {
            if (::fork() == 0) {
                ::_exit(work(i) ? 0 : 1);
            }
        }
        int succeeded = 0;
        for (int status = 0; ::wait(&status) > 0;) {
            succeeded += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : 0;
        }
        return succeeded;
    }

    fs::path folder_;
    SystemClock clock_;
    crypto::SystemRandom random_;
    RecordingAudit audit_;
};

TEST_F(StoreOnDisk, keeps_its_values_and_the_generation_before) {
    ASSERT_TRUE(create());
    {
        Store store = open().value();
        ASSERT_TRUE(store.set("key", "1"));
        ASSERT_TRUE(store.set("key", "2"));
    }
    EXPECT_EQ(text_of(open()->get("key")), "2");

    struct stat status {};
    ASSERT_EQ(::stat(store_path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_EQ(status.st_nlink, 1U);

    fs::copy_file(store_path().string() + ".prev", store_path(), fs::copy_options::overwrite_existing);
    EXPECT_EQ(cause_of(open()), Problem::RollbackDetected);
}

TEST_F(StoreOnDisk, t07_a_folder_in_its_place_is_refused) {
    fs::create_directory(store_path());
    EXPECT_EQ(cause_of(open()), Problem::NotRegular);
    EXPECT_FALSE(create());
    EXPECT_TRUE(fs::is_directory(store_path()));
}

TEST_F(StoreOnDisk, the_mark_beside_the_key_outlives_the_state_folder) {
    ASSERT_TRUE(create());
    fs::copy(folder_ / "state", folder_ / "backup", fs::copy_options::recursive);
    ASSERT_TRUE(open()->set("key", "1"));

    fs::remove_all(folder_ / "state");
    fs::rename(folder_ / "backup", folder_ / "state");
    fs::permissions(folder_ / "state", fs::perms::owner_all);
    audit_.generation.reset();

    EXPECT_EQ(cause_of(open()), Problem::RollbackDetected);
}

// 28: a leftover temporary file after a crash: ignored, removed by the next writer, only ciphertext in it.
TEST_F(StoreOnDisk, t28_what_a_killed_writer_left_behind_is_removed_and_holds_no_value) {
    constexpr std::string_view kCanary = "Zq9-canary-7Kx";
    ASSERT_TRUE(create());
    const fs::path leftover = folder_ / "state/.q.secrets.qcs.4711.0123456789abcdef";
    ASSERT_TRUE(open()->set("key", kCanary));
    fs::copy_file(store_path(), leftover);

    EXPECT_EQ(text_of(open()->get("key")), kCanary);
    std::ifstream stream{leftover, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
    EXPECT_FALSE(bytes.empty());
    EXPECT_FALSE(bytes.contains(kCanary));

    ASSERT_TRUE(open()->set("key", "2"));
    EXPECT_FALSE(fs::exists(leftover));
}

// 33: eight processes, different names: no update is lost.
TEST_F(StoreOnDisk, t33_eight_processes_lose_none_of_4000_writes) {
    constexpr int kProcesses = 8;
    constexpr int kWrites = 500;
    constexpr int kNames = 5;  // Each process has its own, so that the versions of a name count its writes.
    ASSERT_TRUE(create());

    const int succeeded = run_processes(kProcesses, [&](int process) {
        auto store = open();
        for (int i = 0; store && i < kWrites; ++i) {
            if (!store->set(fmt::format("p{}-{}", process, i % kNames), fmt::format("value {}", i))) {
                return false;
            }
        }
        return store.has_value();
    });

    EXPECT_EQ(succeeded, kProcesses);
    const Store store = open().value();
    EXPECT_EQ(store.generation(), 1 + kProcesses * kWrites);
    EXPECT_EQ(store.list().size(), kProcesses * kNames);
    for (const SecretInfo& info : store.list()) {
        EXPECT_EQ(info.current, kWrites / kNames) << info.name;
        const int last = kWrites - kNames + (info.name.back() - '0');
        EXPECT_EQ(text_of(store.get(info.name)), fmt::format("value {}", last));
    }
    EXPECT_TRUE(store.verify()->empty());
}

// 33: the same name: one gets CONFLICT, and nobody's increment is lost.
TEST_F(StoreOnDisk, t33_eight_processes_count_together_with_the_expected_generation) {
    constexpr int kProcesses = 8;
    constexpr int kIncrements = 20;
    ASSERT_TRUE(create());
    ASSERT_TRUE(open()->set("counter", "0"));

    const int succeeded = run_processes(kProcesses, [&](int) {
        for (int done = 0; done < kIncrements;) {
            auto store = open();
            if (!store) {
                return false;
            }
            const int value = std::stoi(text_of(store->get("counter")));
            const auto written = store->set("counter", std::to_string(value + 1), {}, store->generation());
            if (!written && written.error().cause != Problem::Conflict) {
                return false;
            }
            done += written ? 1 : 0;
        }
        return true;
    });

    EXPECT_EQ(succeeded, kProcesses);
    EXPECT_EQ(text_of(open()->get("counter")), std::to_string(kProcesses * kIncrements));
}

// 13: fork, then put in both: the keys differ, and nothing is lost.
TEST_F(StoreOnDisk, t13_a_forked_child_reuses_no_key_and_loses_nothing) {
    ASSERT_TRUE(create());
    Store store = open().value();
    ASSERT_TRUE(store.set("before", "1"));

    // The child inherits an open store. Its keys are zeros there, so it is refused, and opens its own.
    const int succeeded = run_processes(1, [&](int) {
        const bool is_refused = !store.set("child", "1") && !store.get("before");
        auto own = open();
        return is_refused && own && own->set("child", "1").has_value();
    });

    EXPECT_EQ(succeeded, 1);
    ASSERT_TRUE(store.set("parent", "1"));
    EXPECT_EQ(open()->list().size(), 3);
}

}  // namespace
}  // namespace quantconf::secrets
