#include "audit/verify.hpp"

#include <filesystem>

#include "support/test_log.hpp"

namespace quantconf::audit {
namespace {

namespace fs = std::filesystem;

class AuditVerify : public TestLog {
protected:
    /// Ten records; the anchor of the last.
    Anchor fill_ten(state::Database& database) {
        Log keyed = log(database);
        return fill(keyed, 10);
    }
    static void expect_broken_at(const Verdicts& verdicts, Seq seq) {
        EXPECT_EQ(verdicts.integrity, Integrity::Broken);
        EXPECT_EQ(verdicts.first_bad, seq) << verdicts.reason;
        EXPECT_FALSE(verdicts.reason.empty());
        EXPECT_FALSE(verdicts.is_good());
    }
    static void expect_cut_at(const Verdicts& verdicts, Seq seq) {
        EXPECT_EQ(verdicts.integrity, Integrity::Holds) << verdicts.reason;
        EXPECT_EQ(verdicts.completeness, Completeness::Broken);
        EXPECT_EQ(verdicts.first_bad, seq) << verdicts.reason;
        EXPECT_FALSE(verdicts.is_good());
    }
};

TEST_F(AuditVerify, an_untouched_chain_holds_and_is_complete_up_to_its_anchor) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    const Verdicts result = verdicts(database, anchor);
    EXPECT_TRUE(result.is_good());
    EXPECT_EQ(result.completeness, Completeness::UpToAnchor);
    EXPECT_EQ(result.records, 10U);
    EXPECT_EQ(result.head, anchor);
    EXPECT_EQ(result.first_bad, std::nullopt);
}

TEST_F(AuditVerify, without_an_anchor_nothing_is_claimed_about_the_end) {
    state::Database database = open();
    fill_ten(database);
    EXPECT_EQ(verdicts(database).completeness, Completeness::Unknown);
}

TEST_F(AuditVerify, an_empty_log_is_complete_only_for_who_never_saw_a_record) {
    state::Database database = open();
    EXPECT_EQ(verdicts(database, Anchor{}).completeness, Completeness::UpToAnchor);
    expect_cut_at(verdicts(database, Anchor{.seq = 3, .mac = {}}), 1);
}

TEST_F(AuditVerify, records_after_the_anchor_do_not_disturb_it) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    fill_ten(database);
    EXPECT_EQ(verdicts(database, anchor).completeness, Completeness::UpToAnchor);
}

TEST_F(AuditVerify, another_key_proves_nothing) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    expect_broken_at(verdicts(database, anchor, "another key"), 1);
}

// 83: edit, delete, insert, reorder, cut tail, swap, roll back: each names the first bad seq.
TEST_F(AuditVerify, t83_every_changed_bit_of_a_record_or_its_mac_is_found_where_it_is) {
    state::Database database = open();
    Log keyed = log(database);
    const Anchor anchor = fill(keyed, 3);
    for (const std::string_view column : {"record", "mac"}) {
        Outcome<state::Statement> select =
            database.prepare("SELECT " + std::string{column} + " FROM audit WHERE seq = 2");
        ASSERT_TRUE(select->step().value_or(false));
        const std::string original{select->bytes(0)};
        select->reset();
        Outcome<state::Statement> update =
            database.prepare("UPDATE audit SET " + std::string{column} + " = ? WHERE seq = 2");
        // One transaction: a thousand syncs would prove nothing more.
        Outcome<state::Transaction> transaction = database.begin();
        for (std::size_t bit = 0; bit < 8 * original.size(); ++bit) {
            std::string changed = original;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            ASSERT_TRUE(update->bind_blob(1, changed).run());
            expect_broken_at(verdicts(database, anchor), 2);
        }
        ASSERT_TRUE(update->bind_blob(1, original).run());
        EXPECT_TRUE(verdicts(database, anchor).is_good());
    }
}

TEST_F(AuditVerify, t83_a_deleted_record_is_missed) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database, "DELETE FROM audit WHERE seq = 4");
    expect_broken_at(verdicts(database, anchor), 4);
    edit(database, "UPDATE audit SET seq = seq - 1 WHERE seq > 4");  // And the gap closed.
    expect_broken_at(verdicts(database, anchor), 4);
}

TEST_F(AuditVerify, t83_a_deleted_beginning_is_missed) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database, "DELETE FROM audit WHERE seq < 4");
    expect_broken_at(verdicts(database, anchor), 1);
}

