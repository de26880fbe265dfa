#include "audit/record.hpp"

#include <set>
#include <type_traits>

#include <gtest/gtest.h>

#include "audit/row.hpp"
#include "base/limits.hpp"

namespace quantconf::audit {
namespace {

Record sample() {
    return {.seq = 7,
            .phase = Phase::Result,
            .result = Result::Done,
            .is_keyed = true,
            .refers_to = 6,
            .at = Time{std::chrono::microseconds{-1}},
            .actor = {.host = "h", .uid = 1000, .user = "u", .pid = 42, .program = "p"},
            .action = "secret.set",
            .target = "secret:k",
            .from = "1",
            .to = "2",
            .detail = ""};
}

TEST(AuditRecord, reads_back_as_it_was_written) {
    EXPECT_EQ(decode(encode(sample())), sample());
}

// docs/formats.md shows these bytes: a change here is a change of the format.
TEST(AuditRecord, its_bytes_are_those_of_the_documentation) {
    using namespace std::string_view_literals;
    EXPECT_EQ(encode(sample()),
              "\x01\x03\x01\x01"
              "\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x06"
              "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\x03\xe8\0\0\0\x2a"
              "\0\x01h\0\x01u\0\x01p"
              "\0\x0asecret.set\0\x08secret:k\0\x01"
              "1\0\x01"
              "2\0\0"sv);
}

TEST(AuditRecord, bytes_that_are_cut_or_continued_are_not_a_record) {
    const std::string bytes = encode(sample());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_EQ(decode(bytes.substr(0, length)), std::nullopt) << length;
    }
    EXPECT_EQ(decode(bytes + '\0'), std::nullopt);
}

TEST(AuditRecord, every_changed_bit_is_another_record_or_none) {
    const std::string bytes = encode(sample());
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string changed = bytes;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        const std::optional<Record> read = decode(changed);
        EXPECT_NE(read, sample()) << bit;
        EXPECT_TRUE(!read || encode(*read) == changed) << bit;
    }
}

TEST(AuditRecord, a_text_of_the_longest_length_is_read_and_a_longer_one_is_not) {
    Record record = sample();
    record.detail.assign(limits::kAuditFieldBytes, 'x');
    std::string bytes = encode(record);
    EXPECT_EQ(decode(bytes), record);
    const std::size_t length_at = bytes.size() - limits::kAuditFieldBytes - 2;
    bytes[length_at + 1] = static_cast<char>(bytes[length_at + 1] + 1);
    EXPECT_EQ(decode(bytes + 'x'), std::nullopt);
}

TEST(AuditRecord, only_a_result_refers_to_another_record_and_that_is_older) {
    Record record = sample();
    record.refers_to = 7;
    EXPECT_EQ(decode(encode(record)), std::nullopt);
    record.refers_to = 0;
    EXPECT_EQ(decode(encode(record)), std::nullopt);
    record.phase = Phase::Single;
    EXPECT_EQ(decode(encode(record)), record);
    record.refers_to = 6;
    EXPECT_EQ(decode(encode(record)), std::nullopt);
}

TEST(AuditRecord, an_intent_has_no_result_and_everything_else_has_one) {
    Record record = sample();
    record.result = Result::Unfinished;
    EXPECT_EQ(decode(encode(record)), std::nullopt);
    record.phase = Phase::Intent;
    record.refers_to = 0;
    EXPECT_EQ(decode(encode(record)), record);
    record.result = Result::Done;
    EXPECT_EQ(decode(encode(record)), std::nullopt);
}

// 45: a numeric, boolean or bytes secret in the audit: never raw, allow-listed fields only.
TEST(AuditRecord, t45_no_field_takes_a_text_a_number_or_bytes_that_could_be_a_secret) {
    static_assert(!std::is_constructible_v<Target, std::string_view>);
    static_assert(!std::is_constructible_v<Target, const char*>);
    static_assert(!std::is_constructible_v<Version, std::string_view>);
    static_assert(!std::is_constructible_v<Version, std::uint64_t>);
    static_assert(!std::is_constructible_v<Version, bool>);
    static_assert(!std::is_constructible_v<Detail, std::string_view>);
    static_assert(!std::is_convertible_v<std::string, Entry>);
}

TEST(AuditRecord, t45_what_is_not_a_name_is_not_written_down) {
    const std::string long_name(129, 'a');
    for (const std::string_view text : {"", "two words", "line\nbreak", "\x1b[31m", "pass/word=", ".hidden",
                                        "k\xc3\xa9y", long_name.c_str()}) {
        EXPECT_EQ(Target::secret(text).text(), "secret:(not a name)") << text;
        EXPECT_EQ(Target::environment(text).text(), "environment:(not a name)") << text;
        EXPECT_EQ(Detail{}.environment(text).text(), "environment=(not a name)") << text;
    }
    EXPECT_EQ(Target::secret("polygon_key.v2-x").text(), "secret:polygon_key.v2-x");
    EXPECT_EQ(Target::secret(long_name.substr(1)).text(), "secret:" + long_name.substr(1));
    EXPECT_EQ(Target::config("data.\xc3\xa9t\xc3\xa9").text(), "config:data.\xc3\xa9t\xc3\xa9");
    EXPECT_EQ(Target::config("a\nb").text(), "config:(not a name)");
    EXPECT_EQ(Detail{}.host("api.example.com:443").text(), "host=api.example.com:443");
    EXPECT_EQ(Detail{}.host("https://user:pass@host/").text(), "host=(not a name)");
    EXPECT_EQ(Version::hash("1234").text(), "sha256:(not a hash)");
    EXPECT_EQ(Version::hash(std::string(64, 'a')).text(), "sha256:" + std::string(64, 'a'));
}

TEST(AuditRecord, a_value_is_known_again_by_its_tag_and_only_under_the_same_key) {
    EXPECT_EQ(tag_of("key", "true"), tag_of("key", "true"));
    EXPECT_NE(tag_of("key", "true"), tag_of("key", "false"));
    EXPECT_NE(tag_of("key", "true"), tag_of("other", "true"));
    EXPECT_EQ(Version::tag({.bytes = {0, 1, 2, 3, 4, 5, 6, '\xff'}}).text(), "tag:00010203040506ff");
}

TEST(AuditRecord, a_detail_names_a_cause_by_number_and_never_by_message) {
    const auto cause = std::make_error_code(std::errc::permission_denied);
    EXPECT_EQ(Detail{}.cause(cause).count(3).generation(9).text(), "cause=generic:13 count=3 generation=9");
}

TEST(AuditRecord, every_action_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    const int last = static_cast<int>(Action::AuditExport);
    for (int action = 0; action <= last; ++action) {
        names.insert(to_text(static_cast<Action>(action)));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
    EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace quantconf::audit
