#include <fstream>

#include <gtest/gtest.h>

#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class DamagedHistory : public LiveTest {
protected:
    [[nodiscard]] fs::path database() const { return state() / "state.db"; }
    void record_something() {
        auto manager = Manager::open(options());
        ASSERT_TRUE(manager);
        ASSERT_TRUE(manager->update({{"trading.max_orders", 4}}, {.reason = "less"}));
    }
    void overwrite() const {
        std::ofstream file{database(), std::ios::in};
        file << std::string(4096, 'x');
    }
    /// What SQLite finds whole.
    void change_row(const char* sql) const {
        auto opened = state::Database::open(database(), {});
        ASSERT_TRUE(opened) << to_text(opened.error());
        auto statement = opened->prepare(sql);
        ASSERT_TRUE(statement && statement->run()) << sql;
    }
    void cut() const { fs::resize_file(database(), fs::file_size(database()) / 2); }
    [[nodiscard]] int set_aside() const {
        int count = 0;
        for (const auto& entry : fs::directory_iterator{state()}) {
            const std::string name = entry.path().filename().string();
            count +=
                name.starts_with("state.db.damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm");
        }
        return count;
    }
};

TEST_F(DamagedHistory, a_bot_starts_with_a_new_one_and_the_old_one_is_kept) {
    record_something();
    overwrite();
    const std::string damaged = text_of(database());
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager) << to_text(manager.error());
    EXPECT_EQ(manager->version().number, 1U);
    EXPECT_EQ(set_aside(), 1);
    for (const auto& entry : fs::directory_iterator{state()}) {
        if (entry.path().filename().string().starts_with("state.db.damaged-") &&
            fs::file_size(entry.path()) == damaged.size()) {
            EXPECT_EQ(text_of(entry.path()), damaged);
        }
    }
    EXPECT_TRUE(manager->update({{"trading.max_orders", 3}}, {.reason = "still less"}));
}

TEST_F(DamagedHistory, one_that_was_cut_is_noticed_too) {
    record_something();
    cut();
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager) << to_text(manager.error());
    EXPECT_EQ(set_aside(), 1);
}

TEST_F(DamagedHistory, one_that_has_a_row_that_nobody_wrote_or_lacks_a_table_is_set_aside_as_well) {
    for (const char* sql :
         {"UPDATE version SET parent = 99 WHERE number = 2", "UPDATE version SET kind = x'50'",
          "UPDATE version SET canonical = x'50'", "DROP TABLE audit_open"}) {
        fs::remove_all(state());
        record_something();
        change_row(sql);
        auto manager = Manager::open(options());
        // Only the newest row is read at the start; an older one is `doctor`'s, and whoever asks for it.
        ASSERT_TRUE(manager) << sql << ": " << to_text(manager.error());
        EXPECT_TRUE(manager->update({{"trading.max_orders", 3}}, {.reason = "still less"})) << sql;
    }
}

TEST_F(DamagedHistory, while_a_bot_runs_changes_are_refused_and_nothing_is_made_anew) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager);
    overwrite();
    fs::remove(state() / "state.db-wal");
    EXPECT_FALSE(manager->update({{"trading.max_orders", 9}}, {.reason = "more"}));
    EXPECT_EQ(set_aside(), 0);
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
}

TEST_F(DamagedHistory, where_a_secret_store_belongs_to_it_nobody_sets_it_aside_unasked) {
    record_something();
    std::ofstream{state() / "secrets.qcs"} << "its audit log is in state.db";
    overwrite();
    EXPECT_FALSE(Manager::open(options()));
    EXPECT_EQ(set_aside(), 0);
}

TEST_F(DamagedHistory, what_was_tightened_without_a_record_is_recorded_as_soon_as_that_can_be) {
    OpenOptions how = options();
    how.auto_reload = true;
    how.debounce = std::chrono::milliseconds{1};
    auto manager = Manager::open(how);
    ASSERT_TRUE(manager);
    ASSERT_TRUE(comes_true([&] { return manager->health().watcher_active; }));
    fs::rename(database(), state() / "elsewhere");
    fs::create_directory(database());
    put_atomically("base.yaml", "name: one\ntrading: {max_position_size: 0.05, max_orders: 2}\n");
    ASSERT_TRUE(comes_true([&] { return manager->snapshot()->trading.max_orders == 2; }));
    EXPECT_EQ(manager->version().number, 0U);
    EXPECT_FALSE(manager->health().history_ok);

    fs::remove(database());
    fs::rename(state() / "elsewhere", database());
    EXPECT_TRUE(comes_true([&] { return manager->version().number == 2U; }));
    EXPECT_TRUE(manager->health().history_ok) << manager->health().history_error;
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 2);
}

}  // namespace
}  // namespace quantconf::live::test
