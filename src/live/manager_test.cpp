#include "quantconf/manager.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "history/history.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class ManagerTest : public LiveTest {};

TEST_F(ManagerTest, gives_a_whole_configuration_and_where_each_value_comes_from) {
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
    EXPECT_EQ(manager->reader().latest().name, "one");
    EXPECT_EQ(manager->version().number, 1U);
    EXPECT_EQ(manager->version().hash.size(), 64U);
    EXPECT_EQ(manager->get("trading.max_position_size"), "0.05");
    EXPECT_EQ(manager->origin_of("trading.max_orders").position(), (Position{5, 15}));
    EXPECT_EQ(manager->get("nothing.here"), std::nullopt);
    EXPECT_TRUE(manager->health().last_reload_ok);
}

TEST_F(ManagerTest, a_broken_start_is_refused) {
    put("base.yaml", "trading: {max_orders: 0}");
    const auto manager = Manager::open(options());
    ASSERT_FALSE(manager.has_value());
    EXPECT_TRUE(to_text(manager.error()).contains("max_orders"));
    EXPECT_FALSE(fs::exists(state() / "state.db")) << "nothing was published, nothing is recorded";
}

TEST_F(ManagerTest, a_reload_shows_the_whole_change_at_once) {
    auto manager = Manager::open(options());
    auto reader = manager->reader();
    put_atomically("base.yaml", "name: two\ntrading: {max_position_size: 0.02, max_orders: 7}\n");
    const auto report = manager->reload();
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(report->version.number, 2U);
    ASSERT_EQ(report->changes.size(), 3U);
    EXPECT_EQ(report->changes[1].path, "trading.max_position_size");
    EXPECT_EQ(report->changes[1].from, "0.05");
    EXPECT_EQ(report->changes[1].to, "0.02");
    EXPECT_EQ(reader.held().name, "one");
    EXPECT_EQ(reader.latest().name, "two");
    EXPECT_EQ(reader.held().trading.max_orders, 7);
}

TEST_F(ManagerTest, unchanged_content_is_counted_and_nothing_else) {
    auto manager = Manager::open(options());
    int told = 0;
    const auto subscription = manager->watch("", {.commit = [&](const Transition<Bot>&) { ++told; }});
    put_atomically("base.yaml", "name: one\n# moved\ntrading:\n  max_orders: 5\n  max_position_size: 0.05\n");
    const auto report = manager->reload();
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_TRUE(report->changes.empty());
    EXPECT_EQ(report->version.number, 1U);
    EXPECT_EQ(told, 0);
    EXPECT_EQ(manager->health().unchanged, 1U);
    EXPECT_EQ(manager->origin_of("trading.max_orders").position(), (Position{4, 15}))
        << "explanations follow the file";
}

TEST_F(ManagerTest, a_wrong_value_never_replaces_a_right_one_and_health_says_so_until_it_is_mended) {
    auto manager = Manager::open(options());
    const auto before = manager->version();
    put_atomically("base.yaml", "name: two\ntrading: {max_orders: 0}\n");
    EXPECT_FALSE(manager->reload().has_value());
    EXPECT_EQ(manager->snapshot()->name, "one");
    EXPECT_EQ(manager->version().hash, before.hash);
    EXPECT_EQ(manager->version().number, before.number);
    EXPECT_FALSE(manager->health().last_reload_ok);
    EXPECT_TRUE(manager->health().last_error.contains("trading.max_orders"));
    put_atomically("base.yaml", "name: one\ntrading: {max_orders: 5, max_position_size: 0.05}\n");
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(manager->health().last_reload_ok);
    EXPECT_TRUE(manager->health().last_error.empty());
}

// 67: immutable key changed at run time (port, database host): rejected or "pending restart", never half
// applied.
TEST_F(ManagerTest, t67_what_needs_a_restart_keeps_its_value_and_is_listed) {
    auto manager = Manager::open(options());
    put_atomically("base.yaml", "name: two\nport: 9090\n");
    const auto report = manager->reload();
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(manager->snapshot()->name, "two");
    EXPECT_EQ(manager->snapshot()->port, 8080);
    EXPECT_EQ(report->pending, std::vector<std::string>{"port"});
    EXPECT_EQ(manager->health().pending, std::vector<std::string>{"port"});
    EXPECT_EQ(Manager::open(options())->snapshot()->port, 9090) << "a restart takes it";
    put_atomically("base.yaml", "name: two\nport: 8080\n");
    EXPECT_TRUE(manager->reload()->pending.empty());
}

TEST_F(ManagerTest, a_layer_that_is_suddenly_empty_or_gone_is_refused_until_it_is_meant) {
    put("development.yaml", "name: dev\n");
    auto manager = Manager::open(options());
    put("development.yaml", "");
    EXPECT_TRUE(failure_of(manager->reload()).contains("QC1721"));
    EXPECT_EQ(manager->snapshot()->name, "dev");
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(failure_of(manager->reload()).contains("gone"));
    put("development.yaml", "# nothing here\n");
    EXPECT_TRUE(manager->reload().has_value()) << "a comment is content";
    EXPECT_EQ(manager->snapshot()->name, "one");
    put("development.yaml", "name: dev\n");
    EXPECT_TRUE(manager->reload().has_value());
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(manager->reload({.accept_missing = true}).has_value());
    EXPECT_EQ(manager->snapshot()->name, "one");
}

