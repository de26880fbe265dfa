#include "sources/verdict_store.hpp"

#include <string>

#include "sources/key_testing.hpp"
#include "sources/settings.hpp"
#include "sources/verdict_table.hpp"
#include "state/problem.hpp"
#include "support/test_folder.hpp"

namespace quantconf::sources {
namespace {

namespace fs = std::filesystem;
using namespace test;
using quantbot::Provider;

constexpr auto kPrint = "0123456789abcdef";

class Verdicts : public state::TestFolder {
protected:
    [[nodiscard]] VerdictStore::Options options(Environment environment = Environment::Production) const {
        return {.database = file(), .environment = environment};
    }
    KeyRecord hear(VerdictStore& store, KeyStatus status, const std::string& print = kPrint,
                   Evidence evidence = Evidence::Check) {
        return store.record({.source = &polygon(),
                             .fingerprint = print,
                             .verdict = verdict(status, "because"),
                             .evidence = evidence});
    }
    [[nodiscard]] state::Database open() const {
        auto database = state::Database::open(file());
        EXPECT_TRUE(database) << to_text(database.error());
        return *std::move(database);
    }
    static void expect_fine(const VerdictStore& store) {
        EXPECT_FALSE(store.problem()) << to_text(*store.problem());
    }

    FakeTimeline timeline_;
};

/// Every member has a value of its own, so that none is forgotten.
KeyRecord full_record() {
    const Time day{std::chrono::sys_days{std::chrono::year{2026} / 2 / 1}};
    return {.source = Provider::GNews,
            .fingerprint = kPrint,
            .status = KeyStatus::Valid,
            .detail = "no_data",
            .reason = "fine",
            .since = day,
            .confirmed = Moment{day + 1s, 2s, "boot-1"},
            .was_valid = true,
            .doubts = 1,
            .doubted = Moment{day + 3s, 4s, "boot-2"},
            .last_status = KeyStatus::RateLimited,
            .last_detail = "own_count",
            .last_reason = "25 per day",
            .attempted = Moment{day + 5s, 6s, "boot-3"},
            .failures = 7,
            .wait = Duration{8s},
            .remaining = 0,
            .reset = day + 9s};
}

TEST_F(Verdicts, a_record_comes_back_as_it_was_written) {
    state::Database database = open();
    VerdictTable table{database};
    for (const KeyRecord& record :
         {full_record(), KeyRecord{.source = Provider::Reddit, .fingerprint = "f"}}) {
        ASSERT_TRUE(table.put(record));
        const auto found = table.find(record.source, record.fingerprint);
        ASSERT_TRUE(found && *found);
        EXPECT_EQ(**found, record);
    }
}

TEST_F(Verdicts, are_there_for_the_next_process) {
    {
        VerdictStore first{options(), timeline_};
        hear(first, KeyStatus::Valid);
        expect_fine(first);
    }
    VerdictStore second{options(), timeline_};
    EXPECT_EQ(second.find(Provider::Polygon, kPrint).status, KeyStatus::Valid);
    EXPECT_EQ(second.find(Provider::Polygon, "another").status, KeyStatus::Unknown);
    EXPECT_EQ(second.find(Provider::Finnhub, kPrint).status, KeyStatus::Unknown);
}

TEST_F(Verdicts, two_processes_confirm_each_others_doubts) {
    VerdictStore first{options(), timeline_};
    VerdictStore second{options(), timeline_};
    hear(first, KeyStatus::Valid);
    timeline_.advance(1h);
    EXPECT_EQ(hear(second, KeyStatus::Invalid).status, KeyStatus::Valid);
    timeline_.advance(30s);
    EXPECT_EQ(hear(first, KeyStatus::Invalid).status, KeyStatus::Invalid);
    EXPECT_EQ(second.find(Provider::Polygon, kPrint).status, KeyStatus::Invalid);
}

TEST_F(Verdicts, writers_in_several_processes_lose_nothing) {
    constexpr int kProcesses = 4;
    constexpr int kEach = 10;
    static_cast<void>(VerdictStore{options(), timeline_}.find(Provider::Polygon, kPrint));
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            VerdictStore store{options(), timeline_};
            bool is_fine = true;
            for (int j = 0; j < kEach; ++j) {
                hear(store, KeyStatus::Unreachable);
                is_fine = is_fine && !store.problem();
            }
            ::_exit(is_fine ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    VerdictStore store{options(), timeline_};
    EXPECT_EQ(store.find(Provider::Polygon, kPrint).failures, kProcesses * kEach);
}

TEST_F(Verdicts, several_are_one_transaction_and_keep_their_order) {
    VerdictStore store{options(), timeline_};
    const Source& finnhub = Catalogue::built_in().at(Provider::Finnhub);
    const std::vector<Heard> heard{
        {.source = &finnhub, .fingerprint = "f", .verdict = verdict(KeyStatus::Invalid)},
        {.source = &polygon(), .fingerprint = "p", .verdict = verdict(KeyStatus::Valid)}};
    const std::vector<KeyRecord> records = store.record(heard);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].status, KeyStatus::Invalid);
    EXPECT_EQ(records[1].source, Provider::Polygon);
    EXPECT_TRUE(store.record(std::span<const Heard>{}).empty());
}

TEST_F(Verdicts, an_environment_has_the_keys_that_it_used_last) {
    VerdictStore production{options(), timeline_};
    VerdictStore development{options(Environment::Development), timeline_};
    hear(production, KeyStatus::Invalid, "old");
    hear(production, KeyStatus::Valid, "new");
    hear(development, KeyStatus::Expired, "test");
    state::Database database = open();
    const auto used = [&](Environment environment) {
        const auto records = VerdictTable{database}.in_use(environment);
        EXPECT_TRUE(records);
        std::string all;
        for (const KeyRecord& record : *records) {
            all += record.fingerprint + " ";
        }
        return all;
    };
    EXPECT_EQ(used(Environment::Production), "new ");
    EXPECT_EQ(used(Environment::Development), "test ");
    EXPECT_EQ(used(Environment::Staging), "");
}

TEST_F(Verdicts, keys_of_90_days_ago_are_forgotten) {
    {
        VerdictStore store{options(), timeline_};
        hear(store, KeyStatus::Valid, "old");
    }
    timeline_.advance(kKeyMemory);
    {
        VerdictStore store{options(), timeline_};
        hear(store, KeyStatus::Valid, "middle");
    }
    state::Database database = open();
    EXPECT_TRUE(VerdictTable{database}.find(Provider::Polygon, "old")->has_value());
    timeline_.advance(1us);
    {
        VerdictStore store{options(), timeline_};
        hear(store, KeyStatus::Valid, "new");
    }
    EXPECT_FALSE(VerdictTable{database}.find(Provider::Polygon, "old")->has_value());
    EXPECT_TRUE(VerdictTable{database}.find(Provider::Polygon, "middle")->has_value());
}

TEST_F(Verdicts, traffic_that_says_nothing_new_is_not_written) {
    VerdictStore store{options(), timeline_};
    hear(store, KeyStatus::Valid);
    timeline_.advance(1min);
    const auto before = fs::last_write_time(file().string() + "-wal");
    const KeyRecord known = hear(store, KeyStatus::Valid, kPrint, Evidence::Traffic);
    EXPECT_EQ(known.confirmed->wall, timeline_.now - 1min);
    EXPECT_EQ(fs::last_write_time(file().string() + "-wal"), before);
}

TEST_F(Verdicts, a_damaged_database_is_reported_and_in_nobodys_way) {
    put(file(), std::string(4096, 'x'));
    VerdictStore store{options(), timeline_};
    EXPECT_EQ(hear(store, KeyStatus::Valid).status, KeyStatus::Valid);
    ASSERT_TRUE(store.problem());
    EXPECT_EQ(store.find(Provider::Polygon, kPrint).status, KeyStatus::Valid);
    EXPECT_EQ(text_of(file()), std::string(4096, 'x'));

    fs::remove(file());  // Mended: the next one is written down again, with what was learnt meanwhile.
    timeline_.advance(1min);
    hear(store, KeyStatus::Unreachable);
    expect_fine(store);
    EXPECT_EQ(VerdictStore(options(), timeline_).find(Provider::Polygon, kPrint).status, KeyStatus::Valid);
}

TEST_F(Verdicts, a_replaced_database_is_opened_again) {
    VerdictStore store{options(), timeline_};
    hear(store, KeyStatus::Valid);
    for (const std::string& name : names()) {
        fs::remove(folder_ / name);
    }
    timeline_.advance(1min);
    hear(store, KeyStatus::Unreachable);
    expect_fine(store);
    EXPECT_EQ(VerdictStore(options(), timeline_).find(Provider::Polygon, kPrint).status, KeyStatus::Valid);
}

TEST_F(Verdicts, none_is_made_where_that_is_not_wanted) {
    VerdictStore store{{.database = file(), .may_create = false}, timeline_};
    hear(store, KeyStatus::Valid);
    ASSERT_TRUE(store.problem());
    EXPECT_EQ(store.problem()->cause, state::Problem::Missing);
    EXPECT_TRUE(names().empty());
}

TEST_F(Verdicts, without_a_file_they_live_in_memory) {
    VerdictStore store{{}, timeline_};
    hear(store, KeyStatus::Valid);
    expect_fine(store);
    EXPECT_EQ(store.find(Provider::Polygon, kPrint).status, KeyStatus::Valid);
}

TEST_F(Verdicts, what_cannot_be_written_can_still_be_read) {
    constexpr uid_t kNobody = 65534;
    {
        VerdictStore store{options(), timeline_};
        hear(store, KeyStatus::Invalid);
    }
    if (::geteuid() == 0) {
        for (const std::string& name : names()) {
            ASSERT_EQ(::chown((folder_ / name).c_str(), kNobody, kNobody), 0);
        }
        ASSERT_EQ(::chown(folder_.c_str(), kNobody, kNobody), 0);
    }
    ASSERT_EQ(::chmod(file().c_str(), 0400), 0);
    ASSERT_EQ(::chmod(folder_.c_str(), 0500), 0);
    const int code = state::exit_code_as_ordinary_user([&] {
        VerdictStore store{options(), timeline_};
        if (store.find(Provider::Polygon, kPrint).status != KeyStatus::Invalid) {
            return 1;
        }
        timeline_.advance(1s);
        const bool is_valid = hear(store, KeyStatus::Valid).status == KeyStatus::Valid;
        if (!is_valid || !store.problem() || store.problem()->cause != state::Problem::ReadOnly) {
            return 2;
        }
        // What was learnt meanwhile is newer than what the disk says.
        return store.find(Provider::Polygon, kPrint).status == KeyStatus::Valid ? 0 : 3;
    });
    EXPECT_EQ(code, 0);
    ::chmod(folder_.c_str(), 0700);
}

TEST_F(Verdicts, a_wall_that_was_wrong_before_the_last_boot_does_not_win) {
    timeline_.now += 24h * 2000;
    {
        VerdictStore store{options(), timeline_};
        hear(store, KeyStatus::Invalid);
    }
    timeline_.reboot("boot-b", timeline_.now - 24h * 2000);
    VerdictStore store{options(), timeline_};
    hear(store, KeyStatus::Valid);
    EXPECT_EQ(store.find(Provider::Polygon, kPrint).status, KeyStatus::Valid);
}

TEST_F(Verdicts, rows_of_somebody_else_count_as_none) {
    VerdictStore store{options(), timeline_};
    hear(store, KeyStatus::Valid);
    state::Database database = open();
    ASSERT_TRUE(database.run("UPDATE key_verdict SET status = x'777261'"));
    EXPECT_FALSE(VerdictTable{database}.find(Provider::Polygon, kPrint)->has_value());
    EXPECT_TRUE(VerdictTable{database}.in_use(Environment::Production)->empty());
    ASSERT_TRUE(database.run("UPDATE key_verdict SET status = CAST('rate_limited' AS BLOB)"));
    EXPECT_FALSE(VerdictTable{database}.find(Provider::Polygon, kPrint)->has_value());
    ASSERT_TRUE(
        database.run("UPDATE key_verdict SET status = CAST('valid' AS BLOB), failures = -5, "
                     "reason = CAST('a' || char(27) || '[2J' AS BLOB)"));
    const auto found = VerdictTable{database}.find(Provider::Polygon, kPrint);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->failures, 0);
    EXPECT_FALSE((*found)->reason.contains('\x1b'));
}

}  // namespace
}  // namespace quantconf::sources
