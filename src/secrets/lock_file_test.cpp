#include "secrets/lock_file.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <set>

#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "secrets/durable_replace.hpp"
#include "support/faults.hpp"
#include "support/private_folder.hpp"

namespace quantconf::secrets {
namespace {

using std::chrono::milliseconds;

class LockFileTest : public FolderTest {
protected:
    void SetUp() override {
        FolderTest::SetUp();
        lock_ = folder_ / "secrets.lock";
    }

    void TearDown() override {
        for (const pid_t child : waiting_) {
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
        FolderTest::TearDown();
    }

    /// What a child does until it is killed, at the latest when we end: also where a test fails half-way.
    [[noreturn]] static void wait_for_the_end() {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (true) {
            ::pause();
        }
    }
    /// kill() would take the number of a child that there is not for "everybody".
    static pid_t fork_or_give_up() {
        const pid_t child = ::fork();
        if (child < 0) {
            std::abort();
        }
        return child;
    }
    /// A process that takes the lock, says so, and then waits to be killed.
    [[nodiscard]] pid_t start_holder() {
        std::array<int, 2> pipe{};
        EXPECT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = fork_or_give_up();
        if (child == 0) {
            const auto lock = LockFile::acquire(lock_, milliseconds{0});
            const char answer = lock ? 'y' : 'n';
            [[maybe_unused]] const ssize_t count = ::write(pipe[1], &answer, 1);
            wait_for_the_end();
        }
        waiting_.insert(child);
        char answer = 0;
        EXPECT_EQ(::read(pipe[0], &answer, 1), 1);
        EXPECT_EQ(answer, 'y');
        ::close(pipe[0]);
        ::close(pipe[1]);
        return child;
    }
    void end(pid_t child) {
        waiting_.erase(child);
        ::kill(child, SIGKILL);
        ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    }

    fs::path lock_;
    std::set<pid_t> waiting_;
};

TEST_F(LockFileTest, one_at_a_time_and_the_next_one_when_it_is_given_back) {
    std::optional<LockFile> first = LockFile::acquire(lock_, milliseconds{0}).value();
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::Locked);
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{3}), Problem::Locked);
    first.reset();
    EXPECT_TRUE(LockFile::acquire(lock_, milliseconds{0}).has_value());
    EXPECT_EQ(mode_of(lock_), 0600U);
}

// 34: lock holder is SIGSTOPped / dies: waiter times out with the holder's pid; the kernel frees flock on
// death.
TEST_F(LockFileTest, t34_a_stopped_holder_is_named_and_a_dead_one_holds_nothing) {
    const pid_t child = start_holder();
    ASSERT_EQ(::kill(child, SIGSTOP), 0);
    ASSERT_EQ(::waitpid(child, nullptr, WUNTRACED), child);
    const auto waited = LockFile::acquire(lock_, milliseconds{20});
    EXPECT_REFUSED(waited, Problem::Locked);
    EXPECT_NE(waited.error().hint.find("process " + std::to_string(child) + ", which is stopped"),
              std::string::npos)
        << waited.error().hint;
    end(child);
    EXPECT_TRUE(LockFile::acquire(lock_, milliseconds{0}).has_value());
}

TEST_F(LockFileTest, t34_a_forked_child_neither_keeps_the_lock_nor_gives_it_back) {
    std::optional<LockFile> lock = LockFile::acquire(lock_, milliseconds{0}).value();
    const pid_t child = fork_or_give_up();
    if (child == 0) {
        lock.reset();
        wait_for_the_end();
    }
    waiting_.insert(child);
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{5}), Problem::Locked);
    lock.reset();
    EXPECT_TRUE(LockFile::acquire(lock_, milliseconds{0}).has_value());
    end(child);
}

