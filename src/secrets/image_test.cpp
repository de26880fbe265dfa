// What a thief or a broken disk can do to the bytes of a file.

#include "secrets/image.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "secrets/find.hpp"
#include "secrets/index.hpp"
#include "secrets/record.hpp"
#include "secrets/slot.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::Bench;
using testing::cause_of;
using testing::key_of;
using testing::passphrase_of;
using testing::text_of;

/// A store with a few secrets of one size.
struct Filled : Bench {
    Filled() {
        Store store = create();
        EXPECT_TRUE(store.set("a", "value of a"));
        EXPECT_TRUE(store.set("b", "value of b"));
        EXPECT_TRUE(store.set("b", "later value of b"));
        EXPECT_TRUE(store.set("c", "value of c"));
    }

    [[nodiscard]] std::string& bytes() const { return *file->bytes; }
    [[nodiscard]] Opened opened() const { return open_image(bytes(), key_of('k')).value(); }
    /// Writes what somebody with all the keys of the store would write.
    void write(Opened& opened) { file->bytes = encode_image(opened.contents, opened.keys, random).value(); }
};

/// A checksum that anybody can make.
std::string with_right_trailer(std::string file) {
    file.resize(file.size() - kTrailerBytes);
    return file + trailer_of(file);
}

VersionEntry& version_of(Opened& opened, std::string_view name, VersionState state) {
    return *find_version(*find_secret(opened.contents.index, name), state);
}

// 1: swap the ciphertexts of two secrets: refused by name, the others stay readable.
TEST(StoreImage, t01_swapped_records_are_refused_by_name) {
    Filled bench;
    Opened opened = bench.opened();
    std::swap(version_of(opened, "a", VersionState::Current).record,
              version_of(opened, "c", VersionState::Current).record);
    bench.write(opened);

    const Store store = bench.open().value();

    const auto refused = store.get("a");
    EXPECT_EQ(cause_of(refused), Problem::Tampered);
    EXPECT_TRUE(refused.error().subject.contains("\"a\"")) << refused.error().subject;
    EXPECT_EQ(bench.audit.lines.back(), "refused secret.get a");
    EXPECT_EQ(cause_of(store.get("c")), Problem::Tampered);
    EXPECT_EQ(text_of(store.get("b")), "later value of b");
    EXPECT_EQ(store.verify().value(), (std::vector<std::string>{"a", "c"}));
}

TEST(StoreImage, t01_without_the_keys_a_swap_is_noticed_at_once) {
    Filled bench;
    const Layout layout = parse_layout(bench.bytes()).value();
    const std::size_t record = layout.records.size() / 4;
    const auto at = static_cast<std::size_t>(layout.records.data() - bench.bytes().data());
    const std::string first{layout.records.substr(0, record)};
    std::string file = bench.bytes();
    file.replace(at, record, file.substr(at + 3 * record, record));
    file.replace(at + 3 * record, record, first);
    bench.file->bytes = with_right_trailer(file);

    EXPECT_EQ(cause_of(bench.open()), Problem::Tampered);

    const auto store = bench.open(key_of('k'), {.accept_damage = true});
    ASSERT_TRUE(store);
    EXPECT_EQ(cause_of(store->get("a")), Problem::Tampered);
    EXPECT_EQ(text_of(store->get("b")), "later value of b");
}

// 2: replace v3 by v2 of the same name.
TEST(StoreImage, t02_an_older_version_is_not_taken_for_a_newer_one) {
    Filled bench;
    Opened opened = bench.opened();
    version_of(opened, "b", VersionState::Current).record =
        version_of(opened, "b", VersionState::Previous).record;
    bench.write(opened);
    const Store store = bench.open().value();
    EXPECT_EQ(cause_of(store.get("b")), Problem::Tampered);
    EXPECT_EQ(text_of(store.get("b", Label::Previous)), "value of b");
}

