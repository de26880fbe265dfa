#include "audit/log.hpp"

#include <algorithm>

#include <sys/mount.h>

#include "audit/problem.hpp"
#include "base/limits.hpp"
#include "state/problem.hpp"
#include "support/test_log.hpp"

namespace quantconf::audit {
namespace {

using namespace std::chrono_literals;

class AuditLog : public TestLog {};

TEST_F(AuditLog, records_who_did_what_and_when) {
    state::Database database = open();
    Log log = this->log(database);
    clock_.set(Time{90s});
    ASSERT_EQ(log.record(set("polygon_key", 3), Result::Refused).value_or(0), 1U);

    const auto records = read(database, {});

    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 1U);
    const Record& record = records->front().record.value();
    EXPECT_EQ(record.at, Time{90s});
    EXPECT_EQ(record.actor, actor_);
    EXPECT_EQ(record.action, "secret.set");
    EXPECT_EQ(record.target, "secret:polygon_key");
    EXPECT_EQ(record.from, "3");
    EXPECT_EQ(record.to, "4");
    EXPECT_EQ(record.result, Result::Refused);
    EXPECT_TRUE(record.is_keyed);
}

TEST_F(AuditLog, this_process_is_described_by_the_kernel) {
    const Actor actor = this_process();
    EXPECT_EQ(actor.uid, ::geteuid());
    EXPECT_EQ(actor.pid, static_cast<std::uint32_t>(::getpid()));
    EXPECT_TRUE(actor.program.ends_with("audit_test"));
    EXPECT_FALSE(actor.host.empty());
}

TEST_F(AuditLog, an_intent_is_unfinished_until_its_result_is_recorded) {
    state::Database database = open();
    Log log = this->log(database);
    const Outcome<Seq> intent = log.intend(set("key"));
    ASSERT_TRUE(intent);
    EXPECT_EQ(log.unfinished().value_or(std::vector<Seq>{}), std::vector<Seq>{*intent});
    EXPECT_EQ(read(database, {})->front().record->result, Result::Unfinished);
    EXPECT_EQ(verdicts(database).unfinished, std::vector<Seq>{*intent});

    ASSERT_TRUE(log.finish(*intent, Result::Done, Detail{}.count(1)));

    EXPECT_TRUE(log.unfinished()->empty());
    EXPECT_TRUE(verdicts(database).unfinished.empty());
    const auto records = read(database, {});
    ASSERT_EQ(records->size(), 1U) << "the result is shown with its intent";
    EXPECT_EQ(records->front().record->result, Result::Done);
    EXPECT_EQ(records->front().record->detail, "count=1");
}

TEST_F(AuditLog, only_an_unfinished_intent_can_be_finished_and_only_once) {
    state::Database database = open();
    Log log = this->log(database);
    const Seq single = log.record(set("key")).value_or(0);
    const Seq intent = log.intend(set("key")).value_or(0);
    ASSERT_TRUE(log.finish(intent, Result::Failed));
    for (const Seq seq : {single, intent, Seq{99}, Seq{0}}) {
        const Outcome<void> done = log.finish(seq, Result::Done);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().cause, Problem::NotUnfinished);
    }
    EXPECT_EQ(log.head()->seq, 3U);
}

TEST_F(AuditLog, what_a_crash_left_unfinished_is_reconciled_both_ways) {
    state::Database database = open();
    Log log = this->log(database);
    const Seq first = log.intend(set("a")).value_or(0);
    const Seq second = log.intend(set("b")).value_or(0);
    ASSERT_TRUE(log.reconcile(first, true));
    ASSERT_TRUE(log.reconcile(second, false));
    const auto records = read(database, {});
    EXPECT_EQ(records->at(0).record->result, Result::RecoveredDone);
    EXPECT_EQ(records->at(1).record->result, Result::RecoveredUndone);
    EXPECT_TRUE(log.unfinished()->empty());
}