TEST_F(ManagerTest, the_last_good_version_starts_a_program_whose_files_are_broken_if_it_wants_that) {
    ASSERT_TRUE(Manager::open(options()).has_value());
    put("base.yaml", "name: [");
    auto wanting = options();
    EXPECT_FALSE(Manager::open(wanting).has_value());
    wanting.start_from_last_good = true;
    auto manager = Manager::open(wanting);
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
    EXPECT_TRUE(manager->health().from_last_good);
    EXPECT_FALSE(manager->health().last_reload_ok);
    put("base.yaml", "name: mended\n");
    ASSERT_TRUE(manager->reload().has_value());
    EXPECT_FALSE(manager->health().from_last_good);
    EXPECT_EQ(manager->snapshot()->name, "mended");
}

TEST_F(ManagerTest, without_history_nothing_is_written) {
    auto quiet = options();
    quiet.keep_history = false;
    auto manager = Manager::open(quiet);
    ASSERT_TRUE(manager.has_value());
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_EQ(manager->version().number, 0U);
    EXPECT_FALSE(fs::exists(state()));
    EXPECT_TRUE(failure_of(manager->rollback(1)).contains("no history"));
}

TEST_F(ManagerTest, where_nothing_can_be_recorded_only_less_risk_is_let_through) {
    auto manager = Manager::open(options());
    fs::remove(state() / "state.db");
    put(".quantconf/state.db", "no database");
    fs::permissions(state() / "state.db", fs::perms::owner_read | fs::perms::owner_write);
    put_atomically("base.yaml", "name: two\ntrading: {max_position_size: 0.05, max_orders: 5}\n");
    EXPECT_TRUE(failure_of(manager->reload()).contains("nothing could be recorded"));
    EXPECT_EQ(manager->snapshot()->name, "one");
    EXPECT_FALSE(manager->health().history_ok);
    put_atomically("base.yaml", "name: one\ntrading: {max_position_size: 0.02, max_orders: 5}\n");
    const auto report = manager->reload();
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(manager->snapshot()->trading.max_position_size, 0.02);
    EXPECT_EQ(report->version.number, 0U) << "owed";
    put_atomically("base.yaml", "name: one\ntrading: {max_position_size: 0.06, max_orders: 5}\n");
    EXPECT_FALSE(manager->reload().has_value());
    for (const char* name : {"state.db", "state.db-wal", "state.db-shm"}) {
        fs::remove(state() / name);
    }
    const auto recorded = manager->reload();
    ASSERT_TRUE(recorded.has_value()) << failure_of(recorded);
    EXPECT_EQ(recorded->version.number, 1 + history::kLostNumbers + 1)
        << "after the one that was owed, behind the history that was deleted";
}

TEST_F(ManagerTest, follows_its_files_by_itself) {
    auto following = options();
    following.auto_reload = true;
    following.debounce = std::chrono::milliseconds{1};
    auto manager = Manager::open(following);
    ASSERT_TRUE(comes_true([&] { return manager->health().watcher_active; }));
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(comes_true([&] { return manager->snapshot()->name == "two"; }));
    put("base.yaml", "name: three\n");
    EXPECT_TRUE(comes_true([&] { return manager->snapshot()->name == "three"; }));
    put("development.yaml", "name: four\n");
    EXPECT_TRUE(comes_true([&] { return manager->snapshot()->name == "four"; }))
        << "a file that was not there";
}

TEST_F(ManagerTest, a_forked_child_serves_what_it_had_and_starts_anew_with_the_first_reload) {
    auto following = options();
    following.auto_reload = true;
    auto manager = Manager::open(following);
    auto reader = manager->reader();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        bool is_right = reader.latest().name == "one" && manager->snapshot()->name == "one";
        put_atomically("base.yaml", "name: child\n");
        const auto report = manager->reload();
        is_right = is_right && report.has_value() && manager->snapshot()->name == "child" &&
                   reader.latest().name == "child";
        put_atomically("base.yaml", "name: followed\n");
        is_right = is_right && comes_true([&] { return manager->snapshot()->name == "followed"; });
        std::move(manager).value();
        ::_exit(is_right ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(comes_true([&] { return manager->snapshot()->name == "followed"; }));
}

TEST_F(ManagerTest, dozens_of_managers_come_and_go) {
    auto following = options();
    following.auto_reload = true;
    following.keep_history = false;
    for (int round = 0; round < 3; ++round) {
        std::vector<Manager> managers;
        for (int i = 0; i < 30; ++i) {
            auto manager = Manager::open(following);
            ASSERT_TRUE(manager.has_value());
            managers.push_back(*std::move(manager));
        }
        put_atomically("base.yaml", "name: round" + std::to_string(round) + "\n");
        for (const Manager& manager : managers) {
            EXPECT_TRUE(
                comes_true([&] { return manager.snapshot()->name == "round" + std::to_string(round); }));
        }
    }
}

}  // namespace
}  // namespace quantconf::live::test