TEST_F(AuditVerify, t83_an_inserted_record_is_found) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database,
         "UPDATE audit SET seq = -seq - 1 WHERE seq >= 4; UPDATE audit SET seq = -seq WHERE seq < 0;"
         "INSERT INTO audit SELECT 4, record, mac FROM audit WHERE seq = 2");
    expect_broken_at(verdicts(database, anchor), 4);
}

TEST_F(AuditVerify, t83_a_record_before_the_first_is_found) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database, "INSERT INTO audit SELECT -5, record, mac FROM audit WHERE seq = 2");
    EXPECT_EQ(verdicts(database, anchor).integrity, Integrity::Broken);
}

TEST_F(AuditVerify, t83_two_records_that_changed_places_are_found) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database,
         "UPDATE audit SET seq = -1 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 7;"
         "UPDATE audit SET seq = 7 WHERE seq = -1");
    expect_broken_at(verdicts(database, anchor), 3);
}

TEST_F(AuditVerify, t83_a_tail_that_was_cut_off_is_missed_through_the_anchor) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database, "DELETE FROM audit WHERE seq > 7");
    expect_cut_at(verdicts(database, anchor), 8);
    EXPECT_EQ(verdicts(database).completeness, Completeness::Unknown) << "only the anchor can tell";
}

TEST_F(AuditVerify, t83_records_of_another_log_are_found) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    const fs::path second = folder_ / "second";
    {
        Outcome<state::Database> other = state::Database::open(second / "state.db");
        Log foreign = log(*other, "the key of another store");
        fill(foreign, 10);
    }
    edit(database, "ATTACH '" + (second / "state.db").string() + "' AS other");
    edit(database,
         "UPDATE audit SET (record, mac) = "
         "(SELECT o.record, o.mac FROM other.audit AS o WHERE o.seq = audit.seq) WHERE seq > 5");
    expect_broken_at(verdicts(database, anchor), 6);
}

TEST_F(AuditVerify, t83_an_older_copy_of_the_whole_file_is_found_through_the_anchor) {
    {
        state::Database database = open();
        fill_ten(database);
    }
    fs::copy(file(), folder_ / "backup");
    Anchor anchor;
    {
        state::Database database = open();
        anchor = fill_ten(database);
    }
    fs::rename(folder_ / "backup", file());
    state::Database database = open();
    expect_cut_at(verdicts(database, anchor), 11);

    // Even when it has grown past the anchor again.
    clock_.advance(std::chrono::hours{1});
    fill_ten(database);
    fill_ten(database);
    expect_cut_at(verdicts(database, anchor), 20);
}

TEST_F(AuditVerify, t83_a_record_that_was_rolled_back_cannot_come_back_at_its_old_place) {
    {
        state::Database database = open();
        fill_ten(database);
    }
    fs::copy(file(), folder_ / "backup");
    StoredRecord rolled_back;
    {
        state::Database database = open();
        fill_ten(database);
        rolled_back = read(database, {})->at(14);
    }
    fs::rename(folder_ / "backup", file());
    state::Database database = open();
    clock_.advance(std::chrono::hours{1});
    const Anchor anchor = fill_ten(database);
    Outcome<state::Statement> update =
        database.prepare("UPDATE audit SET record = ?, mac = ? WHERE seq = 15");
    ASSERT_TRUE(update->bind_blob(1, rolled_back.bytes).bind_blob(2, crypto::view_of(rolled_back.mac)).run());
    expect_broken_at(verdicts(database, anchor), 15);
}

TEST_F(AuditVerify, t83_a_damaged_record_is_no_longer_counted_and_neither_is_what_follows) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    edit(database, "UPDATE audit SET record = x'74657874' WHERE seq = 4");
    const Verdicts result = verdicts(database, anchor);
    expect_broken_at(result, 4);
    EXPECT_EQ(result.records, 3U);
    EXPECT_EQ(result.completeness, Completeness::Unknown);
}

TEST_F(AuditVerify, t83_damage_behind_the_anchor_does_not_touch_the_second_verdict) {
    state::Database database = open();
    const Anchor anchor = fill_ten(database);
    fill_ten(database);
    edit(database, "DELETE FROM audit WHERE seq = 15");
    const Verdicts result = verdicts(database, anchor);
    expect_broken_at(result, 15);
    EXPECT_EQ(result.completeness, Completeness::UpToAnchor);
}

}  // namespace
}  // namespace quantconf::audit
