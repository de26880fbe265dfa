#include "secrets/store.hpp"

#include <string>

#include <gtest/gtest.h>

#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::Bench;
using testing::cause_of;
using testing::key_of;
using testing::text_of;
using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

TEST(Store, what_was_set_is_there_after_opening_again) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("polygon_key", "not-a-real-key"));

    const auto again = bench.open();

    ASSERT_TRUE(again) << to_text(again.error());
    EXPECT_EQ(text_of(again->get("polygon_key")), "not-a-real-key");
    EXPECT_EQ(again->generation(), 2);
    EXPECT_EQ(again->uuid(), store.uuid());
    EXPECT_EQ(again->list().size(), 1);
}

// 83, 84: the next write must not make anybody forget that the log was cut.
TEST(Store, t83_a_log_that_was_cut_is_not_forgotten_by_the_next_write) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "one"));
    bench.audit.is_cut = true;

    EXPECT_EQ(cause_of(store.set("key", "two")), Problem::AuditCut);
    EXPECT_EQ(text_of(bench.open()->get("key")), "one");

    Store accepting = bench.open(key_of('k'), {.accept_rollback = true}).value();
    EXPECT_TRUE(accepting.set("key", "two"));
}

TEST(Store, its_uuid_has_36_characters) {
    Bench bench;
    const std::string uuid = bench.create().uuid();
    ASSERT_EQ(uuid.size(), 36);
    EXPECT_EQ(uuid.find_first_not_of("0123456789abcdef-"), std::string::npos);
    EXPECT_EQ(uuid[8], '-');
    EXPECT_EQ(uuid[14], '4');
    EXPECT_EQ(uuid[23], '-');
}

TEST(Store, a_name_that_is_not_there_is_not_found) {
    Bench bench;
    const Store store = bench.create();
    EXPECT_EQ(cause_of(store.get("polygon_key")), Problem::NotFound);
    EXPECT_EQ(cause_of(store.info("polygon_key")), Problem::NotFound);
}

TEST(Store, setting_again_keeps_the_value_before_it_as_previous) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "one"));
    ASSERT_TRUE(store.set("key", "two"));

    EXPECT_EQ(text_of(store.get("key")), "two");
    EXPECT_EQ(text_of(store.get("key", Label::Previous)), "one");
    EXPECT_EQ(text_of(store.get("key", 1U)), "one");
    EXPECT_EQ(text_of(store.get("key", 2U)), "two");
    EXPECT_EQ(cause_of(store.get("key", 3U)), Problem::NotFound);
    EXPECT_EQ(cause_of(store.get("key", Label::Pending)), Problem::NotFound);
}

TEST(Store, a_third_value_retires_the_first_and_destroys_it) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "one"));
    ASSERT_TRUE(store.set("key", "two"));
    ASSERT_TRUE(store.set("key", "three"));

    EXPECT_EQ(text_of(store.get("key", Label::Previous)), "two");
    EXPECT_EQ(cause_of(store.get("key", 1U)), Problem::Retired);
    EXPECT_EQ(store.info("key")->versions.front().state, VersionState::Retired);
}

TEST(Store, a_pending_version_changes_nothing_until_it_is_promoted) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));

    EXPECT_EQ(store.rotate("key", "new").value(), 2);
    EXPECT_EQ(text_of(store.get("key")), "old");
    EXPECT_EQ(text_of(store.get("key", Label::Pending)), "new");

    ASSERT_TRUE(store.promote("key"));
    EXPECT_EQ(text_of(store.get("key")), "new");
    EXPECT_EQ(text_of(store.get("key", Label::Previous)), "old");
    EXPECT_EQ(cause_of(store.promote("key")), Problem::NotFound);
}

TEST(Store, an_aborted_rotation_leaves_the_current_value) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    ASSERT_TRUE(store.rotate("key", "new"));

    ASSERT_TRUE(store.abort("key"));

    EXPECT_EQ(text_of(store.get("key")), "old");
    EXPECT_EQ(cause_of(store.get("key", Label::Pending)), Problem::NotFound);
    EXPECT_EQ(cause_of(store.get("key", 2U)), Problem::Retired);
    EXPECT_EQ(cause_of(store.abort("key")), Problem::NotFound);
    EXPECT_EQ(store.rotate("key", "newer").value(), 3) << "a number is not used twice";
}

TEST(Store, a_second_rotation_takes_the_place_of_the_first) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "current"));
    ASSERT_TRUE(store.rotate("key", "one"));
    ASSERT_TRUE(store.rotate("key", "two"));
    EXPECT_EQ(text_of(store.get("key", Label::Pending)), "two");
    EXPECT_EQ(text_of(store.get("key")), "current");
}

