// A creation that is cut short, and the next one.

#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>

#include "base/descriptor.hpp"
#include "state/database.hpp"
#include "support/test_folder.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

class StateCreation : public TestFolder {};

TEST_F(StateCreation, removes_what_an_earlier_one_left_behind) {
    put(folder_ / ".state.db.aB3xyz", "half a database");
    put(folder_ / ".state.db.aB3xyz-wal", "its log");
    put(folder_ / ".state.db.aB3xyz-journal", "its journal");
    put(folder_ / ".state.db.aB3xyz-shm", "its index");
    ASSERT_TRUE(Database::open(file()));
    EXPECT_EQ(names(), std::vector<std::string>{"state.db"});
}

TEST_F(StateCreation, leaves_alone_what_is_in_use) {
    put(folder_ / ".state.db.aB3xyz", "being made");
    const Descriptor user{::open((folder_ / ".state.db.aB3xyz").c_str(), O_RDONLY | O_CLOEXEC)};
    ASSERT_EQ(::flock(user.get(), LOCK_EX), 0);
    ASSERT_TRUE(Database::open(file()));
    EXPECT_EQ(names(), (std::vector<std::string>{".state.db.aB3xyz", "state.db"}));
}

TEST_F(StateCreation, leaves_alone_what_only_looks_like_one_of_its_files) {
    const std::vector<std::string> others{".state.db.aB3xy",  ".state.db.aB3xyz1", ".state.db.aB3-yz",
                                          ".state.dbXaB3xyz", "state.db.aB3xyz",   ".stats.db.aB3xyz"};
    for (const std::string& name : others) {
        put(folder_ / name, "somebody's");
    }
    fs::create_directory(folder_ / ".state.db.folder");
    fs::create_symlink("target", folder_ / ".state.db.symlnk");
    put(folder_ / "target", "somebody's");
    put(folder_ / ".state.db.2names", "somebody's");
    fs::create_hard_link(folder_ / ".state.db.2names", folder_ / "second");
    ASSERT_TRUE(Database::open(file()));
    EXPECT_EQ(names().size(), others.size() + 6);
}

TEST_F(StateCreation, leaves_alone_the_file_of_another_user) {
    put(folder_ / ".state.db.aB3xyz", "somebody's");
    if (::geteuid() != 0 || ::chown((folder_ / ".state.db.aB3xyz").c_str(), 65534, 65534) != 0) {
        GTEST_SKIP() << "only root can give a file away";
    }
    ASSERT_TRUE(Database::open(file()));
    EXPECT_TRUE(fs::exists(folder_ / ".state.db.aB3xyz"));
}

TEST_F(StateCreation, many_at_once_make_one_database_and_leave_nothing) {
    constexpr int kCreators = 16;
    for (int i = 0; i < kCreators; ++i) {
        if (::fork() == 0) {
            std::string problem;
            if (const Outcome<Database> opened = Database::open(file()); !opened) {
                problem = to_text(opened.error()) + "\n";
            }  // And closed again.
            std::fputs(problem.c_str(), stderr);
            ::_exit(problem.empty() ? 0 : 1);
        }
    }
    int failed = 0;
    for (int status = 0; ::wait(&status) > 0;) {
        failed += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
    }
    EXPECT_EQ(failed, 0);
    ASSERT_TRUE(Database::open(file()));  // Two that close at once may leave the log to the next.
    EXPECT_EQ(names(), std::vector<std::string>{"state.db"});
}

}  // namespace
}  // namespace quantconf::state
