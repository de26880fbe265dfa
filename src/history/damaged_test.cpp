// state.db is damaged: every call answers with an Error or with what it still can read, and nothing crashes.

#include <random>

#include "history/whole.hpp"
#include "state/problem.hpp"
#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

class Damage : public TestHistory {
protected:
    void SetUp() override {
        TestHistory::SetUp();
        Opened bot = start();
        process_ = process_in(bot);
        for (int i = 1; i <= 40; ++i) {
            publish(bot, version_of(i), process_);
        }
    }

    /// Every call, on whatever is there. The category of each error, or "" where there was none.
    std::vector<std::string> call_everything() {
        std::vector<std::string> said;
        const auto note = [&](const auto& outcome) {
            said.emplace_back(outcome ? "" : outcome.error().cause.category().name());
        };
        Outcome<state::Database> database = state::Database::open(file());
        note(database);
        if (!database) {
            return said;
        }
        Opened bot{std::move(*database), *this};
        note(bot.history.head(Environment::Production));
        note(bot.history.list({}));
        for (VersionNumber number = 1; number <= 41; ++number) {
            note(bot.history.find(number));
        }
        note(bot.history.at(clock_.now()));
        note(bot.processes.live());
        note(bot.processes.add(this_process(), {}));
        note(bot.processes.update(process_, {}));
        note(bot.history.publish(version_of(99), process_));
        note(bot.history.prune({.versions = 5, .age = {}}));
        note(bot.processes.remove(process_));
        return said;
    }
    void expect_typed(const std::vector<std::string>& said) {
        for (const std::string& category : said) {
            EXPECT_TRUE(category.empty() || category == "state" || category == "history" ||
                        category == "audit")
                << category;
        }
    }

    ProcessId process_ = 0;
};

TEST_F(Damage, a_truncated_file_is_an_error_of_every_call_that_meets_it) {
    const std::string whole = text_of(file());
    int failures = 0;
    for (std::size_t size = 0; size < whole.size(); size += whole.size() / 40) {
        put(file(), whole.substr(0, size));
        const std::vector<std::string> said = call_everything();
        expect_typed(said);
        failures += std::ranges::all_of(said, [](const std::string& s) { return s.empty(); }) ? 0 : 1;
        std::filesystem::remove(file().string() + "-wal");
        std::filesystem::remove(file().string() + "-shm");
    }
    EXPECT_GE(failures, 40);
}

TEST_F(Damage, flipped_bits_are_errors_or_do_no_harm) {
    const std::string whole = text_of(file());
    constexpr unsigned kSeed = 20'260'301;
    std::mt19937 random{kSeed};
    int noticed = 0;
    constexpr int kRuns = 300;
    for (int run = 0; run < kRuns; ++run) {
        SCOPED_TRACE("seed " + std::to_string(kSeed) + ", run " + std::to_string(run));
        std::string bytes = whole;
        for (int flips = 0; flips < 1 + run % 16; ++flips) {
            bytes[random() % bytes.size()] ^= static_cast<char>(1U << (random() % 8));
        }
        put(file(), bytes);
        const std::vector<std::string> said = call_everything();
        expect_typed(said);
        noticed += std::ranges::all_of(said, [](const std::string& s) { return s.empty(); }) ? 0 : 1;
        std::filesystem::remove(file().string() + "-wal");
        std::filesystem::remove(file().string() + "-shm");
    }
    EXPECT_GT(noticed, kRuns / 3) << "of " << kRuns << "; the rest hit free space or texts for people";
}

TEST_F(Damage, a_flipped_bit_in_the_values_of_a_version_is_noticed) {
    std::string bytes = text_of(file());
    const std::size_t at = bytes.find(canonical(7));
    ASSERT_NE(at, std::string::npos);
    bytes[at + canonical(7).size() - 3] ^= 1;  // The digit.
    put(file(), bytes);
    Opened bot = start();
    const auto found = bot.history.find(7);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().cause, state::Problem::Damaged);
    EXPECT_TRUE(bot.history.find(8).value());
}

TEST_F(Damage, a_row_that_says_what_we_never_write_is_damage) {
    const auto list_after = [&](const std::string& sql) {
        std::filesystem::remove(file());
        std::filesystem::copy_file(folder_ / "good", file());
        Opened bot = start();
        edit(bot.database, sql);
        const auto listed = bot.history.list({});
        const auto lived = bot.processes.live();
        return std::pair{listed ? std::error_code{} : listed.error().cause,
                         lived ? std::error_code{} : lived.error().cause};
    };
    std::filesystem::copy_file(file(), folder_ / "good");
    for (const char* sql :
         {"UPDATE version SET environment = x'50'", "UPDATE version SET kind = x'50'",
          "UPDATE version SET hash = x'50'", "UPDATE version SET parent = number",
          "UPDATE version SET parent = -1", "UPDATE version SET changes = -1",
          "UPDATE version SET rolled_back_to = -1", "UPDATE version SET number = -number WHERE number = 1"}) {
        EXPECT_EQ(list_after(std::string{"PRAGMA foreign_keys=OFF;"} + sql).first, state::Problem::Damaged)
            << sql;
    }
    EXPECT_EQ(list_after("UPDATE process SET environment = x'50'").second, state::Problem::Damaged);
    EXPECT_EQ(list_after("DROP TABLE process_pending").second, state::Problem::Damaged);
    EXPECT_EQ(list_after("").first, std::error_code{});
}

TEST_F(Damage, whoever_asks_whether_it_is_whole_hears_of_every_row_and_table) {
    std::filesystem::copy_file(file(), folder_ / "good");
    const auto cause_after = [&](const std::string& sql) {
        std::filesystem::remove(file());
        std::filesystem::copy_file(folder_ / "good", file());
        Opened bot = start();
        edit(bot.database, "PRAGMA foreign_keys=OFF;" + sql);
        const Outcome<void> whole = check_whole(bot.database, clock_);
        return whole ? std::error_code{} : whole.error().cause;
    };
    EXPECT_EQ(cause_after(""), std::error_code{});
    for (const char* sql : {"UPDATE version SET parent = 99 WHERE number = 2",
                            "UPDATE version SET kind = x'50' WHERE number = 1",
                            "UPDATE version SET canonical = x'50' WHERE number = 3",
                            "UPDATE process SET environment = x'50'"}) {
        EXPECT_EQ(cause_after(sql), state::Problem::Damaged) << sql;
    }
    for (const char* table : {"audit", "audit_open", "version", "version_layer", "version_secret", "process",
                              "process_pending", "process_answer", "publication", "key_verdict", "key_use"}) {
        EXPECT_EQ(cause_after(std::string{"DROP TABLE "} + table), state::Problem::Damaged) << table;
    }
}

TEST_F(Damage, a_damaged_one_is_put_aside_and_a_new_history_begins) {
    put(file(), text_of(file()).substr(0, 5000));
    const Outcome<std::filesystem::path> aside = state::quarantine(file(), clock_);
    ASSERT_TRUE(aside);
    Opened bot = start();
    EXPECT_EQ(publish(bot, version_of(1), process_in(bot)).number, 1U);
    EXPECT_EQ(text_of(*aside).size(), 5000U);
}

}  // namespace
}  // namespace quantconf::history