// The table audit_open is an index that whoever can write the file can edit. The chain is the truth.
TEST_F(AuditLog, entries_of_the_index_that_are_no_unfinished_intents_are_dropped_and_get_no_result) {
    state::Database database = open();
    Log log = this->log(database);
    const Seq single = log.record(set("a")).value_or(0);
    const Seq finished = log.intend(set("b")).value_or(0);
    ASSERT_TRUE(log.finish(finished, Result::Done));
    const Seq unfinished = log.intend(set("c")).value_or(0);
    edit(database,
         "INSERT INTO audit_open "
         "VALUES(1),(2),(3),(99),(0),(-7),(9223372036854775807),(-9223372036854775808)");

    EXPECT_EQ(log.unfinished().value_or(std::vector<Seq>{}), std::vector<Seq>{unfinished});
    EXPECT_EQ(log.unfinished(1000).value_or(std::vector<Seq>{}), std::vector<Seq>{unfinished});
    for (const Seq wrong : {single, finished, Seq{3}, Seq{99}, Seq{0}, ~Seq{0}}) {
        EXPECT_EQ(log.reconcile(wrong, true).error().cause, Problem::NotUnfinished) << wrong;
    }
    ASSERT_TRUE(log.tidy_index());

    Outcome<state::Statement> entries = database.prepare("SELECT seq FROM audit_open");
    ASSERT_TRUE(entries->step().value_or(false));
    EXPECT_EQ(entries->number(0), static_cast<std::int64_t>(unfinished));
    EXPECT_FALSE(entries->step().value_or(true));
    EXPECT_EQ(log.head()->seq, unfinished) << "nothing was recorded";
    EXPECT_TRUE(verdicts(database).is_good());
}

TEST_F(AuditLog, an_unfinished_intent_that_the_index_has_lost_is_found_in_the_chain) {
    state::Database database = open();
    Log log = this->log(database);
    const Seq intent = log.intend(set("a")).value_or(0);
    edit(database, "DELETE FROM audit_open");
    EXPECT_EQ(log.unfinished(intent).value_or(std::vector<Seq>{}), std::vector<Seq>{intent});

    ASSERT_TRUE(log.reconcile(intent, true));

    EXPECT_TRUE(log.unfinished()->empty());
    EXPECT_EQ(read(database, {})->front().record->result, Result::RecoveredDone);
    EXPECT_EQ(log.reconcile(intent, false).error().cause, Problem::NotUnfinished);
}

TEST_F(AuditLog, an_entry_that_waits_for_a_number_to_come_does_not_stop_its_intent) {
    state::Database database = open();
    Log log = this->log(database);
    edit(database, "INSERT INTO audit_open VALUES(1)");
    const Outcome<Seq> intent = log.intend(set("a"));
    ASSERT_TRUE(intent) << to_text(intent.error());
    ASSERT_TRUE(log.finish(*intent, Result::Done));
    EXPECT_FALSE(log.has_index_entries().value_or(true));
}

TEST_F(AuditLog, a_record_of_a_transaction_that_is_undone_never_was) {
    state::Database database = open();
    Log log = this->log(database);
    {
        Outcome<state::Transaction> transaction = database.begin();
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(log.record(*transaction, set("key")));
    }
    EXPECT_EQ(log.head()->seq, 0U);
    Outcome<state::Transaction> transaction = database.begin();
    ASSERT_TRUE(log.record(*transaction, set("key")));
    ASSERT_TRUE(transaction->commit());
    EXPECT_EQ(log.head()->seq, 1U);
}

TEST_F(AuditLog, records_without_key_are_marked_and_sealed_by_the_next_writer_who_has_it) {
    state::Database database = open();
    Log keyed = log(database);
    Log keyless = log_without_key(database);
    ASSERT_TRUE(keyed.record(set("a")));
    ASSERT_TRUE(keyless.record(set("b")));
    ASSERT_TRUE(keyless.record(set("c")));
    EXPECT_EQ(verdicts(database).unsealed, 2U);

    ASSERT_EQ(keyed.record(set("d")).value_or(0), 5U);

    const Verdicts after = verdicts(database);
    EXPECT_TRUE(after.is_good());
    EXPECT_EQ(after.unsealed, 0U);
    EXPECT_EQ(after.sealed, 2U);
    const auto seal = read(database, {.action = "audit.seal"});
    ASSERT_EQ(seal->size(), 1U);
    EXPECT_EQ(seal->front().record->phase, Phase::Seal);
    EXPECT_EQ(seal->front().record->from, "2");
    EXPECT_EQ(seal->front().record->to, "3");
    EXPECT_FALSE(read(database, {})->at(1).record->is_keyed);
}

