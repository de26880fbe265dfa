#include "base/around_fork.hpp"

#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quantconf {
namespace {

std::string& said() {
    static std::string text;
    return text;
}

TEST(AroundFork, levels_follow_one_another_whoever_came_first_and_end_backwards) {
    around_fork(ForkLevel::Secrets, {.before = [] { said() += "secrets "; },
                                     .in_parent = [] { said() += "-secrets "; },
                                     .in_child = [] { said() += "+secrets "; }});
    around_fork(ForkLevel::Databases, {.before = [] { said() += "databases "; },
                                       .in_parent = [] { said() += "-databases "; },
                                       .in_child = [] { said() += "+databases "; }});
    around_fork(ForkLevel::Readers, {.before = [] { said() += "readers "; },
                                     .in_parent = [] { said() += "-readers "; },
                                     .in_child = [] { said() += "+readers "; }});
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(said() == "databases readers secrets +secrets +readers +databases " ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(said(), "databases readers secrets -secrets -readers -databases ");
}

}  // namespace
}  // namespace quantconf
