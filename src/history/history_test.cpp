#include "history/history.hpp"

#include <algorithm>

#include "history/limits.hpp"
#include "history/problem.hpp"
#include "state/problem.hpp"
#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

using namespace std::chrono_literals;

class Versions : public TestHistory {};

TEST_F(Versions, a_version_comes_back_with_everything_that_was_recorded) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    clock_.advance(5us);
    const VersionInfo info = publish(bot, version_of(1), process);

    const Outcome<std::optional<VersionRecord>> record = bot.history.find(info.number);

    ASSERT_TRUE(record && *record);
    const VersionRecord& found = **record;
    EXPECT_EQ(found.info.number, 1U);
    EXPECT_EQ(found.info.hash, version_of(1).hash);
    EXPECT_EQ(found.info.environment, Environment::Production);
    EXPECT_EQ(found.info.at, clock_.now());
    EXPECT_EQ(found.info.author, "alice (1000)");
    EXPECT_EQ(found.info.reason, "value 1");
    EXPECT_EQ(found.info.kind, Kind::Reload);
    EXPECT_EQ(found.info.parent, 0U);
    EXPECT_EQ(found.info.changes, 1U);
    EXPECT_EQ(found.canonical, canonical(1));
    EXPECT_EQ(found.layers, version_of(1).layers);
    EXPECT_EQ(found.secrets, version_of(1).secrets);
    EXPECT_FALSE(bot.history.find(2).value());
}

TEST_F(Versions, each_environment_has_its_own_head_and_all_share_the_numbers) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    publish(bot, version_of(2, Environment::Staging), process);
    const VersionInfo third = publish(bot, version_of(3), process);

    EXPECT_EQ(third.parent, 1U);
    EXPECT_EQ(bot.history.head(Environment::Production).value()->number, 3U);
    EXPECT_EQ(bot.history.head(Environment::Staging).value()->number, 2U);
    EXPECT_FALSE(bot.history.head(Environment::Testing).value());
    EXPECT_EQ(numbers(bot), (std::vector<VersionNumber>{3, 2, 1}));
    EXPECT_EQ(numbers(bot, {.limit = 2}), (std::vector<VersionNumber>{3, 2}));
    EXPECT_EQ(numbers(bot, {.environment = Environment::Production}), (std::vector<VersionNumber>{3, 1}));
    EXPECT_EQ(numbers(bot, {.environment = Environment::Production, .limit = 1}),
              std::vector<VersionNumber>{3});
}

TEST_F(Versions, a_change_of_files_is_a_version_of_its_own_also_where_a_late_reader_has_recorded_its_values) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    publish(bot, version_of(2), process);
    publish(bot, version_of(1), 0);  // Somebody had read this before, and recorded it only now.
    NewVersion back = version_of(1);
    back.kind = Kind::Rollback;
    back.changes_files = true;
    back.replaces = version_of(2).hash;
    const VersionInfo by_a_tool = publish(bot, back, 0);
    EXPECT_EQ(by_a_tool.number, 4U);
    EXPECT_EQ(by_a_tool.kind, Kind::Rollback);
    EXPECT_EQ(publish(bot, back, process).number, 5U);
    back.changes_files = false;
    EXPECT_EQ(publish(bot, back, 0).number, 5U) << "nothing was changed";
}

TEST_F(Versions, a_change_of_files_is_one_against_what_they_said_and_not_against_what_others_show) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), 0);
    publish(bot, version_of(2), process);  // With a variable of its own, say.
    NewVersion change = version_of(3);
    change.changes_files = true;
    change.replaces = version_of(1).hash;
    EXPECT_EQ(publish(bot, change, 0).parent, 1U);
    change = version_of(4);
    change.changes_files = true;
    change.replaces = version_of(9).hash;
    EXPECT_EQ(publish(bot, change, 0).parent, 3U) << "nobody knows those values";
}

TEST_F(Versions, several_versions_are_recorded_together_or_not_at_all) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    NewVersion before = version_of(1);
    before.if_unknown = true;
    const std::vector<NewVersion> earlier{before, version_of(2)};
    EXPECT_EQ(bot.history.publish(earlier, version_of(3), process)->number, 3U);
    EXPECT_EQ(bot.history.publish(earlier, version_of(4), process)->number, 5U) << "the first is known";
    const ProcessId nobody = process + 1;
    EXPECT_FALSE(bot.history.publish(std::vector{version_of(6)}, version_of(7), nobody).has_value());
    EXPECT_EQ(count(bot, "version"), 5);
}

