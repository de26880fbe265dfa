#include "secrets/audit_trail.hpp"

#include "audit/read.hpp"
#include "audit/verify.hpp"
#include "secrets/store_resolver.hpp"
#include "secrets/store_testing.hpp"
#include "state/problem.hpp"
#include "support/test_folder.hpp"

namespace quantconf::secrets {
namespace {

using testing::cause_of;
using testing::key_of;

class SecretsAuditTrail : public state::TestFolder {
protected:
    void SetUp() override {
        TestFolder::SetUp();
        database_.emplace(state::Database::open(file()).value());
        trail_.emplace(*database_, bench_.clock);
    }
    void TearDown() override {
        trail_.reset();
        database_.reset();
        TestFolder::TearDown();
    }
    [[nodiscard]] StoreTools tools() { return {bench_.clock, bench_.random, *trail_, "tester (1000)"}; }
    [[nodiscard]] Store create() { return Store::create(bench_.file, key_of('k'), tools()).value(); }
    [[nodiscard]] Outcome<Store> open(OpenOptions options = {}) {
        return Store::open(bench_.file, key_of('k'), tools(), options);
    }
    [[nodiscard]] std::vector<audit::StoredRecord> records(std::string action = {}) {
        return audit::read(*database_, {.action = std::move(action)}).value();
    }
    [[nodiscard]] static const audit::Record& last(const std::vector<audit::StoredRecord>& records) {
        return records.back().record.value();
    }
    void edit(std::string_view sql) { ASSERT_TRUE(database_->run(sql)); }
    /// The same file, for reading.
    void reopen_for_reading() {
        trail_.reset();
        database_.reset();
        database_.emplace(state::Database::open(file(), {.access = state::Access::Read}).value());
        trail_.emplace(*database_, bench_.clock);
    }