TEST(Store, only_a_secret_that_exists_is_rotated) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("polygon_key", "one"));

    const auto mistyped = store.rotate("polygon_kye", "two");

    EXPECT_EQ(cause_of(mistyped), Problem::NotFound);
    EXPECT_TRUE(mistyped.error().hint.contains("did you mean polygon_key?")) << mistyped.error().hint;
    EXPECT_EQ(store.list().size(), 1);
}

TEST(Store, an_older_value_is_not_promoted_over_a_newer_one) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "one"));
    ASSERT_TRUE(store.rotate("key", "tried, and forgotten"));
    ASSERT_TRUE(store.set("key", "newer"));

    const auto late = store.promote("key");

    EXPECT_EQ(cause_of(late), Problem::Superseded);
    EXPECT_TRUE(late.error().hint.contains("version 3")) << late.error().hint;
    EXPECT_EQ(text_of(store.get("key")), "newer");
    ASSERT_TRUE(store.abort("key")) << "the way out";
    ASSERT_TRUE(store.rotate("key", "again"));
    EXPECT_TRUE(store.promote("key"));
}

TEST(Store, several_values_are_one_generation_and_one_record) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("b", "old"));
    const auto before = store.generation();

    ASSERT_TRUE(store.set_all(std::vector<NewValue>{{"a", "1"}, {"b", "2"}, {"c", "3"}}));

    EXPECT_EQ(store.generation(), before + 1);
    EXPECT_EQ(text_of(store.get("a")), "1");
    EXPECT_EQ(text_of(store.get("b")), "2");
    EXPECT_EQ(text_of(store.get("b", Label::Previous)), "old");
    EXPECT_EQ(bench.audit.events.back().action, "secret.import");
    EXPECT_EQ(bench.audit.events.back().count, 3);
    EXPECT_TRUE(bench.audit.events.back().target.empty());
    EXPECT_EQ(bench.audit.lines.back(), "done secret.import");
    ASSERT_TRUE(store.set_all({}));
    EXPECT_EQ(store.generation(), before + 1) << "nothing to do is nothing to write";
}

TEST(Store, several_values_are_all_stored_or_none) {
    Bench bench;
    Store store = bench.create();
    const auto before = bench.file->bytes;

    EXPECT_EQ(cause_of(store.set_all(std::vector<NewValue>{{"a", "1"}, {"not a name", "2"}})),
              Problem::BadName);
    const std::string long_value(limits::kValueBytes + 1, 'v');
    EXPECT_EQ(cause_of(store.set_all(std::vector<NewValue>{{"a", "1"}, {"b", long_value}})),
              Problem::TooLarge);
    bench.file->writes_left = 0;
    EXPECT_FALSE(store.set_all(std::vector<NewValue>{{"a", "1"}, {"b", "2"}}));

    EXPECT_EQ(bench.file->bytes, before);
    EXPECT_TRUE(store.list().empty());
    EXPECT_EQ(bench.audit.lines.back(), "failed secret.import");
}

TEST(Store, says_what_there_is_instead_of_what_was_not_found) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("polygon_key", "1"));
    const auto hint = [&](std::string_view name, VersionSelector which) {
        return store.get(name, which).error().hint;
    };
    EXPECT_TRUE(hint("polygon_kye", Label::Current).contains("did you mean polygon_key?"));
    EXPECT_TRUE(hint("something_else", Label::Current).contains("secret list"));
    EXPECT_TRUE(hint("polygon_key", 7U).contains("no version 7"));
    EXPECT_TRUE(hint("polygon_key", Label::Previous).contains("no previous"));
    EXPECT_TRUE(hint("polygon_key", Label::Pending).contains("no pending"));
    EXPECT_TRUE(store.rm("polygon_kye").error().hint.contains("polygon_key"));
    EXPECT_TRUE(store.promote("polygon_key").error().hint.contains("no pending"));
    EXPECT_TRUE(store.abort("polygon_key").error().hint.contains("no pending"));
}

TEST(Store, the_previous_value_ends_with_its_grace_period) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    ASSERT_TRUE(store.set("key", "new"));
    const auto before = store.generation();

    bench.clock.advance(15min - 1ms);
    EXPECT_EQ(store.retire_expired().value(), 0);
    EXPECT_EQ(store.generation(), before) << "nothing to do is nothing to write";
    EXPECT_EQ(text_of(store.get("key", Label::Previous)), "old");

    bench.clock.advance(1ms);
    EXPECT_EQ(store.retire_expired().value(), 1);
    EXPECT_EQ(cause_of(store.get("key", Label::Previous)), Problem::NotFound);
    EXPECT_EQ(text_of(store.get("key")), "new");
}

