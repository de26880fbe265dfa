#include "audit/log.hpp"
#include "audit/read.hpp"
#include "history/file_change.hpp"
#include "history/history.hpp"
#include "live/change_note.hpp"
#include "quantconf/manager.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

class ManagerChange : public LiveTest {};

TEST_F(ManagerChange, an_update_of_this_process_survives_reloads_and_ends_with_it) {
    auto manager = Manager::open(options());
    auto report =
        manager->update({{"trading.max_position_size", 0.04}, {"name", "mine"}}, {.reason = "volatility"});
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(report->changes.size(), 2U);
    EXPECT_EQ(manager->snapshot()->trading.max_position_size, 0.04);
    put_atomically("base.yaml", "name: two\ntrading: {max_orders: 6}\n");
    ASSERT_TRUE(manager->reload().has_value());
    EXPECT_EQ(manager->snapshot()->name, "mine");
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 6);
    EXPECT_EQ(manager->health().overrides, 2U);
    EXPECT_EQ(Manager::open(options())->snapshot()->name, "two");
    ASSERT_TRUE(manager->update({{"name", std::nullopt}}).has_value());
    EXPECT_EQ(manager->snapshot()->name, "two");
}

TEST_F(ManagerChange, an_update_is_checked_like_everything_else) {
    auto manager = Manager::open(options());
    EXPECT_TRUE(failure_of(manager->update({{"trading.max_position_size", 5.0}})).contains("QC1203"));
    EXPECT_TRUE(
        failure_of(manager->update({{"trading.max_postion_size", 0.5}})).contains("max_position_size"));
    EXPECT_TRUE(failure_of(manager->update({{"trading.max_orders", 7}, {"name", std::string(2000, 'x')}},
                                           {.reason = std::string(2000, 'x')}))
                    .contains("too long"));
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
    EXPECT_EQ(manager->health().overrides, 0U);
    EXPECT_TRUE(manager->health().last_reload_ok) << "a refused update says nothing about the files";
}

TEST_F(ManagerChange, whatever_refuses_an_update_is_audited_once_and_says_nothing_about_the_files) {
    auto manager = Manager::open(options());
    const auto subscription =
        manager->watch("name", {.prepare = [](const auto&) -> std::optional<std::string> { return "no"; }});
    const auto refusals = [&] {
        state::Database database =
            state::Database::open(state() / "state.db", {.access = state::Access::Read}).value();
        return audit::read(database, {.action = "config.refuse"}).value().size();
    };
    std::size_t expected = 0;
    const auto is_refused = [&](const std::expected<ChangeReport, Failure>& result, std::string_view why) {
        EXPECT_TRUE(failure_of(result).contains(why)) << failure_of(result);
        EXPECT_EQ(refusals(), ++expected) << why;
        EXPECT_TRUE(manager->health().last_reload_ok) << why;
        EXPECT_EQ(manager->health().last_error, "") << why;
    };
    for (const bool persist : {false, true}) {
        is_refused(manager->update({{"name", "two"}}, {.persist = persist}), "refused the change");
        is_refused(manager->update({{"trading.max_orders", 0}}, {.persist = persist}), "QC1203");
        is_refused(manager->update({}, {.persist = persist}), "nothing to set");
    }
    is_refused(manager->rollback(99), "no such version");
    ASSERT_FALSE(manager->rollback(99, {.dry_run = true}).has_value());
    EXPECT_EQ(refusals(), expected) << "nothing was to be changed";
    EXPECT_TRUE(manager->health().last_reload_ok);
    put_atomically("base.yaml", "name: three\n");
    EXPECT_FALSE(manager->reload().has_value());
    EXPECT_EQ(refusals(), ++expected);
    EXPECT_FALSE(manager->health().last_reload_ok) << "these are the files";
}

TEST_F(ManagerChange, a_shared_update_reaches_other_processes_and_a_persistent_one_keeps_comments) {
    auto manager = Manager::open(options());
    auto other = Manager::open(options());
    auto report = manager->update({{"trading.max_orders", 3}}, {.reason = "calm", .scope = Scope::Shared});
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(text_of(state() / "overrides.development.yaml"), "trading:\n  max_orders: 3\n");
    ASSERT_TRUE(other->reload().has_value());
    EXPECT_EQ(other->snapshot()->trading.max_orders, 3);
    EXPECT_EQ(other->version().number, report->version.number) << "the same content is the same version";

    put("development.yaml", "# for me\nname: dev  # my own\n");
    ASSERT_TRUE(manager->reload().has_value());
    report = manager->update({{"name", "new"}, {"trading.max_position_size", 0.5}}, {.persist = true});
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(text_of(config() / "development.yaml"),
              "# for me\nname: new  # my own\ntrading:\n  max_position_size: 0.5\n");
    report = manager->update({{"trading.max_orders", 4}}, {.persist = true});
    EXPECT_TRUE(failure_of(report).contains("QC1723"))
        << "the shared one wins over the file: " << failure_of(report);
    EXPECT_TRUE(
        manager->update({{"trading.max_orders", std::nullopt}}, {.scope = Scope::Shared}).has_value());
    EXPECT_EQ(manager->snapshot()->trading.max_orders, 5);
}

