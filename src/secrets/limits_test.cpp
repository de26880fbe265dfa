// Each limit, on both sides.

#include "secrets/limits.hpp"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "secrets/image.hpp"
#include "secrets/index.hpp"
#include "secrets/record.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::Bench;
using testing::cause_of;
using testing::key_of;
using testing::text_of;

TEST(StoreLimits, a_value_has_at_most_a_mebibyte) {
    Bench bench;
    Store store = bench.create();
    ASSERT_TRUE(store.set("key", std::string(limits::kValueBytes, 'v')));
    EXPECT_EQ(cause_of(store.set("key", std::string(limits::kValueBytes + 1, 'v'))), Problem::TooLarge);
    EXPECT_EQ(cause_of(store.rotate("key", std::string(limits::kValueBytes + 1, 'v'))), Problem::TooLarge);
    EXPECT_EQ(bench.open()->get("key")->size(), limits::kValueBytes);
}

TEST(StoreLimits, a_name_follows_the_grammar) {
    Bench bench;
    Store store = bench.create();
    for (const std::string& name : {std::string{"a"}, std::string{"0.a-B_c"}, std::string(128, 'n')}) {
        EXPECT_TRUE(store.set(name, "v")) << name;
    }
    using namespace std::string_literals;
    for (const std::string& name : {""s, ".a"s, "-a"s, "_a"s, "a b"s, "a/b"s, "../x"s, "a\0b"s, "\xc3\xa4"s,
                                    "a@1"s, std::string(129, 'n')}) {
        EXPECT_EQ(cause_of(store.set(name, "v")), Problem::BadName) << name;
        EXPECT_EQ(cause_of(store.rotate(name, "v")), Problem::BadName) << name;
    }
    EXPECT_EQ(store.list().size(), 3);
}

TEST(StoreLimits, ten_versions_are_remembered) {
    Bench bench;
    Store store = bench.create();
    for (std::size_t i = 1; i <= limits::kVersions; ++i) {
        ASSERT_TRUE(store.set("key", "v"));
        EXPECT_EQ(store.info("key")->versions.size(), i);
    }
    ASSERT_TRUE(store.set("key", "v"));
    EXPECT_EQ(store.info("key")->versions.size(), limits::kVersions);
    EXPECT_EQ(store.info("key")->versions.front().number, 2);
    EXPECT_EQ(cause_of(store.get("key", 1U)), Problem::NotFound);
}

TEST(StoreLimits, eight_slots_open_a_store) {
    Bench bench;
    Store store = bench.create();
    for (std::size_t i = 1; i < limits::kSlots; ++i) {
        ASSERT_TRUE(store.add_slot(key_of(static_cast<char>('0' + i)), "slot"));
    }
    EXPECT_EQ(cause_of(store.add_slot(key_of('9'), "slot")), Problem::TooMany);
    EXPECT_TRUE(bench.open(key_of('7')));
}

TEST(StoreLimits, a_slot_label_has_64_visible_characters) {
    Bench bench;
    Store store = bench.create();
    EXPECT_TRUE(store.add_slot(key_of('1'), std::string(limits::kSlotLabelBytes, 'l')));
    EXPECT_TRUE(store.add_slot(key_of('2'), ""));
    EXPECT_EQ(cause_of(store.add_slot(key_of('3'), std::string(limits::kSlotLabelBytes + 1, 'l'))),
              Problem::BadName);
    EXPECT_EQ(cause_of(store.add_slot(key_of('3'), "line\nbreak")), Problem::BadName);
    EXPECT_EQ(store.slots().at(1).label.size(), limits::kSlotLabelBytes);
    EXPECT_EQ(cause_of(Store::create(bench.file, key_of('k'), bench.tools(), {}, "\x1b[31m")),
              Problem::BadName);
}

TEST(StoreLimits, a_secret_is_bound_to_at_most_16_hosts) {
    Bench bench;
    Store store = bench.create();
    SecretOptions options;
    for (std::size_t i = 0; i < limits::kHosts; ++i) {
        options.hosts.push_back(fmt::format("h{}.example.org", i));
    }
    EXPECT_TRUE(store.set("key", "v", options));
    options.hosts.emplace_back("one-more.example.org");
    EXPECT_EQ(cause_of(store.set("key", "v", options)), Problem::BadName);
    EXPECT_EQ(cause_of(store.set("key", "v", SecretOptions{.hosts = {"https://a.example.org/"}})),
              Problem::BadName);
    EXPECT_EQ(store.info("key")->versions.size(), 1) << "nothing of a refused change stays";
}

TEST(StoreLimits, a_long_name_of_a_person_is_cut) {
    Bench bench;
    StoreTools tools = bench.tools();
    tools.actor = std::string(1000, 'p');
    Store store = Store::create(bench.file, key_of('k'), tools).value();
    ASSERT_TRUE(store.set("key", "v"));
    EXPECT_EQ(store.info("key")->versions.front().by.size(), limits::kActorBytes);
}

/// An index made by hand: thousands of single changes would take thousands of generations.
Opened with_secrets(Bench& bench, std::size_t count, std::size_t value_size) {
    Opened opened = open_image(*bench.file->bytes, key_of('k')).value();
    for (std::size_t i = 0; i < count; ++i) {
        SecretEntry secret{.name = fmt::format("s{:05}", i), .last_number = 1};
        std::string record = seal_record(opened.keys, {opened.contents.header, secret.name, 1},
                                         std::string(value_size, 'v'), bench.random)
                                 .value();
        secret.versions.push_back({.number = 1, .state = VersionState::Current, .record = std::move(record)});
        opened.contents.index.secrets.push_back(std::move(secret));
    }
    return opened;
}

TEST(StoreLimits, a_store_holds_4000_secrets) {
    Bench bench;
    (void)bench.create();
    Opened full = with_secrets(bench, limits::kSecrets - 1, 1);
    bench.file->bytes = encode_image(full.contents, full.keys, bench.random).value();
    Store store = bench.open().value();
    ASSERT_TRUE(store.set("t1", "the last one"));
    EXPECT_EQ(cause_of(store.set("t2", "one more")), Problem::TooMany);
    EXPECT_TRUE(store.set("t1", "an existing one")) << "still";
    EXPECT_EQ(text_of(bench.open()->get("t1")), "an existing one");

    Opened more = with_secrets(bench, 0, 0);
    more.contents.index.secrets.push_back(more.contents.index.secrets.back());
    more.contents.index.secrets.back().name = "t2";
    bench.file->bytes = encode_image(more.contents, more.keys, bench.random).value();
    EXPECT_EQ(cause_of(bench.open()), Problem::Tampered);
}

TEST(StoreLimits, a_file_has_at_most_16_mebibytes) {
    Bench bench;
    (void)bench.create();
    Opened nearly = with_secrets(bench, 15, limits::kValueBytes);
    const auto image = encode_image(nearly.contents, nearly.keys, bench.random);
    ASSERT_TRUE(image);
    bench.file->bytes = *image;
    Store store = bench.open().value();
    const auto refused = store.set("t1", std::string(limits::kValueBytes, 'v'));
    EXPECT_EQ(cause_of(refused), Problem::TooLarge);
    EXPECT_TRUE(refused.error().hint.contains("16 MiB")) << refused.error().hint;
    EXPECT_EQ(*bench.file->bytes, *image);
    EXPECT_EQ(parse_layout(*image + std::string(limits::kFileBytes, 'x')).error(), Problem::TooLarge);
}

}  // namespace
}  // namespace quantconf::secrets
