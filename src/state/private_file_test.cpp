#include "state/private_file.hpp"

#include <algorithm>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "state/database.hpp"
#include "state/problem.hpp"
#include "support/test_folder.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

class PrivateFiles : public TestFolder {
protected:
    void SetUp() override {
        TestFolder::SetUp();
        ASSERT_TRUE(Database::open(file()));
        ASSERT_TRUE(opening_fails_with().value() == 0);
    }
    /// Nothing if it opens.
    [[nodiscard]] std::error_code opening_fails_with() const {
        const Outcome<Database> opened = Database::open(file());
        return opened ? std::error_code{} : opened.error().cause;
    }
};

// 21, for state.db: mode 0640, 0644, 0666: refuse, print the fix.
TEST_F(PrivateFiles, t21_a_file_that_others_can_read_or_write_is_refused) {
    for (const mode_t mode : {0640U, 0644U, 0604U, 0620U, 0602U, 0610U, 0666U}) {
        ASSERT_EQ(::chmod(file().c_str(), mode), 0);
        const Outcome<Database> opened = Database::open(file());
        ASSERT_FALSE(opened) << mode;
        EXPECT_EQ(opened.error().cause, Problem::Exposed);
        EXPECT_TRUE(to_text(opened.error()).contains("chmod 0600 " + file().string()));
    }
    ASSERT_EQ(::chmod(file().c_str(), 0600), 0);
    EXPECT_EQ(opening_fails_with(), std::error_code{});
}

TEST_F(PrivateFiles, t21_a_log_that_others_can_read_is_refused) {
    put(file().string() + "-wal", "", 0644);
    EXPECT_EQ(opening_fails_with(), Problem::Exposed);
}

// 22: parent directory group- or other-writable, or owned by another uid: refuse.
TEST_F(PrivateFiles, t22_a_folder_that_others_can_enter_is_refused) {
    for (const mode_t mode : {0710U, 0701U, 0750U, 0770U, 0755U, 0777U}) {
        ASSERT_EQ(::chmod(folder_.c_str(), mode), 0);
        EXPECT_EQ(opening_fails_with(), Problem::Exposed) << mode;
    }
    ASSERT_EQ(::chmod(folder_.c_str(), 0700), 0);
    EXPECT_EQ(opening_fails_with(), std::error_code{});
}

TEST_F(PrivateFiles, t22_a_folder_or_a_file_of_somebody_else_is_refused) {
    if (::geteuid() != 0) {  // Somebody else's folder that we can reach.
        const Outcome<void> checked = check_private_folder("/usr");
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().cause, Problem::Exposed);
        return;
    }
    ASSERT_EQ(::chown(file().c_str(), 65534, 65534), 0);
    EXPECT_EQ(opening_fails_with(), Problem::Exposed);
    ASSERT_EQ(::chown(file().c_str(), 0, 0), 0);
    ASSERT_EQ(::chown(folder_.c_str(), 65534, 65534), 0);
    EXPECT_EQ(opening_fails_with(), Problem::Exposed);
}

// 23: the file is a symlink; a path component is a symlink: refuse.
TEST_F(PrivateFiles, t23_a_symbolic_link_anywhere_on_the_way_is_refused) {
    const fs::path link = folder_ / "link";
    fs::create_directory_symlink(folder_, link);
    const Outcome<Database> through_folder = Database::open(link / "state.db");
    ASSERT_FALSE(through_folder);
    EXPECT_EQ(through_folder.error().cause, Problem::NotRegular);

    fs::rename(file(), folder_ / "real");
    fs::create_symlink(folder_ / "real", file());
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);
    fs::remove(folder_ / "real");  // A link to nothing is not a place for a new database.
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);
}

TEST_F(PrivateFiles, t23_a_log_that_is_a_symbolic_link_is_refused) {
    put(folder_ / "theirs", "");
    fs::create_symlink(folder_ / "theirs", file().string() + "-wal");
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);
}

// 24: hard link, FIFO, device, socket: refuse; open never blocks.
TEST_F(PrivateFiles, t24_what_is_not_a_regular_file_of_one_name_is_refused_without_waiting) {
    fs::create_hard_link(file(), folder_ / "second");
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);
    fs::remove(folder_ / "second");
    EXPECT_EQ(opening_fails_with(), std::error_code{});

    fs::remove(file());
    ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);

    fs::remove(file());
    fs::create_directory(file());
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);

    fs::remove(file());
    fs::create_symlink("/dev/null", file());
    EXPECT_EQ(opening_fails_with(), Problem::NotRegular);
}

TEST_F(PrivateFiles, a_file_in_place_of_the_folder_is_refused) {
    const Outcome<Database> opened = Database::open(file() / "state.db");
    EXPECT_FALSE(opened);
}

TEST_F(PrivateFiles, an_ordinary_user_cannot_make_a_database_where_it_cannot_write) {
    EXPECT_EQ(exit_code_as_ordinary_user([&] {
                  const Outcome<Database> opened = Database::open("/proc/quantconf/state.db");
                  return opened ? 1 : 0;
              }),
              0);
}

}  // namespace
}  // namespace quantconf::state
