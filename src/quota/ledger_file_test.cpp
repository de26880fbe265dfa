#include "quota/ledger_file.hpp"

#include <csignal>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "quota/bounds.hpp"
#include "quota/ledger.hpp"
#include "quota/manual_timeline.hpp"
#include "quota/sector.hpp"
#include "support/test_folder.hpp"

namespace quantconf::quota {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Limits kMinute{.windows = {{.requests = 5, .per = minutes{1}}}};
const Limits kDay{.windows = {{.requests = 5, .per = days{1}}}};

class LedgerFileTest : public state::TestFolder {
protected:
    [[nodiscard]] fs::path path() const { return folder_ / "key.ledger"; }
    Ledger open() { return Ledger::open(path(), time_).value(); }
    static int count(Ledger& ledger, const Limits& limits, int asked = 9) {
        int granted = 0;
        for (int i = 0; i < asked; ++i) {
            granted += ledger.acquire(limits, Class::Signal)->granted ? 1 : 0;
        }
        return granted;
    }
    void change(std::size_t offset, std::string_view bytes) const {
        const int file = ::open(path().c_str(), O_WRONLY | O_CLOEXEC);
        ASSERT_EQ(::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset)),
                  static_cast<ssize_t>(bytes.size()));
        ::close(file);
    }

    ManualTimeline time_;
};

TEST_F(LedgerFileTest, two_that_open_the_same_file_share_their_limits) {
    Ledger first = open();
    Ledger second = open();
    EXPECT_EQ(count(first, kMinute, 3), 3);
    EXPECT_EQ(count(second, kMinute), 2);
    second.pause(seconds{9}, "both");
    EXPECT_EQ(first.usage(kMinute)->pause_reason, "both");
    first.observe_remaining(hours{1}, 0, seconds{20}, kMinute);
    time_.advance(seconds{10});
    EXPECT_EQ(second.acquire({.windows = {{.requests = 50, .per = days{1}}}}, Class::Risk)->because,
              "the provider says that nothing is left");
}

TEST_F(LedgerFileTest, counts_survive_the_end_of_all_processes) {
    {
        Ledger ledger = open();
        EXPECT_EQ(count(ledger, kDay, 4), 4);
    }
    Ledger ledger = open();
    EXPECT_EQ(count(ledger, kDay), 1);
}

TEST_F(LedgerFileTest, the_file_is_for_us_alone_and_all_of_it_is_allocated) {
    Ledger ledger = open();
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_EQ(static_cast<std::size_t>(status.st_size), sizeof(Record));
    EXPECT_GE(static_cast<std::size_t>(status.st_blocks) * 512, sizeof(Record));
    EXPECT_EQ(names(), (std::vector<std::string>{"key.ledger", "key.ledger.lock"}));
}

TEST_F(LedgerFileTest, a_full_disk_is_an_error) {
    EXPECT_EQ(state::exit_code_of([&] {
                  const struct rlimit small { 4096, 4096 };
                  ::signal(SIGXFSZ, SIG_IGN);
                  ::setrlimit(RLIMIT_FSIZE, &small);
                  const auto ledger = Ledger::open(path(), time_);
                  return !ledger && ledger.error().cause.value() == EFBIG ? 0 : 1;
              }),
              0);
    Ledger ledger = open();
    EXPECT_EQ(count(ledger, kDay), 5) << "and nothing half made is in the way later";
}

TEST_F(LedgerFileTest, files_of_others_links_and_folders_are_refused) {
    put(folder_ / "real", "");
    fs::create_symlink(folder_ / "real", path());
    EXPECT_FALSE(Ledger::open(path(), time_));
    fs::remove(path());
    fs::create_directory(path());
    EXPECT_FALSE(Ledger::open(path(), time_));
    fs::remove(path());
    { Ledger ledger = open(); }
    ::chmod(path().c_str(), 0640);
    EXPECT_FALSE(Ledger::open(path(), time_));
    ::chmod(path().c_str(), 0600);
    fs::create_hard_link(path(), folder_ / "second");
    EXPECT_FALSE(Ledger::open(path(), time_));
    fs::remove(folder_ / "second");
    ::chmod(folder_.c_str(), 0750);
    EXPECT_FALSE(Ledger::open(path(), time_));
    ::chmod(folder_.c_str(), 0700);
    EXPECT_TRUE(Ledger::open(path(), time_));
}

TEST_F(LedgerFileTest, one_damaged_sector_is_no_damage) {
    {
        Ledger ledger = open();
        EXPECT_EQ(count(ledger, kDay, 2), 2);
    }
    change(100, "x");
    {
        Ledger ledger = open();
        EXPECT_EQ(count(ledger, kDay, 2), 2);
    }
    change(kPage + 100, "x");
    Ledger ledger = open();
    EXPECT_EQ(count(ledger, kDay), 1);
}