TEST(Store, a_previous_value_can_be_destroyed_before_its_grace_period_ends) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    EXPECT_EQ(cause_of(store.retire("key")), Problem::NotFound);
    ASSERT_TRUE(store.set("key", "new"));

    ASSERT_TRUE(store.retire("key"));

    EXPECT_EQ(cause_of(store.get("key", Label::Previous)), Problem::NotFound);
    EXPECT_EQ(text_of(store.get("key")), "new");
    EXPECT_EQ(bench.audit.lines.back(), "done secret.retire");
    EXPECT_EQ(bench.audit.events.back().from, 1U);
    EXPECT_EQ(cause_of(store.retire("key")), Problem::NotFound);
    EXPECT_EQ(cause_of(store.retire("nope")), Problem::NotFound);
}

TEST(Store, tells_when_the_time_of_a_previous_value_is_over) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    ASSERT_TRUE(store.set("key", "new"));
    const auto versions = store.info("key")->versions;
    const TimePoint then = bench.clock.now();
    EXPECT_FALSE(is_past_grace(versions.at(0), then + 15min - 1ms));
    EXPECT_TRUE(is_past_grace(versions.at(0), then + 15min));
    EXPECT_FALSE(is_past_grace(versions.at(1), then + 24h)) << "the current one has no end";
}

TEST(Store, a_removed_secret_is_gone) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("a", "1"));
    ASSERT_TRUE(store.set("b", "2"));
    ASSERT_TRUE(store.rm("a"));
    EXPECT_EQ(cause_of(store.get("a")), Problem::NotFound);
    EXPECT_EQ(text_of(store.get("b")), "2");
    EXPECT_EQ(cause_of(store.rm("a")), Problem::NotFound);
}

TEST(Store, a_secret_is_for_its_environments_and_hosts_only) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set(
        "key", "v",
        SecretOptions{.environments = {Environment::Production}, .hosts = {"API.polygon.io", "127.0.0.1"}}));

    EXPECT_EQ(text_of(store.get("key", Label::Current, {.environment = Environment::Production})), "v");
    EXPECT_EQ(cause_of(store.get("key", Label::Current, {.environment = Environment::Development})),
              Problem::NotForEnvironment);
    EXPECT_EQ(text_of(store.get("key", Label::Current, {.host = "api.Polygon.io"})), "v");
    EXPECT_EQ(cause_of(store.get("key", Label::Current, {.host = "polygon.io"})), Problem::NotForHost);
    EXPECT_EQ(cause_of(store.get("key", Label::Current, {.host = "evil-api.polygon.io"})),
              Problem::NotForHost);
    EXPECT_EQ(bench.audit.lines.back(), "refused secret.get key");
}

TEST(Store, a_new_value_keeps_the_bindings_unless_told_otherwise) {
    Bench bench;
    Store store = bench.create();
    const TimePoint date = bench.clock.now() + 24h;
    ASSERT_TRUE(
        store.set("key", "1", SecretOptions{.environments = {Environment::Staging}, .expires = date}));
    ASSERT_TRUE(store.set("key", "2"));
    EXPECT_EQ(store.info("key")->environments, std::vector{Environment::Staging});
    EXPECT_EQ(store.info("key")->expires, date);

    ASSERT_TRUE(store.set("key", "3", SecretOptions{}));
    EXPECT_TRUE(store.info("key")->environments.empty());
    EXPECT_FALSE(store.info("key")->expires);
}

TEST(Store, who_and_when_stands_beside_each_version) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    const SecretInfo info = store.info("key").value();
    EXPECT_EQ(info.versions.at(0).by, "tester (1000)");
    EXPECT_EQ(info.versions.at(0).created, bench.clock.now());
    EXPECT_EQ(info.rotated, bench.clock.now());
    EXPECT_EQ(info.current, 1U);
}

TEST(Store, two_writers_do_not_lose_each_others_values) {
    Bench bench;
    Store one = bench.create();
    Store two = bench.open().value();
    ASSERT_TRUE(one.set("a", "1"));
    ASSERT_TRUE(two.set("b", "2"));
    EXPECT_EQ(text_of(two.get("a")), "1");
    EXPECT_EQ(two.generation(), 3);
}