// 3: copy a record into another store with the same key.
TEST(StoreImage, t03_a_record_opens_in_its_own_store_only) {
    Filled bench;
    Opened opened = bench.opened();
    const std::string record = version_of(opened, "a", VersionState::Current).record;
    const RecordIdentity own{opened.contents.header, "a", 1};
    ASSERT_TRUE(open_record(opened.keys, own, record));

    Header other = opened.contents.header;
    other.uuid[0] ^= 1;
    EXPECT_FALSE(open_record(opened.keys, {other, "a", 1}, record)) << "even under the same root key";
    const KeyRing keys{crypto::SecretBytes::copy_of(opened.keys.root()), other};
    EXPECT_FALSE(open_record(keys, {other, "a", 1}, record));
    Header later = opened.contents.header;
    later.term += 1;
    EXPECT_FALSE(open_record(opened.keys, {later, "a", 1}, record));
}

// 4: flip every bit of the file: never a crash, never a wrong value; each flip is refused.
TEST(StoreImage, t04_no_flipped_bit_goes_unnoticed) {
    const Filled bench;
    std::string file = bench.bytes();
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
        file[bit / 8] ^= static_cast<char>(1U << (bit % 8));
        EXPECT_EQ(cause_of(open_image(file, key_of('k'))), Problem::Damaged) << "bit " << bit;
        file[bit / 8] ^= static_cast<char>(1U << (bit % 8));
    }
}

TEST(StoreImage, t04_no_flipped_bit_under_a_right_checksum_goes_unnoticed) {
    const Filled bench;
    std::string file = bench.bytes();
    for (std::size_t bit = 0; bit < (file.size() - kTrailerBytes) * 8; ++bit) {
        file[bit / 8] ^= static_cast<char>(1U << (bit % 8));
        EXPECT_FALSE(open_image(with_right_trailer(file), key_of('k'))) << "bit " << bit;
        file[bit / 8] ^= static_cast<char>(1U << (bit % 8));
    }
}

TEST(StoreImage, t04_a_damaged_store_gives_right_values_or_none) {
    Filled bench;
    const std::string whole = bench.bytes();
    std::size_t readable = 0;
    for (std::size_t at = 0; at < whole.size(); at += 5) {
        bench.bytes() = whole;
        bench.bytes()[at] ^= 0x10;
        const auto store = bench.open(key_of('k'), {.accept_damage = true});
        if (!store) {
            continue;
        }
        for (const auto& [name, value] : {std::pair{"a", "value of a"}, std::pair{"b", "later value of b"}}) {
            const auto found = store->get(name);
            readable += found ? 1U : 0U;
            EXPECT_TRUE(!found || found->view() == value) << "byte " << at;
        }
    }
    EXPECT_GT(readable, 100) << "other secrets stay readable where the damage allows";
}

TEST(StoreImage, a_store_opened_in_spite_of_its_damage_is_only_read) {
    Filled bench;
    bench.bytes().back() ^= 1;
    Store store = bench.open(key_of('k'), {.accept_damage = true}).value();
    const std::string before = bench.bytes();
    EXPECT_EQ(cause_of(store.set("a", "x")), Problem::Damaged);
    EXPECT_EQ(cause_of(store.rekey(key_of('n'))), Problem::Damaged);
    EXPECT_EQ(bench.bytes(), before);
}

// 5: truncate at every byte; append bytes.
TEST(StoreImage, t05_a_file_that_is_too_short_or_too_long_is_refused) {
    Filled bench;
    const std::string file = bench.bytes();
    for (std::size_t size = 0; size < file.size(); ++size) {
        EXPECT_EQ(cause_of(open_image(file.substr(0, size), key_of('k'))), Problem::Damaged) << size;
        EXPECT_FALSE(parse_layout(file.substr(0, size))) << size;
    }
    for (const std::string_view more :
         {std::string_view{"\0", 1}, std::string_view{"x"}, std::string_view{"\n"}}) {
        EXPECT_EQ(cause_of(open_image(file + std::string{more}, key_of('k'))), Problem::Damaged);
        EXPECT_EQ(cause_of(open_image(with_right_trailer(file + std::string{more}), key_of('k'))),
                  Problem::Tampered);
    }
    bench.bytes().resize(10);
    const auto refused = bench.open();
    EXPECT_TRUE(refused.error().hint.contains("state/secrets.qcs.prev")) << refused.error().hint;
}