TEST_F(AuditLog, sealed_records_can_no_longer_be_changed) {
    state::Database database = open();
    Log keyless = log_without_key(database);
    ASSERT_TRUE(keyless.record(set("a")));
    ASSERT_TRUE(log(database).record(set("b")));
    Record forged = *read(database, {})->front().record;
    forged.target = "secret:other";
    const std::string bytes = encode(forged);
    const crypto::Mac mac = crypto::hmac_sha256("quantconf audit record without key",
                                                {std::string_view{crypto::Mac{}.data(), 32}, bytes});
    Outcome<state::Statement> update = database.prepare("UPDATE audit SET record = ?, mac = ? WHERE seq = 1");
    ASSERT_TRUE(update->bind_blob(1, bytes).bind_blob(2, crypto::view_of(mac)).run());
    EXPECT_EQ(verdicts(database).first_bad, 2U) << "1 is well linked, and not what was sealed";
}

TEST_F(AuditLog, nothing_is_recorded_behind_a_changed_record) {
    state::Database database = open();
    Log log = this->log(database);
    const Seq intent = log.intend(set("key")).value_or(0);
    edit(database, "UPDATE audit SET mac = zeroblob(32) WHERE seq = 1");
    for (const std::error_code& cause :
         {log.record(set("key")).error().cause, log.intend(set("key")).error().cause,
          log.finish(intent, Result::Done).error().cause, log.head().error().cause}) {
        EXPECT_EQ(cause, Problem::ChainBroken);
    }
    EXPECT_FALSE(log_without_key(database).record(set("key")).has_value() &&
                 verdicts(database).integrity == Integrity::Holds);
    EXPECT_EQ(log.unfinished()->size(), 1U) << "the refused result was undone as a whole";
}

TEST_F(AuditLog, a_writer_with_another_key_is_refused) {
    state::Database database = open();
    fill(*std::make_unique<Log>(log(database)), 1);
    EXPECT_EQ(log(database, "another key").record(set("key")).error().cause, Problem::ChainBroken);
}

// 85: audit disk full: mutations and reveals fail closed, and go on once there is space.
TEST_F(AuditLog, t85_a_full_disk_refuses_intents_and_reveals_and_recovers_by_itself) {
    if (::geteuid() != 0 || ::mount("none", folder_.c_str(), "tmpfs", 0, "size=256k,mode=0700") != 0) {
        GTEST_LOG_(INFO) << "no rights to mount a tmpfs: only the simulated full disk is tested";
        return;
    }
    {
        state::Database database = open();
        Log log = this->log(database);
        const Anchor before = fill(log, 3);
        put(folder_ / "ballast", std::string(std::size_t{1024} * 1024, 'x'));
        std::error_code cause;
        int recorded = 3;
        while (!cause && recorded < 1000) {  // Until the last free page of the log is used up.
            const Outcome<Seq> done = log.intend(set("key"));
            recorded += done ? 1 : 0;
            cause = done ? std::error_code{} : done.error().cause;
        }
        EXPECT_EQ(cause, state::Problem::Full);
        EXPECT_EQ(log.record({.action = Action::SecretReveal}).error().cause, state::Problem::Full);
        EXPECT_EQ(verdicts(database, before).records, static_cast<std::uint64_t>(recorded));

        std::filesystem::remove(folder_ / "ballast");
        EXPECT_TRUE(log.record(set("key")));
        EXPECT_TRUE(verdicts(database, before).is_good());
    }
    EXPECT_EQ(::umount(folder_.c_str()), 0);
}

TEST_F(AuditLog, t85_a_full_database_refuses_and_keeps_the_chain) {
    state::Database database = open();
    Log log = this->log(database);
    fill(log, 1);
    ASSERT_TRUE(database.run("PRAGMA max_page_count=1"));
    std::error_code cause;
    for (int i = 0; i < 1000 && !cause; ++i) {
        const Outcome<Seq> done = log.record(set("key"));
        cause = done ? std::error_code{} : done.error().cause;
    }
    EXPECT_EQ(cause, state::Problem::Full);
    EXPECT_TRUE(verdicts(database).is_good());
    ASSERT_TRUE(database.run("PRAGMA max_page_count=1000000"));
    EXPECT_TRUE(log.record(set("key")));
}