// 33: two writers of the same name: one gets CONFLICT with CAS.
TEST(Store, t33_the_expected_generation_decides_between_two_writers) {
    Bench bench;
    Store one = bench.create();
    Store two = bench.open().value();
    const auto seen = two.generation();
    ASSERT_TRUE(one.set("key", "first", {}, seen));

    const auto late = two.set("key", "second", {}, seen);

    EXPECT_EQ(cause_of(late), Problem::Conflict);
    EXPECT_EQ(text_of(bench.open()->get("key")), "first");
}

// 6: an older, valid whole file is replayed: ROLLBACK_DETECTED unless it is accepted, and that is recorded.
TEST(Store, t06_an_older_generation_is_refused_unless_it_is_accepted) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    const auto backup = bench.file->bytes;
    ASSERT_TRUE(store.set("key", "new"));
    bench.file->bytes = backup;

    EXPECT_EQ(cause_of(bench.open()), Problem::RollbackDetected);
    EXPECT_EQ(bench.audit.lines.back(), "refused store.open ");
    EXPECT_EQ(cause_of(store.set("key", "newer")), Problem::RollbackDetected);

    auto accepted = bench.open(key_of('k'), {.accept_rollback = true});
    ASSERT_TRUE(accepted);
    EXPECT_EQ(bench.audit.lines.back(), "done store.accept_rollback");
    EXPECT_EQ(text_of(accepted->get("key")), "old");
    ASSERT_TRUE(accepted->set("other", "1"));
    EXPECT_EQ(accepted->generation(), 4) << "beyond the one that was lost";
    EXPECT_TRUE(bench.open());
}

TEST(Store, t06_the_mark_beside_the_key_notices_that_the_whole_folder_was_restored) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    const auto backup = bench.file->bytes;
    const auto audit_backup = bench.audit.generation;
    ASSERT_TRUE(store.set("key", "new"));
    bench.file->bytes = backup;
    bench.audit.generation = audit_backup;
    EXPECT_EQ(cause_of(bench.open()), Problem::RollbackDetected);
}

TEST(Store, a_writer_between_two_looks_is_not_mistaken_for_a_rollback) {
    Bench bench;
    Store store = bench.create();
    int reads = 0;
    bench.file->before_read = [&] {
        // The generation moves on after the first bytes were read, before the log is asked.
        if (++reads == 2) {
            bench.file->before_read = {};
            bench.file->bytes = bench.file->generations.back();
        }
    };
    ASSERT_TRUE(store.set("key", "1"));
    reads = 0;
    bench.file->bytes = bench.file->generations.front();
    bench.file->before_read = [&] {
        if (++reads == 2) {
            bench.file->bytes = bench.file->generations.back();
        }
    };
    EXPECT_TRUE(bench.open());
    EXPECT_EQ(reads, 2);
}

// 7: delete the file; empty file: never an empty store when the audit log says one existed.
TEST(Store, t07_a_store_that_once_existed_is_never_made_again) {
    Bench bench;
    (void)bench.create();
    const auto create = [&] { return Store::create(bench.file, key_of('k'), bench.tools()); };
    EXPECT_EQ(cause_of(create()), Problem::Exists);

    bench.file->bytes.reset();
    EXPECT_EQ(cause_of(bench.open()), Problem::StoreMissing);
    EXPECT_EQ(cause_of(create()), Problem::StoreGone) << "the audit log remembers";

    bench.audit.generation.reset();
    bench.file->previous = "anything";
    EXPECT_EQ(cause_of(create()), Problem::StoreGone) << "the generation before it is there";

    bench.file->previous.reset();
    bench.file->bytes = "";
    EXPECT_EQ(cause_of(create()), Problem::Exists) << "an empty file is a file";
    EXPECT_EQ(cause_of(bench.open()), Problem::Damaged);
    EXPECT_EQ(bench.file->bytes, "");
}

// 14: the source of random bytes fails: nothing is written.
TEST(Store, t14_nothing_is_written_without_random_bytes) {
    Bench bench;
    bench.random.fails = true;
    EXPECT_FALSE(Store::create(bench.file, key_of('k'), bench.tools()));
    EXPECT_FALSE(bench.file->bytes);

    bench.random.fails = false;
    Store store = bench.create();
    const auto before = bench.file->bytes;
    bench.random.fails = true;
    EXPECT_FALSE(store.set("key", "1"));
    EXPECT_FALSE(store.rotate("key", "1"));
    EXPECT_FALSE(store.reencrypt());
    EXPECT_FALSE(store.rekey(key_of('n')));
    EXPECT_EQ(bench.file->bytes, before);
}

