#include <array>
#include <string>

#include <gtest/gtest.h>

#include "secrets/store.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::Bench;
using testing::cause_of;
using testing::key_of;
using testing::text_of;

TEST(StoreSlots, a_second_key_opens_the_same_store) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    EXPECT_EQ(store.add_slot(key_of('r'), "recovery").value(), 2);
    EXPECT_EQ(text_of(bench.open(key_of('r'))->get("key")), "1");
    EXPECT_EQ(text_of(bench.open(key_of('k'))->get("key")), "1");

    const auto slots = bench.open(key_of('r'))->slots();
    ASSERT_EQ(slots.size(), 2);
    EXPECT_EQ(slots.at(1).label, "recovery");
    EXPECT_TRUE(slots.at(1).opened_this);
    EXPECT_FALSE(slots.at(0).opened_this);
}

TEST(StoreSlots, a_removed_key_opens_nothing) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.add_slot(key_of('r'), "recovery"));
    Store recovered = bench.open(key_of('r')).value();

    ASSERT_TRUE(store.remove_slot(2));

    EXPECT_EQ(cause_of(bench.open(key_of('r'))), Problem::WrongKey);
    EXPECT_EQ(cause_of(recovered.set("key", "1")), Problem::WrongKey) << "also where it was open already";
}

TEST(StoreSlots, the_slot_in_use_and_an_unknown_one_are_not_removed) {
    Bench bench;
    Store store = bench.create();
    EXPECT_EQ(cause_of(store.remove_slot(1)), Problem::InUse);
    EXPECT_EQ(cause_of(store.remove_slot(7)), Problem::NotFound);
    EXPECT_TRUE(bench.open());
}

TEST(StoreSlots, the_record_knows_a_slot_by_its_number) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.add_slot(key_of('r'), "a label with spaces"));
    EXPECT_EQ(bench.audit.events.back().target, "2");
    ASSERT_TRUE(store.remove_slot(2));
    EXPECT_EQ(bench.audit.events.back().target, "2");
}

TEST(StoreSlots, a_key_has_one_slot) {
    Bench bench;
    Store store = bench.create();
    EXPECT_EQ(cause_of(store.add_slot(key_of('k'), "again")), Problem::Exists);
    EXPECT_EQ(cause_of(store.rekey(key_of('k'))), Problem::Exists);
}

TEST(StoreSlots, rekey_lets_the_new_key_in_and_the_old_one_out) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    ASSERT_TRUE(store.rekey(key_of('n')));

    EXPECT_EQ(cause_of(bench.open(key_of('k'))), Problem::WrongKey);
    EXPECT_EQ(text_of(bench.open(key_of('n'))->get("key")), "1");
    EXPECT_EQ(store.slots().size(), 1);
    EXPECT_EQ(store.slots().at(0).label, "master key");
    EXPECT_TRUE(store.set("key", "2"));
}

TEST(StoreSlots, rekey_cut_short_after_any_write_leaves_a_key_that_opens) {
    for (const std::uint64_t writes : {0U, 1U, 2U}) {
        Bench bench;
        Store store = bench.create();
        ASSERT_TRUE(store.set("key", "1"));
        bench.file->writes_left = writes;

        EXPECT_EQ(store.rekey(key_of('n')).has_value(), writes == 2);

        EXPECT_EQ(bench.open(key_of('k')).has_value(), writes < 2) << writes;
        EXPECT_EQ(bench.open(key_of('n')).has_value(), writes > 0) << writes;
        EXPECT_EQ(text_of(store.get("key")), "1");
    }
}

TEST(StoreSlots, a_new_key_that_does_not_open_what_was_read_back_replaces_nothing) {
    Bench bench;
    Store store = bench.create();
    const auto before = bench.file->bytes;
    bench.file->damage_read_back = [](std::string& bytes) { bytes[bytes.size() - 1] ^= 1; };
    EXPECT_EQ(cause_of(store.rekey(key_of('n'))), Problem::WriteNotVerified);
    EXPECT_EQ(bench.file->bytes, before);
}

TEST(StoreSlots, reencrypt_changes_every_record_and_no_value) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "old"));
    ASSERT_TRUE(store.set("key", "new"));
    ASSERT_TRUE(store.rotate("key", "next"));
    const std::string anchor_key{store.audit_key()};

    ASSERT_TRUE(store.reencrypt());

    const Store again = bench.open().value();
    EXPECT_EQ(text_of(again.get("key")), "new");
    EXPECT_EQ(text_of(again.get("key", Label::Previous)), "old");
    EXPECT_EQ(text_of(again.get("key", Label::Pending)), "next");
    EXPECT_EQ(again.audit_key(), anchor_key) << "the log goes on";
    EXPECT_TRUE(again.verify()->empty());
}

TEST(StoreSlots, reencrypt_needs_the_key_of_every_slot) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.add_slot(key_of('r'), "recovery"));
    const auto refused = store.reencrypt();
    EXPECT_EQ(cause_of(refused), Problem::NoKeySource);
    EXPECT_TRUE(refused.error().hint.contains("recovery"));

    const std::array others{key_of('r')};
    ASSERT_TRUE(store.reencrypt(others));

    EXPECT_TRUE(bench.open(key_of('k')));
    EXPECT_TRUE(bench.open(key_of('r')));
}

TEST(StoreSlots, another_process_goes_on_after_reencrypt_and_after_rekey_is_shut_out) {
    Bench bench;
    Store one = bench.create();
    Store two = bench.open().value();
    ASSERT_TRUE(one.set("key", "1"));
    ASSERT_TRUE(one.reencrypt());
    EXPECT_TRUE(two.set("key", "2"));
    ASSERT_TRUE(one.rekey(key_of('n')));
    EXPECT_EQ(cause_of(two.set("key", "3")), Problem::WrongKey);
}

// 48: the key in its source is replaced by another process: detected by commitment.
TEST(StoreSlots, t48_a_replaced_key_opens_nothing) {
    Bench bench;
    (void)bench.create();
    for (int bit = 0; bit < 256; ++bit) {
        UnlockKey key = key_of('k');
        key.bytes.bytes()[static_cast<std::size_t>(bit / 8)] ^= static_cast<char>(1U << (bit % 8));
        EXPECT_EQ(cause_of(bench.open(std::move(key))), Problem::WrongKey);
    }
}

TEST(StoreSlots, a_key_has_32_bytes_and_a_passphrase_at_least_one) {
    Bench bench;
    Store store = bench.create();
    for (const std::size_t size : {0U, 31U, 33U}) {
        const auto key = [&] { return UnlockKey{.bytes = crypto::SecretBytes{size}}; };
        EXPECT_EQ(cause_of(store.add_slot(key(), "short")), Problem::BadKey) << size;
        EXPECT_EQ(cause_of(bench.open(key())), Problem::WrongKey) << size;
    }
    EXPECT_EQ(cause_of(store.rekey(testing::passphrase_of(""))), Problem::BadKey);
}

TEST(StoreSlots, a_key_is_no_passphrase_and_a_passphrase_no_key) {
    Bench bench;
    (void)bench.create();
    UnlockKey key = key_of('k');
    key.kind = SlotKind::Passphrase;
    EXPECT_EQ(cause_of(bench.open(std::move(key))), Problem::WrongKey);
}

}  // namespace
}  // namespace quantconf::secrets
