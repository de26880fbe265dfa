#include <fstream>

#include "history/processes.hpp"
#include "live/engine.hpp"
#include "live/parts.hpp"
#include "live/problem.hpp"
#include "state/database.hpp"
#include "state/problem.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using namespace std::chrono_literals;
using history::kLostNumbers;

/// Engines without followers, the time in the hands of the test, and a state.db that somebody takes away.
class LostHistory : public LiveTest {
protected:
    std::unique_ptr<Engine> open(std::vector<std::string> variables = {}) {
        auto choice = options();
        choice.variables = std::move(variables);
        auto parts = make_parts(Bot::schema(), choice);
        EXPECT_TRUE(parts.has_value());
        parts->decode = [](const Value& root) -> std::shared_ptr<const void> {
            return std::make_shared<const Bot>(decode<Bot>(root));
        };
        parts->show = [](const std::shared_ptr<const Version>&) {};
        parts->steady_now = [this] { return now_; };
        auto engine = Engine::open(*std::move(parts), false);
        EXPECT_TRUE(engine.has_value());
        return engine ? *std::move(engine) : nullptr;
    }
    void change(Engine& engine, int orders) {
        put_atomically("base.yaml", "trading: {max_orders: " + std::to_string(orders) + "}\n");
        const auto report = engine.reload({});
        ASSERT_TRUE(report.has_value()) << failure_of(report);
    }
    void look(Engine& engine) {
        now_ += Upkeep::kLookEvery;
        engine.upkeep();
    }
    [[nodiscard]] fs::path file(const std::string& end = {}) const { return state() / ("state.db" + end); }
    void remove() const {
        for (const char* end : {"", "-wal", "-shm"}) {
            fs::remove(file(end));
        }
    }
    /// What a careful backup is: everything is in the file itself.
    void back_up() const {
        auto database = state::Database::open(file(), {.access = state::Access::Write});
        ASSERT_TRUE(database && database->run("PRAGMA wal_checkpoint(TRUNCATE)"));
        fs::copy_file(file(), root_ / "backup");
    }
    void restore() const {
        remove();
        fs::copy_file(root_ / "backup", file());
        fs::permissions(file(), fs::perms::owner_read | fs::perms::owner_write);
    }
    template <typename Use>
    auto with_state(Use use) const {
        auto database = state::Database::open(file(), {.access = state::Access::Write});
        EXPECT_TRUE(database.has_value());
        const SystemClock clock;
        audit::Log log{*database, std::nullopt, {.clock = clock}};
        history::History history{*database, log, clock};
        history::Processes processes{*database, clock};
        return use(history, processes);
    }
    /// "102 reload", newest first.
    std::vector<std::string> versions() const {
        return with_state([](history::History& history, history::Processes&) {
            std::vector<std::string> lines;
            const auto all = history.list({}).value();
            for (const auto& info : all) {
                lines.push_back(std::to_string(info.number) + " " + std::string{to_text(info.kind)});
            }
            return lines;
        });
    }
    std::vector<history::VersionNumber> shown() const {
        return with_state([](history::History&, history::Processes& processes) {
            std::vector<history::VersionNumber> numbers;
            const auto rows = processes.live().value();
            for (const auto& row : rows) {
                numbers.push_back(row.status.version);
            }
            return numbers;
        });
    }

    std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
};

using Lines = std::vector<std::string>;
using Numbers = std::vector<history::VersionNumber>;

TEST_F(LostHistory, one_that_was_deleted_is_begun_anew_with_a_record_of_the_break) {
    const auto bot = open();
    change(*bot, 4);
    change(*bot, 3);
    ASSERT_EQ(bot->current()->label.number, 3U);
    remove();
    look(*bot);
    EXPECT_EQ(bot->current()->label.number, 3 + kLostNumbers);
    EXPECT_EQ(versions(), (Lines{"103 load"}));
    EXPECT_EQ(shown(), (Numbers{103}));
    const auto record =
        with_state([](history::History& history, auto&) { return history.find(103).value(); });
    EXPECT_NE(record->info.reason.find("while this process showed v3"), std::string::npos)
        << record->info.reason;
    EXPECT_EQ(bot->health().history_break, record->info.reason);
    EXPECT_TRUE(bot->health().history_ok);
    change(*bot, 2);
    EXPECT_EQ(versions(), (Lines{"104 reload", "103 load"}));
    look(*bot);
    EXPECT_EQ(versions().size(), 2U) << "it is noticed once";
}