// 16: wrong key and damaged file have distinct codes, 22 and 21, and say nothing more.
TEST(Store, t16_a_wrong_key_is_not_a_damaged_file) {
    Bench bench;
    (void)bench.create();
    EXPECT_EQ(cause_of(bench.open(key_of('x'))), Problem::WrongKey);
    EXPECT_EQ(cause_of(bench.open(key_of('x'))).value(), 22);

    bench.file->bytes->at(100) ^= 1;
    EXPECT_EQ(cause_of(bench.open(key_of('x'))), Problem::Damaged);
    EXPECT_EQ(cause_of(bench.open(key_of('k'))), Problem::Damaged);
    EXPECT_EQ(cause_of(bench.open(key_of('k'))).value(), 21);
}

TEST(Store, intent_comes_before_the_effect_and_its_end_after_it) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    EXPECT_EQ(bench.audit.lines, (Lines{"intend store.create ", "done store.create", "intend secret.set key",
                                        "done secret.set"}));
    EXPECT_EQ(store.audit_anchor().sequence, 2) << "the file knows the intent that it came from";
    EXPECT_EQ(bench.audit.key, store.audit_key());
}

TEST(Store, without_a_record_of_the_intent_nothing_is_written) {
    Bench bench;
    Store store = bench.create();
    const auto before = bench.file->bytes;
    bench.audit.refuses = true;
    EXPECT_FALSE(store.set("key", "1"));
    EXPECT_EQ(bench.file->bytes, before);
    EXPECT_EQ(cause_of(store.get("key")), Problem::NotFound);
}

TEST(Store, a_full_disk_leaves_the_old_state_and_a_failed_intent) {
    Bench bench;
    Store store = bench.create();
    const auto before = bench.file->bytes;
    bench.file->writes_left = 0;
    const auto failed = store.set("key", "1");
    EXPECT_EQ(cause_of(failed), std::errc::no_space_on_device);
    EXPECT_EQ(failed.error().subject, "state/secrets.qcs");
    EXPECT_EQ(bench.file->bytes, before);
    EXPECT_EQ(bench.audit.lines.back(), "failed secret.set");
    EXPECT_EQ(store.generation(), 1);
    bench.file->writes_left = 9;
    EXPECT_TRUE(store.set("key", "1"));
}

TEST(Store, what_the_disk_gives_back_wrong_is_not_put_in_place) {
    Bench bench;
    Store store = bench.create();
    const auto before = bench.file->bytes;
    bench.file->damage_read_back = [](std::string& bytes) { bytes[bytes.size() / 2] ^= 1; };
    EXPECT_EQ(cause_of(store.set("key", "1")), Problem::WriteNotVerified);
    EXPECT_EQ(bench.file->bytes, before);
}

// 32: the rename is done, the fsync of the folder fails.
TEST(Store, t32_an_unconfirmed_write_is_reported_and_is_what_the_store_shows) {
    Bench bench;
    Store store = bench.create();
    bench.file->is_durability_unknown = true;
    EXPECT_EQ(cause_of(store.set("key", "1")), Problem::DurabilityUnknown);
    EXPECT_EQ(bench.audit.lines.back(), "unknown secret.set");
    EXPECT_EQ(text_of(store.get("key")), "1");
}

TEST(Store, after_two_failures_of_the_disk_in_a_row_a_process_only_reads) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    const auto fail = [&] {
        bench.file->damage_read_back = [](std::string& bytes) { bytes.back() ^= 1; };
        EXPECT_EQ(cause_of(store.set("key", "2")), Problem::WriteNotVerified);
        bench.file->damage_read_back = nullptr;
    };
    fail();
    EXPECT_TRUE(store.set("key", "3")) << "once is forgotten";
    fail();
    fail();
    EXPECT_EQ(cause_of(store.set("key", "4")), Problem::ReadOnly);
    EXPECT_EQ(text_of(store.get("key")), "3");
    EXPECT_TRUE(bench.open()->set("key", "5")) << "opened anew, it is tried again";
    bench.file->writes_left = 0;
    Store full = *bench.open();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(cause_of(full.set("key", "6")), std::errc::no_space_on_device) << "full is not failing";
    }
}

TEST(Store, a_lock_held_by_another_process_refuses_the_change) {
    Bench bench;
    Store store = bench.create();
    bench.file->lock_problem = Problem::Locked;
    EXPECT_EQ(cause_of(store.set("key", "1")), Problem::Locked);
    EXPECT_EQ(bench.file->generations.size(), 1);
}

}  // namespace
}  // namespace quantconf::secrets
