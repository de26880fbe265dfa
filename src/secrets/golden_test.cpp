// The files of format 1 that every later version has to read. Their keys were made for this purpose and
// protect nothing. UPDATE_GOLDEN=1 writes one that is missing; one that exists is never changed.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "secrets/image.hpp"
#include "secrets/record.hpp"
#include "secrets/store_state.hpp"
#include "secrets/store_testing.hpp"

namespace quantconf::secrets {
namespace {

using testing::Bench;
using testing::cause_of;
using testing::key_of;
using testing::passphrase_of;
using testing::text_of;
using namespace std::string_literals;
using namespace std::chrono_literals;

constexpr std::string_view kWords = "a passphrase for golden files only";

std::filesystem::path golden(const std::string& name) {
    return std::filesystem::path{QUANTCONF_SOURCE_DIR} / "tests/golden/store" / name;
}

std::string committed(const std::string& name, const std::string& made_now) {
    if (std::getenv("UPDATE_GOLDEN") != nullptr && !std::filesystem::exists(golden(name))) {
        std::ofstream{golden(name), std::ios::binary} << made_now;
    }
    std::ifstream file{golden(name), std::ios::binary};
    EXPECT_TRUE(file.good()) << name;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

/// Another generation, with a secret that was rotated before it was ever set: earlier programs made such.
std::string with_only_pending(Bench& bench, std::string_view before) {
    Opened opened = open_image(before, key_of('k')).value();
    Header& header = opened.contents.header;
    header.generation += 1;
    header.updated = milliseconds(bench.clock.now());
    EXPECT_TRUE(bench.audit.intend({.action = "secret.rotate"}));
    header.anchor = bench.audit.head().value();
    SecretEntry secret{.name = "not-yet", .last_number = 1};
    secret.versions.push_back(
        {.number = 1,
         .state = VersionState::Pending,
         .created = header.updated,
         .changed = header.updated,
         .by = bench.tools().actor,
         .record = seal_record(opened.keys, {header, secret.name, 1}, "only pending", bench.random).value()});
    auto& secrets = opened.contents.index.secrets;
    secrets.insert(std::ranges::upper_bound(secrets, secret.name, {}, &SecretEntry::name), std::move(secret));
    return encode_image(opened.contents, opened.keys, bench.random).value();
}

/// Every state, binding and kind of value, under a key that says what it is.
std::string every_kind() {
    Bench bench;
    Store store = bench.create(key_of('k'));
    const SecretOptions bound{.environments = {Environment::Production, Environment::Staging},
                              .hosts = {"api.example.org", "127.0.0.1"},
                              .expires = bench.clock.now() + 24h};
    EXPECT_TRUE(store.set("bound", "for some only", bound));
    EXPECT_TRUE(store.set("empty", ""));
    EXPECT_TRUE(store.set("bytes", "\0\xff\xc0 not text"s));
    EXPECT_TRUE(store.set("rotated", "retired"));
    EXPECT_TRUE(store.set("rotated", "previous"));
    bench.clock.advance(1h);
    EXPECT_TRUE(store.set("rotated", "current"));
    EXPECT_TRUE(store.rotate("rotated", "pending"));
    return with_only_pending(bench, *bench.file->bytes);
}

TEST(StoreGolden, a_file_of_format_1_is_read_for_ever) {
    Bench bench;
    bench.file->bytes = committed("format1.qcs", every_kind());

    const auto store = bench.open(key_of('k'));

    ASSERT_TRUE(store) << to_text(store.error());
    EXPECT_EQ(store->generation(), 9);
    EXPECT_EQ(store->list().size(), 5);
    EXPECT_EQ(text_of(store->get("bound")), "for some only");
    EXPECT_EQ(text_of(store->get("empty")), "");
    EXPECT_EQ(text_of(store->get("bytes")), "\0\xff\xc0 not text"s);
    EXPECT_EQ(text_of(store->get("rotated")), "current");
    EXPECT_EQ(text_of(store->get("rotated", Label::Previous)), "previous");
    EXPECT_EQ(text_of(store->get("rotated", Label::Pending)), "pending");
    EXPECT_EQ(cause_of(store->get("rotated", 1U)), Problem::Retired);
    EXPECT_EQ(cause_of(store->get("not-yet")), Problem::NotFound);
    EXPECT_EQ(cause_of(store->get("bound", Label::Current, {.environment = Environment::Development})),
              Problem::NotForEnvironment);
    EXPECT_EQ(store->info("bound")->hosts, (std::vector<std::string>{"127.0.0.1", "api.example.org"}));
    EXPECT_EQ(store->info("bound")->expires, TimePoint{std::chrono::seconds{1'800'086'400}});
    EXPECT_EQ(store->slots().at(0).label, "master key");
    EXPECT_TRUE(store->verify()->empty());
}

/// A store with a second way in.
std::string with_passphrase() {
    Bench bench;
    Store store = bench.create(key_of('k'));
    EXPECT_TRUE(store.set("key", "behind a passphrase"));
    EXPECT_TRUE(store.add_slot(passphrase_of(kWords, {.passes = 1, .memory_kib = 64}), "recovery"));
    return *bench.file->bytes;
}

TEST(StoreGolden, a_passphrase_of_format_1_opens_for_ever) {
    Bench bench;
    bench.file->bytes = committed("format1_passphrase.qcs", with_passphrase());
    const auto store = bench.open(passphrase_of(kWords));
    ASSERT_TRUE(store) << to_text(store.error());
    EXPECT_EQ(text_of(store->get("key")), "behind a passphrase");
    EXPECT_TRUE(store->slots().at(1).opened_this);
}

TEST(StoreGolden, the_same_steps_make_the_same_bytes) {
    EXPECT_TRUE(every_kind() == committed("format1.qcs", {}))
        << "the format, or what is random in it, changed";
}

}  // namespace
}  // namespace quantconf::secrets