TEST_F(LedgerFileTest, a_damaged_file_is_set_aside_and_the_new_one_counts_as_used_up_for_a_day) {
    Ledger old = open();
    change(100, "x");
    change(kPage + 100, "x");
    Ledger ledger = open();
    EXPECT_EQ(names(), (std::vector<std::string>{"key.ledger", "key.ledger.damaged-1", "key.ledger.lock"}));
    EXPECT_EQ(count(ledger, kDay), 0);
    const Decision decision = ledger.acquire(kDay, Class::Execution).value();
    EXPECT_EQ(decision.wait, kUsedUpFor);
    EXPECT_EQ(decision.because, "the record of earlier requests was damaged");
    EXPECT_EQ(ledger.usage(kDay)->windows[0].remaining, 0);
    EXPECT_EQ(count(ledger, kMinute), 5) << "short windows go on";
    time_.advance(kUsedUpFor);
    EXPECT_EQ(count(ledger, {.windows = {{.requests = 10, .per = days{1}}}}), 9);
}

TEST_F(LedgerFileTest, impossible_values_and_wrong_sizes_are_damage) {
    { Ledger ledger = open(); }
    const std::int64_t impossible = -1;
    change(kDataOffset + offsetof(Live, total),
           {reinterpret_cast<const char*>(&impossible), sizeof impossible});
    Ledger first = open();
    EXPECT_EQ(count(first, kDay), 0);
    fs::resize_file(path(), sizeof(Record) - 1);
    Ledger second = open();
    EXPECT_EQ(count(second, kDay), 0);
    EXPECT_TRUE(fs::exists(folder_ / "key.ledger.damaged-2"));
    put(path(), "");
    Ledger third = open();
    EXPECT_EQ(count(third, kDay), 0);
}

TEST_F(LedgerFileTest, whoever_still_has_a_damaged_file_open_is_told) {
    Ledger old = open();
    const std::int64_t impossible = -1;
    change(kDataOffset + offsetof(Live, total),
           {reinterpret_cast<const char*>(&impossible), sizeof impossible});
    Ledger fresh = open();
    const auto decision = old.acquire(kMinute, Class::Signal);
    ASSERT_FALSE(decision.has_value());
    EXPECT_EQ(decision.error().hint, "it was deleted, or found damaged and set aside; open it again");
}

TEST_F(LedgerFileTest, a_file_of_a_later_version_is_left_alone) {
    { Ledger ledger = open(); }
    const std::uint32_t later = kLayoutVersion + 1;
    {
        Ledger ledger = open();
        EXPECT_EQ(count(ledger, kDay, 1), 1);
    }
    for (const std::size_t sector : {std::size_t{0}, kPage}) {
        change(sector + offsetof(Sector, version), {reinterpret_cast<const char*>(&later), sizeof later});
    }
    EXPECT_FALSE(Ledger::open(path(), time_));
    EXPECT_FALSE(fs::exists(folder_ / "key.ledger.damaged-1"));
}

TEST_F(LedgerFileTest, a_reboot_renews_locks_and_keeps_counts) {
    {
        Ledger ledger = open();
        EXPECT_EQ(count(ledger, kDay, 3), 3);
    }
    time_.reboot("second", seconds{5}, time_.wall() + minutes{1});
    Ledger ledger = open();
    EXPECT_EQ(count(ledger, kDay), 2);
}

TEST_F(LedgerFileTest, a_child_shares_the_ledger_with_its_parent) {
    for (const bool in_memory : {false, true}) {
        Ledger ledger = in_memory ? Ledger::in_memory(time_) : open();
        EXPECT_EQ(count(ledger, kMinute, 2), 2);
        EXPECT_EQ(state::exit_code_of([&] { return count(ledger, kMinute, 2); }), 2);
        EXPECT_EQ(count(ledger, kMinute), 1);
    }
}

/// A child that holds the lock of the file and does nothing until it is ended.
pid_t hold_lock(const fs::path& path) {
    int ready[2] = {};
    EXPECT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        auto memory = file_memory(Descriptor{::open(path.c_str(), O_RDWR | O_CLOEXEC)}, "held").value();
        ::pthread_mutex_lock(&memory->record().live.lock);
        [[maybe_unused]] const ssize_t written = ::write(ready[1], "x", 1);
        ::raise(SIGSTOP);
        ::_exit(0);
    }
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return child;
}

TEST_F(LedgerFileTest, a_stopped_holder_of_the_lock_is_an_error_and_a_dead_one_is_none) {
    Ledger ledger = open();
    const pid_t child = hold_lock(path());
    const auto decision = ledger.acquire(kMinute, Class::Signal);
    ASSERT_FALSE(decision.has_value());
    EXPECT_EQ(decision.error().cause.value(), ETIMEDOUT);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(count(ledger, kMinute), 5);
}

}  // namespace
}  // namespace quantconf::quota