TEST_F(LostHistory, the_whole_folder_may_be_gone_and_a_change_notices_it_too) {
    const auto bot = open();
    change(*bot, 4);
    fs::remove_all(state());
    change(*bot, 3);
    EXPECT_EQ(versions(), (Lines{"103 reload", "102 load"}))
        << "what was live before the change is there, too";
    EXPECT_EQ(shown(), (Numbers{103}));
}

TEST_F(LostHistory, an_older_copy_goes_on_behind_a_gap_and_the_row_of_the_process_is_its_own_again) {
    const auto bot = open();
    change(*bot, 4);
    back_up();
    change(*bot, 3);
    change(*bot, 2);
    restore();
    look(*bot);
    EXPECT_EQ(versions(), (Lines{"104 load", "2 reload", "1 load"}));
    EXPECT_EQ(shown(), (Numbers{104})) << "one process is one row";
}

TEST_F(LostHistory, an_older_copy_written_into_the_file_that_is_open_is_noticed_by_what_it_says) {
    const auto bot = open();
    change(*bot, 4);
    back_up();
    change(*bot, 3);
    {
        auto database = state::Database::open(file(), {.access = state::Access::Write});
        ASSERT_TRUE(database && database->run("PRAGMA wal_checkpoint(TRUNCATE)"));
    }
    std::ofstream{file(), std::ios::in | std::ios::binary}
        << std::ifstream{root_ / "backup", std::ios::binary}.rdbuf();
    fs::resize_file(file(), fs::file_size(root_ / "backup"));
    look(*bot);
    const auto health = bot->health();
    EXPECT_TRUE(!health.history_ok || bot->current()->label.number == 3 + kLostNumbers)
        << "damaged or continued, never v3 as if nothing had happened: v" << bot->current()->label.number;
}

TEST_F(LostHistory, numbers_that_others_have_given_meanwhile_are_not_taken_for_ours) {
    const auto bot = open();
    change(*bot, 4);
    change(*bot, 3);
    remove();
    {
        put_atomically("base.yaml", "trading: {max_orders: 9}\n");
        const auto other = open();
        change(*other, 8);
        change(*other, 7);
        change(*other, 6);
        EXPECT_EQ(other->current()->label.number, 4U) << "it knows of nothing";
    }
    look(*bot);
    EXPECT_EQ(versions().front(), "104 load");
    EXPECT_EQ(bot->current()->label.number, 104U);
}

TEST_F(LostHistory, two_processes_that_showed_the_same_version_show_the_same_one_behind_the_break) {
    const auto one = open();
    const auto two = open();
    change(*one, 4);
    ASSERT_TRUE(two->reload({}).has_value());
    remove();
    look(*one);
    look(*two);
    EXPECT_EQ(versions(), (Lines{"102 load"}));
    EXPECT_EQ(shown(), (Numbers{102, 102}));
    EXPECT_NE(two->health().history_break, "");
}

TEST_F(LostHistory, one_that_was_put_back_in_time_is_no_break) {
    const auto bot = open();
    fs::rename(file(), state() / "aside");
    fs::rename(file("-wal"), state() / "aside-wal");
    fs::rename(file("-shm"), state() / "aside-shm");
    for (const char* end : {"", "-wal", "-shm"}) {
        fs::rename(state() / ("aside" + std::string{end}), file(end));
    }
    look(*bot);
    change(*bot, 4);
    EXPECT_EQ(versions(), (Lines{"2 reload", "1 load"}));
    EXPECT_EQ(bot->health().history_break, "");
}

TEST_F(LostHistory, where_a_secret_store_has_its_log_in_it_nothing_is_begun_anew) {
    const auto bot = open();
    change(*bot, 4);
    std::ofstream{state() / "secrets.qcs"} << "its audit log is in state.db";
    remove();
    look(*bot);
    EXPECT_FALSE(fs::exists(file()));
    EXPECT_FALSE(bot->health().history_ok);
    put_atomically("base.yaml", "trading: {max_orders: 9}\n");
    const auto refused = bot->reload({});
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(failure_of(refused).find("--accept-rollback"), std::string::npos) << failure_of(refused);
    EXPECT_EQ(bot->current()->label.number, 2U);
}