TEST_F(Versions, who_shows_a_version_knows_the_secrets_that_who_recorded_it_had_not_looked_up) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    NewVersion by_a_tool = version_of(1);
    by_a_tool.secrets = {{"other_key", 0}, {"polygon_key", 0}};
    publish(bot, by_a_tool, 0);
    publish(bot, version_of(1), process);
    const std::vector<std::pair<std::string, std::uint32_t>> known{{"other_key", 0}, {"polygon_key", 3}};
    EXPECT_EQ(bot.history.find(1).value()->secrets, known);
    NewVersion later = version_of(1);
    later.secrets = {{"polygon_key", 4}};
    publish(bot, later, process_in(bot));
    EXPECT_EQ(bot.history.find(1).value()->secrets, known) << "what was seen first stays";
}

TEST_F(Versions, two_processes_that_load_the_same_files_share_a_number) {
    Opened first = start();
    Opened second = start();
    const ProcessId a = process_in(first);
    const ProcessId b = process_in(second);
    EXPECT_EQ(publish(first, version_of(1), a).number, 1U);
    EXPECT_EQ(publish(second, version_of(1), b).number, 1U);
    EXPECT_EQ(count(first, "version"), 1);
    EXPECT_EQ(count(first, "publication"), 2);
    EXPECT_EQ(audit::read(first.database, {})->size(), 1U) << "one version, one record";
}

TEST_F(Versions, the_same_values_of_another_environment_are_another_version) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    EXPECT_EQ(publish(bot, version_of(1), process).number, 1U);
    EXPECT_EQ(publish(bot, version_of(1, Environment::Staging), process).number, 2U);
}

// 64: a reload storm.
TEST_F(Versions, t64_a_storm_of_reloads_without_a_change_adds_nothing) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    for (int i = 0; i < 100; ++i) {
        clock_.advance(1s);
        EXPECT_EQ(publish(bot, version_of(1), process).number, 1U);
    }
    EXPECT_EQ(count(bot, "version"), 1);
    EXPECT_EQ(count(bot, "publication"), 1);
    EXPECT_EQ(audit::read(bot.database, {})->size(), 1U);
}

TEST_F(Versions, t64_a_reload_of_what_is_shown_adds_nothing_though_another_process_moved_the_head) {
    Opened bot = start();
    const ProcessId a = process_in(bot);
    const ProcessId b = process_in(bot);
    publish(bot, version_of(1), a);
    publish(bot, version_of(2), b);
    EXPECT_EQ(publish(bot, version_of(1), a).number, 1U);
    EXPECT_EQ(count(bot, "version"), 2);

    NewVersion on_purpose = version_of(1);
    on_purpose.kind = Kind::Update;
    EXPECT_EQ(publish(bot, on_purpose, a).number, 3U) << "an update is an act and gets its record";
}

TEST_F(Versions, going_back_to_earlier_values_is_a_new_version) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    publish(bot, version_of(2), process);
    NewVersion back = version_of(1);
    back.kind = Kind::Rollback;
    back.rolled_back_to = 1;
    const VersionInfo info = publish(bot, back, process);
    EXPECT_EQ(info.number, 3U);
    EXPECT_EQ(info.parent, 2U);
    EXPECT_EQ(bot.history.find(3).value()->info.rolled_back_to, 1U);
    EXPECT_EQ(bot.history.find(3).value()->info.kind, Kind::Rollback);
}

TEST_F(Versions, changes_are_counted_anew_where_the_process_showed_something_else_than_the_parent) {
    Opened bot = start();
    const ProcessId a = process_in(bot);
    const ProcessId b = process_in(bot);
    NewVersion wide = version_of(1);
    wide.canonical = R"({"a":1,"b":[1,2],"c":{"d":"x,}","e":{}}})";
    wide.hash = crypto::sha256_hex(wide.canonical);
    wide.changes = 77;
    EXPECT_EQ(publish(bot, wide, a).changes, 4U) << "against nothing: every leaf";

    NewVersion other = wide;
    other.canonical = R"({"a":1,"b":[1,3],"c":{"d":"x,}"},"f":{"secret":"SECURE:k"}})";
    other.hash = crypto::sha256_hex(other.canonical);
    EXPECT_EQ(publish(bot, other, a).changes, 77U) << "the process showed the parent and knows";

    EXPECT_EQ(publish(bot, wide, b).changes, 3U) << "b changed, c.e is new, f is gone";
}