/// The file of a store with one slot, with `count` bytes from `at` on replaced by a number.
std::string with_number(std::string file, std::size_t at, std::size_t count, std::uint64_t number) {
    for (std::size_t i = 0; i < count; ++i) {
        file[at + i] = static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
    }
    return with_right_trailer(std::move(file));
}

constexpr std::size_t kFormatAt = 8;
constexpr std::size_t kIndexSizeAt = 8 + 4 + 16 + 8 + 4 + 8 + 8 + 8 + 32 + 32;
constexpr std::size_t kRecordsSizeAt = kIndexSizeAt + 4;
constexpr std::size_t kSlotCountAt = kRecordsSizeAt + 4;
constexpr std::size_t kSlotAt = kSlotCountAt + 1;
constexpr std::size_t kSlotKindAt = kSlotAt + 4;
constexpr std::size_t kPassesAt = kSlotKindAt + 1;
constexpr std::size_t kMemoryAt = kPassesAt + 4;

// 8: lengths of 0, 2^31 and more: refused, in bounded memory.
TEST(StoreImage, t08_lengths_that_do_not_fit_are_refused) {
    const Filled bench;
    for (const std::uint64_t length : {0ULL, 1ULL, 0x7fffffffULL, 0x80000000ULL, 0xffffffffULL}) {
        for (const std::size_t at : {kIndexSizeAt, kRecordsSizeAt}) {
            const std::string file = with_number(bench.bytes(), at, 4, length);
            EXPECT_EQ(parse_layout(file).error(), Problem::Damaged);
            EXPECT_EQ(cause_of(open_image(file, key_of('k'))), Problem::Tampered);
        }
    }
    for (const std::uint64_t slots : {0U, 2U, 9U, 255U}) {
        EXPECT_FALSE(parse_layout(with_number(bench.bytes(), kSlotCountAt, 1, slots))) << slots;
    }
}

TEST(StoreImage, t08_slots_with_the_same_id_are_refused) {
    Filled bench;
    Opened opened = bench.opened();
    opened.contents.slots.push_back(opened.contents.slots.front());
    bench.write(opened);
    EXPECT_EQ(parse_layout(bench.bytes()).error(), Problem::Damaged);
}

TEST(StoreImage, t08_an_index_with_a_name_or_a_number_twice_is_refused) {
    for (const bool whole_secret : {true, false}) {
        Filled bench;
        Opened opened = bench.opened();
        auto& secrets = opened.contents.index.secrets;
        if (whole_secret) {
            secrets.push_back(secrets.back());
        } else {
            secrets.back().versions.push_back(secrets.back().versions.back());
        }
        bench.write(opened);
        EXPECT_EQ(cause_of(bench.open()), Problem::Tampered);
    }
}

/// A store whose only slot has a passphrase.
std::string with_passphrase_slot(Filled& bench) {
    Opened opened = bench.opened();
    opened.contents.slots.front() = slot_for(1, "recovery", passphrase_of("words"));
    bench.write(opened);
    return bench.bytes();
}