TEST_F(LostHistory, who_reduces_risk_waits_for_nobody_who_holds_state_db) {
    const auto bot = open();
    auto other = state::Database::open(file(), {.access = state::Access::Write});
    ASSERT_TRUE(other.has_value());
    const auto lower = [&](int orders) {
        const std::vector<Setting> less{{"trading.max_orders", orders}};
        const auto done = bot->update(less, {.reason = "less " + std::to_string(orders)});
        ASSERT_TRUE(done.has_value()) << failure_of(done);
        EXPECT_EQ(done->version.number, 0U) << "owed";
    };
    {
        const auto held = other->begin();
        ASSERT_TRUE(held.has_value());
        const auto began = std::chrono::steady_clock::now();
        lower(4);
        lower(3);
        now_ += 10s;
        bot->upkeep();
        lower(2);
        EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "one patient wait takes ten";
        EXPECT_FALSE(bot->health().history_ok);
    }
    now_ += 10s;
    bot->upkeep();
    EXPECT_TRUE(bot->health().history_ok) << bot->health().history_error;
    EXPECT_EQ(versions(), (Lines{"4 update", "3 update", "2 update", "1 load"}));
    EXPECT_EQ(shown(), (Numbers{4}));
}

TEST_F(LostHistory, a_layer_file_that_cannot_be_written_is_no_trouble_of_the_history) {
    const auto bot = open();
    // Nothing can be prepared beside a file whose name is as long as names may be.
    const fs::path longest = root_ / std::string(250, 'x');
    { std::ofstream{longest} << "name: mine\n"; }
    fs::create_symlink(longest, config() / "development.yaml");
    ASSERT_TRUE(bot->reload({}).has_value());
    const std::vector<Setting> more{{"trading.max_orders", 8}};
    const auto refused = bot->update(more, {.reason = "more", .persist = true});
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(failure_of(refused).find("xxx"), std::string::npos) << failure_of(refused);
    EXPECT_TRUE(bot->health().history_ok) << bot->health().history_error;
    EXPECT_TRUE(with_state([](auto&, history::Processes& processes) {
                    return processes.live().value().at(0);
                }).status.last_reload_ok);
}

TEST_F(LostHistory, changes_that_the_disk_refused_are_counted_until_one_is_recorded) {
    const auto bot = open();
    const auto raise = [&](int orders) {
        const std::vector<Setting> more{{"trading.max_orders", orders}};
        return bot->update(more, {.reason = "more"}).has_value();
    };
    fs::rename(file(), state() / "aside");
    fs::create_directory(file());
    EXPECT_FALSE(raise(8));
    EXPECT_FALSE(raise(9));
    EXPECT_NE(bot->health().history_error.find("2 changes were refused because of the disk, the last one: "),
              std::string::npos)
        << bot->health().history_error;

    fs::remove(file());
    fs::rename(state() / "aside", file());
    look(*bot);
    ASSERT_TRUE(bot->reload({}).has_value()) << "the files are what they were";
    look(*bot);
    EXPECT_FALSE(bot->health().history_ok);
    const auto row =
        with_state([](auto&, history::Processes& processes) { return processes.live().value().at(0); });
    EXPECT_FALSE(row.status.last_reload_ok) << "whoever looks from outside sees it, too";
    EXPECT_NE(row.status.last_error.find("2 changes were refused"), std::string::npos)
        << row.status.last_error;

    put_atomically("base.yaml", "trading: {max_orders: 0}\n");
    EXPECT_FALSE(bot->reload({}).has_value());
    const std::string both = with_state([](auto&, history::Processes& processes) {
                                 return processes.live().value().at(0);
                             }).status.last_error;
    EXPECT_LT(both.find("QC1203"), both.find("2 changes were refused")) << both;
    put_atomically("base.yaml", "trading: {max_orders: 5}\n");
    (void)bot->reload({});

    EXPECT_TRUE(raise(8));
    EXPECT_TRUE(bot->health().history_ok) << bot->health().history_error;
    EXPECT_TRUE(with_state([](auto&, history::Processes& processes) {
                    return processes.live().value().at(0);
                }).status.last_reload_ok);
}

}  // namespace
}  // namespace quantconf::live::test