TEST_F(Versions, the_audit_log_has_each_version_with_its_hash_in_the_same_transaction) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    NewVersion update = version_of(2);
    update.kind = Kind::Update;
    publish(bot, update, process);
    NewVersion back = version_of(1);
    back.kind = Kind::Rollback;
    publish(bot, back, process);

    const auto records = audit::read(bot.database, {});
    ASSERT_EQ(records->size(), 3U);
    EXPECT_EQ(records->at(0).record->action, "config.publish");
    EXPECT_EQ(records->at(0).record->target, "environment:production");
    EXPECT_EQ(records->at(0).record->from, "");
    EXPECT_EQ(records->at(1).record->action, "config.update");
    EXPECT_EQ(records->at(1).record->from, "1");
    EXPECT_EQ(records->at(1).record->to, "2");
    EXPECT_EQ(records->at(1).record->detail, "count=1 sha256=" + version_of(2).hash);
    EXPECT_EQ(records->at(2).record->action, "config.rollback");
    EXPECT_TRUE(verdicts(bot.database).is_good());
}

TEST_F(Versions, what_the_audit_log_refuses_is_not_in_the_history) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    edit(bot.database, "UPDATE audit SET mac = zeroblob(32)");
    EXPECT_FALSE(bot.history.publish(version_of(2), process));
    EXPECT_EQ(numbers(bot), std::vector<VersionNumber>{1});
    EXPECT_EQ(count(bot, "publication"), 1);
}

TEST_F(Versions, a_tool_records_a_version_without_showing_it) {
    Opened tool = start();
    EXPECT_EQ(publish(tool, version_of(1), 0).number, 1U);
    EXPECT_EQ(publish(tool, version_of(1), 0).number, 1U);
    EXPECT_EQ(count(tool, "publication"), 0);
    const ProcessId process = process_in(tool);
    EXPECT_EQ(publish(tool, version_of(1), process).number, 1U);
    EXPECT_EQ(count(tool, "publication"), 1);
}

TEST_F(Versions, a_process_that_was_removed_publishes_nothing) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    ASSERT_TRUE(bot.processes.remove(process));
    for (const ProcessId id : {process, process + 1, ProcessId{-1}}) {
        const Outcome<VersionInfo> refused = bot.history.publish(version_of(1), id);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().cause, Problem::NoSuchProcess);
    }
    EXPECT_EQ(count(bot, "version"), 0);
}

TEST_F(Versions, numbers_are_never_used_again_after_the_newest_were_lost) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(1), process);
    publish(bot, version_of(2), process);
    edit(bot.database, "DELETE FROM version");
    EXPECT_EQ(publish(bot, version_of(3), process).number, 3U);
}

TEST_F(Versions, texts_are_cut_at_their_limit_and_shown_safely) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    NewVersion version = version_of(1);
    version.reason = std::string(limits::kReasonBytes, 'r');
    version.author = std::string(limits::kAuthorBytes, 'a');
    publish(bot, version, process);
    EXPECT_EQ(bot.history.find(1).value()->info.reason, version.reason);
    EXPECT_EQ(bot.history.find(1).value()->info.author, version.author);

    version = version_of(2);
    version.reason = std::string(limits::kReasonBytes - 1, 'r') + "\xc3\xa4";
    version.author = "eve\n\x1b[2J\xe2\x80\xae\xff" + std::string(limits::kAuthorBytes, 'a');
    version.layers = {{.layer = "base", .name = std::string(limits::kPathBytes + 1, 'n'), .sha256 = ""}};
    publish(bot, version, process);
    const VersionRecord kept = *bot.history.find(2).value();
    EXPECT_EQ(kept.info.reason, std::string(limits::kReasonBytes - 3, 'r') + "...");
    EXPECT_TRUE(kept.info.author.starts_with(R"(eve\n\x1b[2J\u202e\xffaaa)")) << kept.info.author;
    EXPECT_EQ(kept.info.author.size(), limits::kAuthorBytes);
    EXPECT_EQ(kept.layers[0].name.size(), limits::kPathBytes);
}