// 9: tampered cost (64 GiB, 2^31 passes): refused before anything is allocated.
TEST(StoreImage, t09_a_cost_above_the_cap_is_refused_before_it_is_paid) {
    Filled bench;
    const std::string file = with_passphrase_slot(bench);
    const auto cause = [&](std::size_t at, std::uint64_t number) {
        return cause_of(open_image(with_number(file, at, 4, number), passphrase_of("words")));
    };
    EXPECT_EQ(cause(kMemoryAt, 64ULL * 1024 * 1024), Problem::KdfTooExpensive);
    EXPECT_EQ(cause(kMemoryAt, limits::kKdfMemoryKibMax + 1), Problem::KdfTooExpensive);
    EXPECT_EQ(cause(kPassesAt, 1ULL << 31U), Problem::KdfTooExpensive);
    EXPECT_EQ(cause(kPassesAt, limits::kKdfPassesMax + 1), Problem::KdfTooExpensive);

    EXPECT_TRUE(parse_layout(with_number(file, kPassesAt, 4, limits::kKdfPassesMax)));
    EXPECT_TRUE(parse_layout(with_number(file, kMemoryAt, 4, limits::kKdfMemoryKibMax)));
    EXPECT_TRUE(parse_layout(with_number(file, kMemoryAt, 4, limits::kKdfMemoryKibMin)));
    EXPECT_EQ(parse_layout(with_number(file, kMemoryAt, 4, limits::kKdfMemoryKibMin - 1)).error(),
              Problem::Damaged);
    EXPECT_EQ(parse_layout(with_number(file, kPassesAt, 4, 0)).error(), Problem::Damaged);
}

// 11: downgrade of the format: only what is known is read.
TEST(StoreImage, t11_no_other_format_is_read) {
    const Filled bench;
    for (const std::uint64_t format : {0U, 2U, 256U, 0xffffffffU}) {
        EXPECT_EQ(cause_of(open_image(with_number(bench.bytes(), kFormatAt, 4, format), key_of('k'))),
                  Problem::UnknownFormat);
    }
    std::string other = bench.bytes();
    other[7] = '2';
    EXPECT_EQ(cause_of(open_image(with_right_trailer(other), key_of('k'))), Problem::UnknownFormat);
    for (const std::uint64_t kind : {0U, 3U, 255U}) {
        EXPECT_FALSE(parse_layout(with_number(bench.bytes(), kSlotKindAt, 1, kind)));
    }
}

// 12: an unknown field. The grammar of a format is exact: there is no place for one.
TEST(StoreImage, t12_bytes_that_the_grammar_does_not_know_are_refused) {
    Filled bench;
    const Opened opened = bench.opened();
    const crypto::SecretBytes index = encode_index(opened.contents.index);
    const std::string records = concatenate_records(opened.contents.index);
    ASSERT_TRUE(parse_index(index.view(), records));
    EXPECT_FALSE(parse_index(std::string{index.view()} + '\0', records));
    EXPECT_FALSE(parse_index(index.view(), records + '\0'));
    EXPECT_FALSE(parse_index(index.view().substr(0, index.size() - 1), records));
    EXPECT_FALSE(parse_index(index.view(), records.substr(1)));

    const Layout layout = parse_layout(bench.bytes()).value();
    const std::size_t end_of_head = layout.head.size();
    std::string longer = bench.bytes();
    longer.insert(end_of_head, "extra");
    EXPECT_EQ(cause_of(open_image(with_right_trailer(longer), key_of('k'))), Problem::Tampered);
}

// 17: a tag of 4 to 15 bytes. The length of a record says how long its tag is; none is shorter.
TEST(StoreImage, t17_a_shortened_tag_is_refused) {
    Filled bench;
    Opened opened = bench.opened();
    const std::string record = version_of(opened, "a", VersionState::Current).record;
    const RecordIdentity identity{opened.contents.header, "a", 1};
    for (std::size_t cut = 1; cut <= crypto::kAeadTagBytes; ++cut) {
        EXPECT_FALSE(open_record(opened.keys, identity, record.substr(0, record.size() - cut)));
    }
    version_of(opened, "a", VersionState::Current).record.resize(record.size() - 4);
    bench.write(opened);
    EXPECT_EQ(cause_of(bench.open()), Problem::Tampered);
}

}  // namespace
}  // namespace quantconf::secrets
