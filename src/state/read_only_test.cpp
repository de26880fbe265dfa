// Threat 36: disks, folders and files that cannot be written. What is there can still be read.

#include <array>
#include <cstdio>
#include <functional>

#include <sys/mount.h>

#include "state/database.hpp"
#include "state/problem.hpp"
#include "support/test_folder.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 1> kTables{"CREATE TABLE note(id INTEGER PRIMARY KEY) STRICT"};

/// Everything happens in a child that is no root, and whose answer is the text of what went wrong.
class StateReadOnly : public TestFolder {
protected:
    void SetUp() override {
        TestFolder::SetUp();
        constexpr uid_t kNobody = 65534;
        if (::geteuid() == 0) {
            ASSERT_EQ(::chown(folder_.c_str(), kNobody, kNobody), 0);
        }
    }
    void TearDown() override {
        ::chmod(folder_.c_str(), 0700);
        TestFolder::TearDown();
    }
    [[nodiscard]] Outcome<Database> open(Access access) const {
        return Database::open(file(), {.access = access, .migrations = kTables});
    }
    [[nodiscard]] bool fill() const {
        Outcome<Database> database = open(Access::Create);
        return database && database->run("INSERT INTO note VALUES(1)");
    }
    /// "" if it can be read and not be written, each with the right answer.
    [[nodiscard]] std::string verdict() const {
        const Outcome<Database> writable = open(Access::Write);
        if (writable || writable.error().cause != Problem::ReadOnly) {
            return writable ? "opened for writing" : to_text(writable.error());
        }
        for (const Access access : {Access::Read, Access::WriteOrRead}) {
            Outcome<Database> database = open(access);
            if (!database) {
                return to_text(database.error());
            }
            Outcome<Statement> select = database->prepare("SELECT count(*) FROM note");
            if (!select || !select->step().value_or(false) || select->number(0) != 1) {
                return "the record is not there";
            }
            select->reset();
            const Outcome<Transaction> begun = database->begin();
            if (begun || begun.error().cause != Problem::ReadOnly || begun.error().hint.empty()) {
                return "a transaction began";
            }
            if (!database->is_read_only()) {
                return "it does not know that it is read-only";
            }
        }
        return {};
    }
    /// What `act` says, run without root's rights.
    [[nodiscard]] std::string as_ordinary_user(const std::function<std::string()>& act) const {
        const int code = exit_code_as_ordinary_user([&] {
            const std::string text = act();
            std::fputs(text.c_str(), stderr);
            return text.empty() ? 0 : 1;
        });
        return code == 0 ? std::string{} : "see above";
    }
};

TEST_F(StateReadOnly, t36_a_folder_that_cannot_be_written_is_read) {
    EXPECT_EQ(as_ordinary_user([this]() -> std::string {
                  if (!fill() || ::chmod(folder_.c_str(), 0500) != 0) {
                      return "cannot prepare";
                  }
                  return verdict();
              }),
              "");
}

TEST_F(StateReadOnly, t36_a_file_that_cannot_be_written_is_read) {
    EXPECT_EQ(as_ordinary_user([this]() -> std::string {
                  if (!fill() || ::chmod(file().c_str(), 0400) != 0) {
                      return "cannot prepare";
                  }
                  if (const std::string wrong = verdict(); !wrong.empty()) {
                      return wrong;
                  }
                  // Nothing of ours stays behind that could not be written afterwards.
                  if (names() != std::vector<std::string>{"state.db"} || ::chmod(file().c_str(), 0600) != 0) {
                      return "something was left beside it";
                  }
                  return open(Access::Write) ? "" : "it can no longer be written";
              }),
              "");
}

TEST_F(StateReadOnly, a_file_that_cannot_even_be_read_is_no_failing_disk) {
    EXPECT_EQ(as_ordinary_user([this]() -> std::string {
                  if (!fill() || ::chmod(file().c_str(), 0) != 0) {
                      return "cannot prepare";
                  }
                  const Outcome<Database> opened = open(Access::WriteOrRead);
                  return !opened && opened.error().cause == Problem::Unreadable &&
                                 opened.error().hint.contains("chmod 600")
                             ? ""
                             : "another problem";
              }),
              "");
}