// 86: log injection (newline, ANSI, 1 MB actor name): canonical escaping and caps.
TEST_F(AuditLog, t86_hostile_names_of_actors_are_capped_and_shown_escaped_on_one_line) {
    actor_.user = "eve\n{\"seq\":1}\x1b[2J\xe2\x80\xae";
    actor_.host.assign(std::size_t{1024} * 1024, '\xff');
    actor_.program = "a" + std::string(511, '\xc3') + "\xa9";
    state::Database database = open();
    ASSERT_TRUE(log(database).record(set("key")));

    const StoredRecord stored = read(database, {})->front();

    EXPECT_EQ(stored.record->actor.host.size(), limits::kAuditFieldBytes);
    EXPECT_TRUE(stored.record->actor.host.ends_with("..."));
    EXPECT_LE(stored.record->actor.program.size(), limits::kAuditFieldBytes);
    const std::string line = to_json_line(stored);
    EXPECT_TRUE(line.contains(R"("user":"eve\\n{\"seq\":1}\\x1b[2J\\u202e")")) << line;
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    EXPECT_TRUE(verdicts(database).is_good());
}

TEST_F(AuditLog, t86_a_name_of_the_longest_length_is_kept_whole) {
    actor_.user.assign(limits::kAuditFieldBytes, 'x');
    state::Database database = open();
    ASSERT_TRUE(log(database).record(set("key")));
    EXPECT_EQ(read(database, {})->front().record->actor.user, actor_.user);
}

TEST_F(AuditLog, reading_filters_by_time_action_target_and_number) {
    state::Database database = open();
    Log log = this->log(database);
    for (int i = 0; i < 6; ++i) {
        clock_.set(Time{std::chrono::seconds{i}});
        Entry entry = set(i % 2 == 0 ? "even" : "odd");
        entry.action = i < 3 ? Action::SecretSet : Action::StoreRekey;
        ASSERT_TRUE(log.record(entry));
    }
    const auto seqs = [&](const Filter& filter) {
        std::vector<Seq> result;
        for (const StoredRecord& stored : read(database, filter).value_or(std::vector<StoredRecord>{})) {
            result.push_back(stored.seq);
        }
        return result;
    };
    EXPECT_EQ(seqs({}), (std::vector<Seq>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(seqs({.since = Time{3s}}), (std::vector<Seq>{4, 5, 6}));
    EXPECT_EQ(seqs({.action = "secret.set"}), (std::vector<Seq>{1, 2, 3}));
    EXPECT_EQ(seqs({.action = "store."}), (std::vector<Seq>{4, 5, 6}));
    EXPECT_EQ(seqs({.action = "store"}), std::vector<Seq>{});
    EXPECT_EQ(seqs({.target = "even"}), (std::vector<Seq>{1, 3, 5}));
    EXPECT_EQ(seqs({.target = "secret:odd", .limit = 2}), (std::vector<Seq>{4, 6}));
}

TEST_F(AuditLog, a_damaged_record_is_always_among_those_read) {
    state::Database database = open();
    Log log = this->log(database);
    fill(log, 3);
    edit(database, "UPDATE audit SET record = x'00' WHERE seq = 2");
    const auto records = read(database, {.action = "store.rekey"});
    ASSERT_EQ(records->size(), 1U);
    EXPECT_EQ(records->front().seq, 2U);
    EXPECT_FALSE(records->front().record);
    EXPECT_TRUE(to_json_line(records->front()).starts_with(R"({"seq":2,"damaged":true,"record":"00")"));
}

TEST_F(AuditLog, the_export_has_one_line_for_every_record_and_stops_where_it_is_told) {
    state::Database database = open();
    Log log = this->log(database);
    const Seq intent = log.intend(set("a")).value_or(0);
    ASSERT_TRUE(log.finish(intent, Result::Done));
    ASSERT_TRUE(log.record(set("b")));
    std::vector<std::string> lines;
    const auto keep = [&](std::string_view line) -> Outcome<void> {
        lines.emplace_back(line);
        return {};
    };
    ASSERT_TRUE(export_lines(database, {}, keep));
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_TRUE(lines[0].contains(R"("phase":"intent","result":"unfinished","keyed":true,"refers_to":null)"));
    EXPECT_TRUE(lines[1].contains(R"("phase":"result","result":"done","keyed":true,"refers_to":1)"));
    EXPECT_FALSE(lines[2].contains('\n'));

    lines.clear();
    ASSERT_TRUE(export_lines(database, {.limit = 1}, keep));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].starts_with(R"({"seq":3,)"));

    int written = 0;
    const Outcome<void> stopped = export_lines(database, {}, [&](std::string_view) -> Outcome<void> {
        ++written;
        return std::unexpected{Error{.operation = "write"}};
    });
    EXPECT_FALSE(stopped);
    EXPECT_EQ(written, 1);
}

}  // namespace
}  // namespace quantconf::audit
