// Several writers at once, and writers that die. A child of this program appends under strace, which kills it
// at a chosen system call or shows in which order it called.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "support/test_log.hpp"

namespace quantconf::audit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWorkerFolder = "QUANTCONF_TEST_AUDIT_WORKER";
constexpr int kWorkerRecords = 4;

class AuditCrash : public TestLog {
protected:
    /// Runs the worker below under strace; true if it came to its end.
    [[nodiscard]] bool run_worker(const std::string& strace_options) const {
        const std::string command = fmt::format(
            "exec strace -f -y -s 80 -o '{0}/trace' {1} -E {2}='{0}/state' -E ASAN_OPTIONS=detect_leaks=0 "
            "'{3}' --gtest_also_run_disabled_tests "
            "--gtest_filter='*DISABLED_worker_appends_and_acknowledges' "
            ">'{0}/acks' 2>'{0}/errors'",
            folder_.string(), strace_options, kWorkerFolder, this_process().program);
        return std::system(command.c_str()) == 0;  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
    }
    [[nodiscard]] std::vector<std::string> lines_of(const char* name) const {
        std::istringstream stream{text_of(folder_ / name)};
        std::vector<std::string> lines;
        for (std::string line; std::getline(stream, line);) {
            lines.push_back(line);
        }
        return lines;
    }
    [[nodiscard]] std::uint64_t acknowledged() const {
        const std::vector<std::string> lines = lines_of("acks");
        return static_cast<std::uint64_t>(
            std::ranges::count_if(lines, [](const std::string& line) { return line.contains("ack "); }));
    }
};

// Not a test: what the others run as a process of its own.
TEST(AuditWorker, DISABLED_worker_appends_and_acknowledges) {
    const char* folder = std::getenv(kWorkerFolder);  // NOLINT(concurrency-mt-unsafe)
    ASSERT_NE(folder, nullptr);
    Outcome<state::Database> database = state::Database::open(fs::path{folder} / "state.db");
    ASSERT_TRUE(database) << to_text(database.error());
    const SystemClock clock;
    Log log{*database, crypto::SecretBytes::copy_of(kTestKey), {.clock = clock}};
    for (int i = 0; i < kWorkerRecords; ++i) {
        ASSERT_TRUE(log.record({.action = Action::SecretSet, .target = Target::secret("key")}));
        ASSERT_EQ(::write(STDOUT_FILENO, "\nack \n", 6), 6);
    }
}

