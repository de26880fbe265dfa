// Slots that a person's words open.

#include <string>

#include <gtest/gtest.h>

#include "secrets/image.hpp"
#include "secrets/store.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::Bench;
using testing::cause_of;
using testing::key_of;
using testing::passphrase_of;
using testing::text_of;

TEST(StorePassphrase, a_recovery_passphrase_opens_what_the_key_wrote) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    ASSERT_TRUE(store.add_slot(passphrase_of("correct horse"), "recovery"));

    Store recovered = bench.open(passphrase_of("correct horse")).value();
    EXPECT_EQ(text_of(recovered.get("key")), "1");
    ASSERT_TRUE(recovered.set("key", "2"));
    EXPECT_EQ(text_of(bench.open()->get("key")), "2");
}

TEST(StorePassphrase, each_of_several_passphrases_opens_the_store) {
    Bench bench;
    Store store = bench.create(passphrase_of("one"));
    ASSERT_TRUE(store.add_slot(passphrase_of("two", {.passes = 2, .memory_kib = 16}), "two"));
    EXPECT_EQ(bench.open(passphrase_of("one"))->slots().at(0).opened_this, true);
    EXPECT_EQ(bench.open(passphrase_of("two"))->slots().at(1).opened_this, true);
    EXPECT_EQ(cause_of(bench.open(passphrase_of("three"))), Problem::WrongKey);
}

TEST(StorePassphrase, rekey_and_reencrypt_take_passphrases) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", "1"));
    ASSERT_TRUE(store.add_slot(passphrase_of("words"), "recovery"));
    EXPECT_EQ(cause_of(store.reencrypt()), Problem::NoKeySource);
    const std::array others{passphrase_of("words")};
    ASSERT_TRUE(store.reencrypt(others));
    ASSERT_TRUE(bench.open(passphrase_of("words")));

    ASSERT_TRUE(store.rekey(passphrase_of("other words")));
    EXPECT_EQ(cause_of(bench.open()), Problem::WrongKey);
    EXPECT_EQ(text_of(bench.open(passphrase_of("other words"))->get("key")), "1");
}

// 16: wrong passphrase and damaged file have distinct codes, and no more is said.
TEST(StorePassphrase, t16_a_wrong_passphrase_is_not_a_damaged_file) {
    Bench bench;
    (void)bench.create(passphrase_of("words"));
    EXPECT_EQ(cause_of(bench.open(passphrase_of("word"))), Problem::WrongKey);
    EXPECT_EQ(cause_of(bench.open(passphrase_of(""))), Problem::WrongKey);
    bench.file->bytes->at(200) ^= 1;
    EXPECT_EQ(cause_of(bench.open(passphrase_of("words"))), Problem::Damaged);
}

// 10: a weakened cost opens nothing, since it is bound into the slot's keys.
TEST(StorePassphrase, t10_a_weakened_cost_opens_nothing) {
    Bench bench;
    (void)bench.create(passphrase_of("words", {.passes = 2, .memory_kib = 16}));
    constexpr std::size_t kPassesAt = kHeadBytesMin + 4 + 1;
    for (const auto& [at, number] : {std::pair{kPassesAt, 1}, std::pair{kPassesAt + 4, 8}}) {
        std::string file = *bench.file->bytes;
        file[at] = static_cast<char>(number);
        file.resize(file.size() - kTrailerBytes);
        file += trailer_of(file);
        ASSERT_TRUE(parse_layout(file));
        EXPECT_EQ(cause_of(open_image(file, passphrase_of("words"))), Problem::WrongKey);
    }
}

}  // namespace
}  // namespace quantconf::secrets
