#include <gtest/gtest.h>

#include "history/processes.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class StateFolderAway : public LiveTest {
protected:
    [[nodiscard]] std::vector<history::ProcessRow> rows() const {
        auto database = state::Database::open(state() / "state.db", {.access = state::Access::Read});
        EXPECT_TRUE(database.has_value());
        const SystemClock clock;
        history::Processes processes{*database, clock};
        return processes.live().value_or(std::vector<history::ProcessRow>{});
    }
};

TEST_F(StateFolderAway, a_process_that_could_not_reach_it_for_a_moment_is_still_one_process) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager.has_value());
    ASSERT_EQ(rows().size(), 1U);
    const history::ProcessId row = rows().front().id;

    fs::rename(state(), root_ / "aside");
    std::ofstream{state()} << "no folder";
    put_atomically("base.yaml", "name: two\n");
    EXPECT_FALSE(manager->reload().has_value()) << "nothing can be recorded";
    EXPECT_FALSE(manager->reload().has_value());
    fs::remove(state());
    fs::rename(root_ / "aside", state());

    const auto report = manager->reload();
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(report->version.number, 2U) << "the history is the same";
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows().front().id, row);
    EXPECT_EQ(rows().front().status.version, 2U);
}

}  // namespace
}  // namespace quantconf::live::test