    testing::Bench bench_;
    std::optional<state::Database> database_;
    std::optional<AuditTrail> trail_;
};

TEST_F(SecretsAuditTrail, knows_the_name_of_every_action_of_the_store) {
    Store store = create();
    ASSERT_TRUE(store.set("a", "1"));
    ASSERT_TRUE(store.set("a", "2"));
    bench_.clock.advance(limits::kGrace);
    ASSERT_TRUE(store.retire_expired());
    ASSERT_TRUE(store.rotate("a", "3"));
    ASSERT_TRUE(store.abort("a"));
    ASSERT_TRUE(store.rotate("a", "4"));
    ASSERT_TRUE(store.promote("a"));
    ASSERT_TRUE(store.rekey(key_of('n')));
    ASSERT_TRUE(store.reencrypt());
    ASSERT_TRUE(store.rm("a"));
    for (const char* action :
         {"store.create", "secret.set", "secret.retire", "secret.rotate", "secret.abort", "secret.promote",
          "slot.add", "slot.remove", "store.reencrypt", "secret.remove"}) {
        EXPECT_FALSE(records(action).empty()) << action;
    }
    EXPECT_TRUE(records("store.open").empty()) << "nothing hides behind another name";
    EXPECT_DEATH(static_cast<void>(trail_->refused({.action = "secret.unheard_of"})), "");
}

TEST_F(SecretsAuditTrail, a_refusal_says_why_whatever_kind_of_reason_it_is) {
    const std::error_code not_ours = std::make_error_code(std::errc::permission_denied);
    ASSERT_TRUE(trail_->refused({.action = "store.open", .cause = not_ours}));
    EXPECT_EQ(last(records()).detail, "cause=generic:13");
    ASSERT_TRUE(trail_->refused({.action = "secret.get", .generation = 4, .cause = Problem::NotForHost}));
    EXPECT_EQ(last(records()).detail, "generation=4 cause=secrets:47");
}

TEST_F(SecretsAuditTrail, a_wrong_key_is_recorded_with_its_code) {
    static_cast<void>(create());
    EXPECT_EQ(cause_of(Store::open(bench_.file, key_of('x'), tools())), Problem::WrongKey);
    EXPECT_EQ(last(records()).detail, "cause=secrets:22");
}

TEST_F(SecretsAuditTrail, going_on_without_the_lost_records_is_recorded_in_what_goes_on) {
    static_cast<void>(create());
    edit("DELETE FROM audit");
    ASSERT_TRUE(open());
    EXPECT_TRUE(records().empty()) << "who only reads accepts nothing";
    ASSERT_TRUE(open({.accept_rollback = true}));
    EXPECT_EQ(last(records()).action, "store.accept_rollback");
    EXPECT_EQ(last(records()).detail, "generation=1 cause=secrets:50");
    EXPECT_EQ(last(records()).result, audit::Result::Done);
}

TEST_F(SecretsAuditTrail, an_accepted_rollback_is_recorded_as_one) {
    Store store = create();
    const auto first = bench_.file->bytes;
    ASSERT_TRUE(store.set("a", "1"));
    bench_.file->bytes = first;
    EXPECT_EQ(cause_of(open()), Problem::RollbackDetected);
    ASSERT_TRUE(open({.accept_rollback = true}));
    EXPECT_EQ(last(records()).detail, "generation=1 cause=secrets:24");
    const std::size_t count = records().size();
    ASSERT_TRUE(trail_->last_generation());
    EXPECT_EQ(records().size(), count);
}

TEST_F(SecretsAuditTrail, entries_without_meaning_neither_stop_anybody_nor_get_a_result) {
    Store store = create();
    ASSERT_TRUE(store.set("a", "1"));
    const std::size_t before = records().size();
    edit("INSERT INTO audit_open VALUES(1),(2),(777),(-1)");
    ASSERT_TRUE(trail_->reconcile(*bench_.file, store.audit_anchor()));
    ASSERT_TRUE(store.set("a", "2"));
    EXPECT_EQ(records().size(), before + 1);
    Outcome<state::Statement> left = database_->prepare("SELECT count(*) FROM audit_open");
    ASSERT_TRUE(left->step().value_or(false));
    EXPECT_EQ(left->number(0), 0);
}

TEST_F(SecretsAuditTrail, what_a_crash_has_left_is_found_without_its_entry) {
    Store store = create();
    const AuditAnchor anchor = store.audit_anchor();
    ASSERT_TRUE(trail_->intend({.action = "secret.set", .target = "a", .generation = 2}));
    edit("DELETE FROM audit_open");
    ASSERT_TRUE(trail_->reconcile(*bench_.file, anchor));
    EXPECT_EQ(last(records()).result, audit::Result::RecoveredUndone);
}

/// A killed writer leaves the image that it wanted to put in place, and an intent without a result.
TEST_F(SecretsAuditTrail, an_image_that_was_never_committed_does_not_pass_for_the_store) {
    Store store = create();
    ASSERT_TRUE(store.set("a", "old"));
    const auto committed = bench_.file->bytes;
    std::optional<std::string> forked;
    bench_.file->damage_read_back = [&](std::string& bytes) {
        forked = bytes;
        bytes.back() ^= 1;
    };
    EXPECT_EQ(cause_of(store.set("b", "junk")), Problem::WriteNotVerified);
    bench_.file->damage_read_back = nullptr;

    bench_.file->bytes = forked;
    EXPECT_EQ(cause_of(open()), Problem::RollbackDetected) << "the log knows that it failed";
    EXPECT_TRUE(open({.accept_rollback = true}));
    bench_.file->bytes = committed;
    ASSERT_TRUE(store.set("a", "new"));
    EXPECT_EQ(store.generation(), 4U) << "3 belongs to the one that failed";
    bench_.file->bytes = forked;
    EXPECT_EQ(cause_of(open()), Problem::RollbackDetected);
}

TEST_F(SecretsAuditTrail, of_the_changes_without_a_result_only_the_one_in_the_file_has_happened) {
    Store store = create();
    // Another process was killed after its intent; we have the store open since before.
    ASSERT_TRUE(trail_->intend({.action = "secret.set", .target = "b", .generation = 2}));
    ASSERT_TRUE(store.set("a", "1"));
    const auto of_b = records("secret.set").front().record.value();
    EXPECT_EQ(of_b.target, "secret:b");
    EXPECT_EQ(of_b.result, audit::Result::RecoveredUndone);
    EXPECT_EQ(last(records("secret.set")).target, "secret:a");
    EXPECT_EQ(last(records("secret.set")).result, audit::Result::Done);
}

TEST_F(SecretsAuditTrail, a_change_that_was_killed_after_the_rename_has_happened) {
    Store store = create();
    ASSERT_TRUE(store.set("a", "1"));
    edit("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)");  // Its result.
    edit("INSERT INTO audit_open SELECT max(seq) FROM audit");
    Store next = open().value();
    ASSERT_TRUE(trail_->reconcile(*bench_.file, next.audit_anchor()));
    EXPECT_EQ(last(records("secret.set")).result, audit::Result::RecoveredDone);
}

TEST_F(SecretsAuditTrail, what_is_recorded_without_the_key_neither_hides_a_rollback_nor_stops_anybody) {
    Store store = create();
    const auto first = bench_.file->bytes;
    ASSERT_TRUE(store.set("a", "1"));
    AuditTrail without_key{*database_, bench_.clock};
    for (const std::uint64_t generation : {std::uint64_t{1}, ~std::uint64_t{0}}) {
        const auto intent =
            without_key.intend({.action = "secret.set", .target = "a", .generation = generation});
        ASSERT_TRUE(intent && without_key.finish(*intent, AuditResult::Done, {}));
        EXPECT_EQ(trail_->last_generation().value(), 2U);
        EXPECT_EQ(trail_->highest_intended().value(), 2U);
    }
    bench_.file->bytes = first;
    EXPECT_EQ(cause_of(open()), Problem::RollbackDetected);
}

TEST_F(SecretsAuditTrail, reading_waits_for_no_writer) {
    struct BusyFile final : testing::MemoryStoreFile {
        Outcome<std::unique_ptr<StoreLock>> try_lock() override { return nullptr; }
    };
    Store store = create();
    ASSERT_TRUE(trail_->intend({.action = "secret.set", .target = "a", .generation = 2}));
    BusyFile busy;
    EXPECT_TRUE(trail_->reconcile(busy, store.audit_anchor()));
    EXPECT_EQ(last(records()).result, audit::Result::Unfinished) << "it may still be at work";
}

TEST_F(SecretsAuditTrail, t36_what_cannot_be_recorded_is_said_with_what_to_do) {
    Store store = create();
    ASSERT_TRUE(trail_->intend({.action = "secret.set", .target = "a", .generation = 2}));
    reopen_for_reading();
    EXPECT_TRUE(trail_->reconcile(*bench_.file, store.audit_anchor()))
        << "waits for a disk that can be written";
    const auto reveal = trail_->record({.action = audit::Action::SecretReveal});
    const auto change = trail_->intend({.action = "secret.set"});
    const auto asked = trail_->can_record(audit::Action::SecretReveal);
    ASSERT_TRUE(!reveal && !change && !asked);
    EXPECT_EQ(change.error().operation, "record secret.set in");
    for (const Error& error : {reveal.error(), asked.error()}) {
        EXPECT_EQ(error.cause, state::Problem::ReadOnly);
        EXPECT_EQ(error.operation, "record secret.reveal in");
        EXPECT_TRUE(error.hint.starts_with("nothing was changed or revealed")) << error.hint;
    }
}

// `check` hands nothing out. On a disk that cannot be written there is no record of it; a full one refuses.
TEST_F(SecretsAuditTrail, t36_a_check_goes_on_without_its_record_only_where_nothing_can_be_written) {
    Store store = create();
    ASSERT_TRUE(store.set("a", "value"));
    const std::vector<layers::SecretWanted> wanted{{.path = "p", .reference = "SECURE:a"}};
    const auto is_answered = [&](Purpose purpose) {
        StoreResolver resolver{[&]() -> Outcome<Unlocked> { return Unlocked{store, *trail_}; }, purpose};
        return resolver.resolve(wanted, Environment::Production).front().has_value();
    };
    EXPECT_TRUE(is_answered(Purpose::HandOut));
    ASSERT_TRUE(database_->run("PRAGMA max_page_count=1"));
    for (int i = 0; i < 1000 && is_answered(Purpose::HandOut); ++i) {
    }
    EXPECT_FALSE(is_answered(Purpose::HandOut));
    EXPECT_FALSE(is_answered(Purpose::Check)) << "a full disk is no excuse";
    reopen_for_reading();
    EXPECT_FALSE(is_answered(Purpose::HandOut));
    EXPECT_TRUE(is_answered(Purpose::Check));
}

}  // namespace
}  // namespace quantconf::secrets