TEST_F(Versions, what_a_version_is_made_of_has_limits) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    const auto sized = [](std::size_t size) {
        NewVersion version = version_of(1);
        version.canonical = R"({"a":")" + std::string(size - 8, 'x') + R"("})";
        version.hash = crypto::sha256_hex(version.canonical);
        return version;
    };
    const auto cause_of = [&](const NewVersion& version) {
        const Outcome<VersionInfo> done = bot.history.publish(version, process);
        return done ? std::error_code{} : done.error().cause;
    };
    EXPECT_EQ(cause_of(sized(limits::kCanonicalBytes)), std::error_code{});
    EXPECT_EQ(cause_of(sized(limits::kCanonicalBytes + 1)), Problem::TooLarge);

    NewVersion many = version_of(2);
    many.layers.resize(limits::kLayerRecords, many.layers[1]);
    many.secrets.resize(limits::kSecrets, many.secrets[0]);
    EXPECT_EQ(cause_of(many), std::error_code{});
    many = version_of(3);
    many.layers.resize(limits::kLayerRecords + 1);
    EXPECT_EQ(cause_of(many), Problem::TooLarge);
    many = version_of(3);
    many.secrets.resize(limits::kSecrets + 1);
    EXPECT_EQ(cause_of(many), Problem::TooLarge);
    EXPECT_EQ(numbers(bot), (std::vector<VersionNumber>{2, 1}));
}

TEST_F(Versions, values_that_do_not_hash_to_their_hash_are_damage) {
    Opened bot = start();
    publish(bot, version_of(1), process_in(bot));
    edit(bot.database, "UPDATE version SET canonical = CAST('{\"trading\":{}}' AS BLOB)");
    const auto found = bot.history.find(1);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().cause, state::Problem::Damaged);
}

TEST_F(Versions, t85_a_full_database_refuses_and_keeps_what_it_had) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    publish(bot, version_of(0), process);
    ASSERT_TRUE(bot.database.run("PRAGMA max_page_count=1"));
    std::error_code cause;
    int published = 1;
    for (int i = 1; i < 1000 && !cause; ++i) {
        const Outcome<VersionInfo> done = bot.history.publish(version_of(i), process);
        cause = done ? std::error_code{} : done.error().cause;
        published += done ? 1 : 0;
    }
    EXPECT_EQ(cause, state::Problem::Full);
    EXPECT_EQ(count(bot, "version"), published);
    EXPECT_EQ(count(bot, "publication"), published);
    ASSERT_TRUE(bot.database.run("PRAGMA max_page_count=1000000"));
    EXPECT_EQ(publish(bot, version_of(-1), process).number, static_cast<VersionNumber>(published) + 1);
}

TEST_F(Versions, whoever_may_only_read_reads) {
    {
        Opened bot = start();
        publish(bot, version_of(1), process_in(bot));
    }
    Outcome<state::Database> database = state::Database::open(file(), {.access = state::Access::Read});
    ASSERT_TRUE(database) << to_text(database.error());
    Opened reader{std::move(*database), *this};
    EXPECT_EQ(numbers(reader), std::vector<VersionNumber>{1});
    EXPECT_TRUE(reader.history.find(1).value());
    EXPECT_EQ(at(reader, clock_.now()), std::vector<VersionNumber>{1});
    EXPECT_EQ(reader.processes.live()->size(), 1U);
    const Outcome<VersionInfo> refused = reader.history.publish(version_of(2), 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, state::Problem::ReadOnly);
}

TEST_F(Versions, a_state_db_of_the_time_before_the_history_is_brought_up_to_date_and_keeps_its_records) {
    {
        Outcome<state::Database> old =
            state::Database::open(file(), {.migrations = state::migrations().first(1)});
        ASSERT_TRUE(old) << to_text(old.error());
        ASSERT_TRUE(log(*old).record(set("polygon_key")));
    }
    Opened bot = start();
    EXPECT_EQ(publish(bot, version_of(1), process_in(bot)).number, 1U);
    EXPECT_EQ(audit::read(bot.database, {})->size(), 2U);
    EXPECT_TRUE(verdicts(bot.database).is_good());
}

TEST(Kinds, their_texts_are_stored_and_read_back) {
    for (const auto& [kind, text] : {std::pair{Kind::Load, "load"},
                                     {Kind::Reload, "reload"},
                                     {Kind::Update, "update"},
                                     {Kind::Rollback, "rollback"}}) {
        EXPECT_EQ(to_text(kind), text);
        EXPECT_EQ(parse_kind(text), kind);
    }
    EXPECT_FALSE(parse_kind("Load"));
    EXPECT_FALSE(parse_kind(""));
}

}  // namespace
}  // namespace quantconf::history