TEST_F(StateReadOnly, where_it_can_be_written_it_is) {
    EXPECT_EQ(as_ordinary_user([this]() -> std::string {
                  if (!fill()) {
                      return "cannot prepare";
                  }
                  Outcome<Database> database = open(Access::WriteOrRead);
                  return database && !database->is_read_only() && database->begin() ? "" : "not writable";
              }),
              "");
}

/// A disk of its own, which root makes read-only.
class StateReadOnlyDisk : public TestFolder {
protected:
    void SetUp() override {
        TestFolder::SetUp();
        is_mounted_ =
            ::geteuid() == 0 && ::mount("none", folder_.c_str(), "tmpfs", 0, "size=1m,mode=0700") == 0;
        if (!is_mounted_) {
            GTEST_SKIP() << "no rights to mount a tmpfs: the folder that cannot be written has to do";
        }
    }
    void TearDown() override {
        if (is_mounted_) {
            EXPECT_EQ(::umount(folder_.c_str()), 0);
        }
        TestFolder::TearDown();
    }
    [[nodiscard]] Outcome<Database> open(Access access) const {
        return Database::open(file(), {.access = access, .migrations = kTables});
    }
    void make_read_only() const {
        ASSERT_EQ(::mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
    }
    void expect_readable(int count) const {
        const Outcome<Database> writable = open(Access::Write);
        ASSERT_FALSE(writable);
        EXPECT_EQ(writable.error().cause, Problem::ReadOnly) << to_text(writable.error());
        Outcome<Database> database = open(Access::WriteOrRead);
        ASSERT_TRUE(database) << to_text(database.error());
        EXPECT_TRUE(database->is_read_only());
        Outcome<Statement> select = database->prepare("SELECT count(*) FROM note");
        ASSERT_TRUE(select && select->step().value_or(false));
        EXPECT_EQ(select->number(0), count);
        select->reset();
        const Outcome<Transaction> begun = database->begin();
        ASSERT_FALSE(begun);
        EXPECT_EQ(begun.error().cause, Problem::ReadOnly);
    }
    /// A process that ends without closing; its log stays.
    [[nodiscard]] int die_with_a_record(int id) const {
        return exit_code_of([this, id] {
            Outcome<Database> database = open(Access::Create);
            ::_exit(database && database->run("INSERT INTO note VALUES(" + std::to_string(id) + ")") ? 0 : 1);
            return 1;
        });
    }

    bool is_mounted_ = false;
};

TEST_F(StateReadOnlyDisk, t36_is_read_where_the_log_was_merged) {
    {
        Outcome<Database> database = open(Access::Create);
        ASSERT_TRUE(database && database->run("INSERT INTO note VALUES(1)"));
    }
    make_read_only();
    expect_readable(1);
}

TEST_F(StateReadOnlyDisk, t36_is_read_with_the_log_that_a_crash_has_left) {
    ASSERT_EQ(die_with_a_record(1), 0);
    ASSERT_EQ(die_with_a_record(2), 0);
    ASSERT_TRUE(fs::exists(file().string() + "-wal"));
    make_read_only();
    expect_readable(2);
}

TEST_F(StateReadOnlyDisk, t36_records_that_only_a_log_without_index_has_are_not_passed_over) {
    ASSERT_EQ(die_with_a_record(1), 0);
    fs::remove(file().string() + "-shm");
    make_read_only();
    const Outcome<Database> opened = open(Access::WriteOrRead);
    ASSERT_FALSE(opened) << "what the log has would be missing";
    EXPECT_EQ(opened.error().cause, Problem::ReadOnly);
    EXPECT_TRUE(opened.error().hint.contains("copy both files")) << opened.error().hint;
}

}  // namespace
}  // namespace quantconf::state
