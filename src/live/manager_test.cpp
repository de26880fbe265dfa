#include "quantconf/manager.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "audit/log.hpp"
#include "crypto/random.hpp"
#include "history/file_change.hpp"
#include "history/history.hpp"
#include "live/change_note.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/key_source.hpp"
#include "secrets/store.hpp"
#include "secrets/store_on_disk.hpp"
#include "state/database.hpp"
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

TEST_F(ManagerTest, an_update_of_this_process_survives_reloads_and_ends_with_it) {
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

TEST_F(ManagerTest, an_update_is_checked_like_everything_else) {
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

TEST_F(ManagerTest, a_shared_update_reaches_other_processes_and_a_persistent_one_keeps_comments) {
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

TEST_F(ManagerTest, a_rollback_edits_the_winning_layers_and_a_restart_loads_it_too) {
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

TEST_F(ManagerTest, a_rollback_that_was_killed_between_two_files_is_finished_by_the_next_start) {
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

TEST_F(ManagerTest, a_rollback_that_files_cannot_do_is_refused_by_name_and_writes_nothing) {
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

// 63: subscriber throws / hangs / calls back into the manager / unsubscribes in callback.
TEST_F(ManagerTest, t63_a_veto_keeps_everything_as_it_was) {
    auto manager = Manager::open(options());
    bool committed = false;
    const auto other = manager->watch("name", {.commit = [&](const Transition<Bot>&) { committed = true; }});
    auto refusing = manager->watch(
        "trading", {.prepare = [](const Transition<Bot>& change) -> std::optional<std::string> {
            return change.after.trading.max_orders > 5 ? std::optional<std::string>{"orders are open"}
                                                       : std::nullopt;
        }});
    put_atomically("base.yaml", "name: two\ntrading: {max_orders: 6}\n");
    const auto report = manager->reload();
    EXPECT_TRUE(failure_of(report).contains("orders are open"));
    EXPECT_EQ(manager->snapshot()->name, "one");
    EXPECT_FALSE(committed);
    refusing.reset();
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(committed);
}

TEST_F(ManagerTest, t63_who_throws_or_hangs_is_a_veto_before_and_only_counted_after) {
    auto manager = Manager::open(options());
    auto throwing = manager->watch("", {.prepare = [](const Transition<Bot>&) -> std::optional<std::string> {
                                       throw std::runtime_error{"broken"};
                                   }});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(failure_of(manager->reload()).contains("broken"));
    throwing.reset();
    std::atomic<bool> may_end = false;
    {
        auto hanging =
            manager->watch("", {.prepare = [&](const Transition<Bot>&) -> std::optional<std::string> {
                                    while (!may_end) {
                                        std::this_thread::yield();
                                    }
                                    return std::nullopt;
                                },
                                .deadline = std::chrono::milliseconds{20}});
        EXPECT_TRUE(failure_of(manager->reload()).contains("20 ms"));
        may_end = true;
    }
    const auto counted = manager->watch("", {.commit = [](const Transition<Bot>&) { throw 5; }});
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_EQ(manager->snapshot()->name, "two");
    EXPECT_EQ(manager->health().callback_failures, 1U);
}

TEST_F(ManagerTest, t63_a_subscriber_that_asks_for_a_change_is_refused_and_may_unsubscribe_itself) {
    auto manager = Manager::open(options());
    std::string inner;
    Subscription subscription;
    subscription = manager->watch("", {.commit = [&](const Transition<Bot>& change) {
                                      EXPECT_EQ(change.version.number, 2U);
                                      inner = failure_of(manager->update({{"name", "inside"}}));
                                      EXPECT_EQ(manager->snapshot()->name, "two") << "looking is fine";
                                      subscription.reset();
                                  }});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(inner.contains("subscriber cannot change"));
    put_atomically("base.yaml", "name: three\n");
    inner.clear();
    EXPECT_TRUE(manager->reload().has_value());
    EXPECT_TRUE(inner.empty());
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
    EXPECT_EQ(recorded->version.number, 2U) << "after the one that was owed";
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

/// A store as `quantconf secret init` makes it, with its key in a folder of its own.
class ManagerWithSecrets : public LiveTest {
protected:
    void SetUp() override {
        LiveTest::SetUp();
        for (const fs::path& folder : {state(), root_ / "keys"}) {
            fs::create_directory(folder);
            fs::permissions(folder, fs::perms::owner_all);
        }
        ASSERT_TRUE(secrets::create_key_file(key(), random_).has_value());
        database_.emplace(state::Database::open(state() / "state.db").value());
        trail_.emplace(*database_, clock_);
        store_.emplace(secrets::Store::create(secrets::store_on_disk({.file = state() / "secrets.qcs",
                                                                      .mark_folder = root_ / "keys"}),
                                              secrets::read_unlock_key(secrets::KeyFile{key()}).value(),
                                              {.clock = clock_, .random = random_, .audit = *trail_})
                           .value());
        ASSERT_TRUE(store_->set("token", "first").has_value());
        put("base.yaml", "name: one\ntoken: SECURE:token\n");
    }
    void TearDown() override {
        store_.reset();
        trail_.reset();
        database_.reset();
        LiveTest::TearDown();
    }
    [[nodiscard]] fs::path key() const { return root_ / "keys" / "master.key"; }
    [[nodiscard]] OpenOptions with_key() const {
        auto chosen = options();
        chosen.key_file = key();
        return chosen;
    }
    [[nodiscard]] static std::string text_of_token(const Manager& manager) {
        std::string text;
        manager.snapshot()->token.reveal(grant_secret_access(),
                                         [&](std::string_view plain) { text = plain; });
        return text;
    }

    SystemClock clock_;
    crypto::SystemRandom random_;
    std::optional<state::Database> database_;
    std::optional<secrets::AuditTrail> trail_;
    std::optional<secrets::Store> store_;
};

TEST_F(ManagerWithSecrets, are_resolved_and_nothing_but_their_references_is_recorded) {
    auto manager = Manager::open(with_key());
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(text_of_token(*manager), "first");
    EXPECT_EQ(manager->get("token"), "SECURE:token");
    for (const auto& entry : fs::recursive_directory_iterator{config()}) {
        if (entry.is_regular_file()) {
            EXPECT_FALSE(text_of(entry.path()).contains("first")) << entry.path();
        }
    }
}

TEST_F(ManagerWithSecrets, a_rotated_one_reaches_readers_and_is_the_same_version) {
    auto following = with_key();
    following.auto_reload = true;
    auto manager = Manager::open(following);
    ConfigChanges seen;
    std::atomic<bool> was_told = false;
    const auto subscription = manager->watch("token", {.commit = [&](const Transition<Bot>& change) {
                                                 seen = change.changes;
                                                 was_told = true;
                                             }});
    ASSERT_TRUE(store_->set("token", "second").has_value());
    EXPECT_TRUE(comes_true([&] { return text_of_token(*manager) == "second"; }));
    ASSERT_TRUE(comes_true([&] { return was_told.load(); }));
    EXPECT_EQ(manager->version().number, 1U) << "what is recorded is the reference";
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen.front().from, "SECURE:token (v1)");
    EXPECT_EQ(seen.front().to, "SECURE:token (v2)");
}

TEST_F(ManagerWithSecrets, a_missing_one_refuses_the_start_or_is_absent_as_the_program_wants) {
    put("base.yaml", "name: one\ntoken: SECURE:tokne\n");
    auto chosen = with_key();
    const auto refused = Manager::open(chosen);
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(to_text(refused.error()).contains("tokne"));
    chosen.missing_secrets = OnMissingSecret::Absent;
    const auto manager = Manager::open(chosen);
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_TRUE(manager->snapshot()->token.empty());
    EXPECT_EQ(manager->health().missing_secrets, std::vector<std::string>{"token"});
}

TEST_F(ManagerWithSecrets, a_store_that_breaks_keeps_the_last_good_values) {
    auto manager = Manager::open(with_key());
    put(".quantconf/secrets.qcs", "broken");
    EXPECT_FALSE(manager->reload().has_value());
    EXPECT_EQ(text_of_token(*manager), "first");
    EXPECT_FALSE(manager->health().last_reload_ok);
}

}  // namespace
}  // namespace quantconf::live::test