TEST_F(AuditCrash, eight_processes_append_and_nothing_is_lost) {
    constexpr int kProcesses = 8;
    constexpr int kEach = 40;
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {  // Also makes the database: all of them start with none.
            Outcome<state::Database> database =
                state::Database::open(file(), {.busy_timeout = std::chrono::minutes{2}});
            bool is_good = database.has_value();
            for (int record = 0; is_good && record < kEach; ++record) {
                Log log = i % 4 == 3 ? log_without_key(*database) : this->log(*database);
                is_good = log.record(set(fmt::format("writer-{}", i))).has_value();
            }
            ::_exit(is_good ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    state::Database database = open();
    const Verdicts result = verdicts(database);
    EXPECT_EQ(result.integrity, Integrity::Holds) << result.reason;
    for (int i = 0; i < kProcesses; ++i) {
        EXPECT_EQ(read(database, {.target = fmt::format("writer-{}", i)})->size(), std::size_t{kEach});
    }
}

TEST_F(AuditCrash, every_acknowledgement_follows_the_sync_of_what_it_acknowledges) {
    ASSERT_TRUE(run_worker("-e trace=write,pwrite64,fsync,fdatasync,renameat2"))
        << text_of(folder_ / "errors");
    const std::string log = (folder_ / "state" / "state.db-wal").string() + ">";
    const std::string folder = "<" + (folder_ / "state").string() + ">)";
    const std::string parent = "<" + folder_.string() + ">)";
    bool folder_name_is_synced = false;
    bool file_name_is_synced = false;
    bool was_written = false;
    bool is_dirty = false;
    int acknowledgements = 0;
    for (const std::string& line : lines_of("trace")) {
        const bool is_sync = line.contains("sync(") && line.ends_with("= 0");
        if (is_sync && line.contains(parent)) {
            folder_name_is_synced = true;
        } else if (is_sync && line.contains(folder)) {
            file_name_is_synced = true;
        } else if (line.contains("renameat2(")) {
            file_name_is_synced = false;
        } else if (line.contains("pwrite64(") && line.contains(log)) {
            EXPECT_TRUE(folder_name_is_synced) << "before anything is written under it";
            EXPECT_TRUE(file_name_is_synced) << "before anything is written for it";
            was_written = is_dirty = true;
        } else if (is_sync && line.contains(log)) {
            is_dirty = false;
        } else if (line.contains("write(") && line.contains("\"\\nack")) {
            EXPECT_TRUE(was_written && !is_dirty) << "acknowledgement " << acknowledgements + 1;
            was_written = false;
            ++acknowledgements;
        }
    }
    EXPECT_EQ(acknowledgements, kWorkerRecords);
}

// 87: crash in the middle of an append: the transaction is there or it is not.
TEST_F(AuditCrash, t87_a_writer_killed_at_any_write_or_sync_loses_nothing_that_it_acknowledged) {
    for (const char* call : {"pwrite64", "fdatasync", "fsync", "ftruncate", "unlink", "renameat2"}) {
        bool came_to_its_end = false;
        for (int n = 1; !came_to_its_end && n < 200; ++n) {
            fs::remove_all(folder_ / "state");
            came_to_its_end =
                run_worker(fmt::format("-e trace={0} -e inject={0}:signal=SIGKILL:when={1}", call, n));
            Outcome<state::Database> database = state::Database::open(folder_ / "state" / "state.db");
            ASSERT_TRUE(database) << call << ' ' << n << ' ' << to_text(database.error());
            EXPECT_TRUE(database->check_integrity());
            const Verdicts result = verdicts(*database);
            EXPECT_EQ(result.integrity, Integrity::Holds) << call << ' ' << n << ' ' << result.reason;
            EXPECT_GE(result.records, acknowledged()) << call << ' ' << n;
            EXPECT_LE(result.records, acknowledged() + 1) << call << ' ' << n;
            SystemClock clock;
            Log log{*database, crypto::SecretBytes::copy_of(kTestKey), {.clock = clock}};
            EXPECT_TRUE(log.record(set("after"))) << call << ' ' << n;
        }
        EXPECT_TRUE(came_to_its_end) << call;
        EXPECT_EQ(acknowledged(), std::uint64_t{kWorkerRecords}) << text_of(folder_ / "errors");
    }
}

TEST_F(AuditCrash, t87_a_torn_log_leaves_whole_records_and_the_anchor_tells_what_is_gone) {
    Anchor anchor;
    const fs::path copies = folder_ / "copies";
    fs::create_directory(copies);
    ASSERT_EQ(::chmod(copies.c_str(), 0700), 0);
    {
        state::Database database = open();
        Log log = this->log(database);
        anchor = fill(log, 5);
        fs::copy(file(), copies / "state.db");  // As a crash leaves it: most of it in the log.
        fs::copy(file().string() + "-wal", copies / "whole");
    }
    const std::string whole = text_of(copies / "whole");
    const std::string base = text_of(copies / "state.db");
    std::uint64_t most = 0;
    for (std::size_t length = 0; length <= whole.size(); length += length + 211 < whole.size() ? 211U : 1U) {
        put(copies / "state.db", base);
        put(copies / "state.db-wal", whole.substr(0, length));
        Outcome<state::Database> database = state::Database::open(copies / "state.db");
        ASSERT_TRUE(database) << length << ' ' << to_text(database.error());
        const Verdicts result = verdicts(*database, anchor);
        EXPECT_EQ(result.integrity, Integrity::Holds) << length << ' ' << result.reason;
        EXPECT_EQ(result.completeness, result.records == 5 ? Completeness::UpToAnchor : Completeness::Broken)
            << length;
        EXPECT_GE(result.records, most) << length;
        most = result.records;
    }
    EXPECT_EQ(most, 5U);
}

}  // namespace
}  // namespace quantconf::audit