// 33: two writers: no lost update.
TEST_F(LockFileTest, t33_writers_that_take_turns_lose_nothing) {
    constexpr int kWriters = 4;
    constexpr int kWrites = 50;
    put(file_, "0");
    std::array<pid_t, kWriters> writers{};
    for (pid_t& writer : writers) {
        writer = fork_or_give_up();
        if (writer != 0) {
            continue;
        }
        for (int count = 0; count < kWrites; ++count) {
            const auto lock = LockFile::acquire(lock_, std::chrono::seconds{60});
            const std::string next = std::to_string(std::stoi(text_of(file_)) + 1);
            if (!lock || !replace_durably({.path = file_, .bytes = next, .keep_previous = true})) {
                ::_exit(1);
            }
        }
        ::_exit(0);
    }
    for (const pid_t writer : writers) {
        int status = -1;
        ASSERT_EQ(::waitpid(writer, &status, 0), writer);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(text_of(file_), std::to_string(kWriters * kWrites));
}

TEST_F(LockFileTest, a_lock_on_a_file_that_was_removed_meanwhile_is_taken_again) {
    const auto first = LockFile::acquire(lock_, milliseconds{0});
    Faults faults;
    faults.fails_too = [this](const std::string& call) {
        if (call == "flock") {
            fs::remove(lock_);  // Between our open and our lock.
        }
        return false;
    };
    {
        const Interposed interposed{faults};
        EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::Locked);
    }
    int removed = 0;
    faults.fails_too = [&](const std::string& call) {
        if (call == "flock" && removed++ == 0) {
            fs::remove(lock_);
        }
        return false;
    };
    const Interposed interposed{faults};
    const auto second = LockFile::acquire(lock_, milliseconds{0});
    ASSERT_TRUE(second.has_value()) << to_text(second.error());
    EXPECT_TRUE(fs::exists(lock_)) << "the lock is on a file without a name";
}

// 35: flock on NFS/overlay without support: detect, refuse or warn per policy. Ours: refuse.
TEST_F(LockFileTest, t35_a_file_system_without_locks_is_refused) {
    for (const int answer : {ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL}) {
        Faults faults{.error = answer, .fails_too = [](const std::string& call) { return call == "flock"; }};
        const Interposed interposed{faults};
        EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::NoLocks);
    }
}

TEST_F(LockFileTest, t35_a_local_disk_needs_no_warning) {
    EXPECT_FALSE(LockFile::acquire(lock_, milliseconds{0}).value().is_on_network());
}

TEST_F(LockFileTest, t23_t24_what_is_no_private_file_cannot_be_a_lock) {
    fs::create_symlink("elsewhere", lock_);
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::Linked);
    EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
    fs::remove(lock_);
    put(lock_, "", 0644);
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::Exposed);
    fs::remove(lock_);
    fs::create_directory(lock_);
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::NotRegular);
    fs::remove(lock_);
    ASSERT_EQ(::mkfifo(lock_.c_str(), 0600), 0);
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::NotRegular);
}

// 27: umask 777.
TEST_F(LockFileTest, t27_the_mode_is_0600_whatever_the_umask) {
    for (const mode_t mask : {0U, 0777U}) {
        const mode_t before = ::umask(mask);
        EXPECT_TRUE(LockFile::acquire(lock_, milliseconds{0}).has_value());
        ::umask(before);
        EXPECT_EQ(mode_of(lock_), 0600U);
        fs::remove(lock_);
    }
}

// 36: read-only filesystem: writes FC.
TEST_F(LockFileTest, t36_a_read_only_file_system_takes_no_lock) {
    Faults faults{.error = EROFS, .fails_too = [](const std::string& call) { return call == "create"; }};
    const Interposed interposed{faults};
    EXPECT_REFUSED(LockFile::acquire(lock_, milliseconds{0}), Problem::ReadOnly);
}

// 30: any failing call refuses the lock or only costs the message; no descriptor stays open.
TEST_F(LockFileTest, t30_any_failing_call_gives_the_lock_or_an_error) {
    const auto before = open_descriptors();
    for (int failing = 0;; ++failing) {
        fs::remove(lock_);
        Faults faults{.failing = failing};
        {
            const Interposed interposed{faults};
            [[maybe_unused]] const auto lock = LockFile::acquire(lock_, milliseconds{0});
        }
        ASSERT_EQ(open_descriptors(), before) << failing;
        EXPECT_TRUE(LockFile::acquire(lock_, milliseconds{0}).has_value()) << failing;
        if (!faults.was_reached()) {
            ASSERT_GT(failing, 5);
            break;
        }
    }
}

}  // namespace
}  // namespace quantconf::secrets