TEST_F(ManagerChange, a_rollback_edits_the_winning_layers_and_a_restart_loads_it_too) {
    put("development.yaml", "# mine\nname: dev\n");
    auto manager = Manager::open(options());
    const auto first = manager->version();
    put_atomically("base.yaml",
                   "# the limits\nname: one\ntrading:\n  max_position_size: 0.9  # bold\n  max_orders: 5\n");
    put_atomically("development.yaml", "# mine\nname: other  # changed\nweights: {a: 1}\n");
    ASSERT_TRUE(manager->reload().has_value());
    const auto dry = manager->rollback(first.number, {.dry_run = true});
    ASSERT_TRUE(dry.has_value()) << failure_of(dry);
    EXPECT_EQ(dry->changes.size(), 3U);
    EXPECT_EQ(manager->snapshot()->name, "other");
    const auto report = manager->rollback(first.number, {.reason = "too bold"});
    ASSERT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_EQ(report->version.hash, first.hash);
    EXPECT_EQ(report->version.number, 3U);
    EXPECT_EQ(manager->snapshot()->trading.max_position_size, 0.05);
    EXPECT_EQ(text_of(config() / "base.yaml"),
              "# the limits\nname: one\ntrading:\n  max_position_size: 0.05  # bold\n  max_orders: 5\n");
    EXPECT_TRUE(text_of(config() / "development.yaml").starts_with("# mine\nname: dev  # changed\n"));
    EXPECT_EQ(Manager::open(options())->version().hash, first.hash);
}

TEST_F(ManagerChange, a_rollback_that_was_killed_between_two_files_is_finished_by_the_next_start) {
    put("development.yaml", "name: dev\n");
    const auto first = Manager::open(options())->version();
    const std::string base = text_of(config() / "base.yaml");
    const std::string bold = "name: one\ntrading: {max_position_size: 0.9}\n";
    put_atomically("base.yaml", bold);
    put_atomically("development.yaml", "name: other\n");
    ASSERT_TRUE(Manager::open(options()).has_value());
    // The journal is on disk, one file has been replaced, and the process is gone.
    const pid_t child = ::fork();
    if (child == 0) {
        const history::FileChange change{
            .edits = {{.path = config() / "base.yaml", .before = bold, .after = base},
                      {.path = config() / "development.yaml",
                       .before = "name: other\n",
                       .after = "name: dev\n"}},
            .note = note_of({.kind = history::Kind::Rollback,
                             .author = "alice",
                             .reason = "too bold",
                             .rolled_back_to = 1})};
        (void)history::apply(change, state(), []() -> Outcome<void> { ::_exit(0); });
        ::_exit(1);
    }
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    auto manager = Manager::open(options());
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(manager->version().hash, first.hash);
    EXPECT_EQ(manager->version().number, 3U);
    EXPECT_EQ(text_of(config() / "base.yaml"), base);
    SystemClock clock;
    state::Database database = state::Database::open(state() / "state.db").value();
    audit::Log log{database, std::nullopt, {.clock = clock}};
    const auto found = history::History{database, log, clock}.find(3).value();
    EXPECT_EQ(found->info.kind, history::Kind::Rollback);
    EXPECT_EQ(found->info.author, "alice");
    EXPECT_EQ(found->info.reason, "too bold");
}

TEST_F(ManagerChange, a_rollback_that_files_cannot_do_is_refused_by_name_and_writes_nothing) {
    auto with_variable = options();
    auto manager = Manager::open(options());
    put_atomically("base.yaml", "name: two\n");
    ASSERT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(failure_of(manager->rollback(99)).contains("no such version"));
    with_variable.variables = std::vector<std::string>{"BOT_NAME=three"};
    auto other = Manager::open(with_variable);
    const std::string before = text_of(config() / "base.yaml");
    EXPECT_TRUE(failure_of(other->rollback(1)).contains("BOT_NAME"));
    EXPECT_EQ(text_of(config() / "base.yaml"), before);
    auto staging = options();
    staging.environment = "staging";
    EXPECT_TRUE(failure_of(Manager::open(staging)->rollback(1)).contains("another environment"));
}

}  // namespace
}  // namespace quantconf::live::test
