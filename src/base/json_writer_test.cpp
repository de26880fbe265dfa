#include "base/json_writer.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace quantconf {
namespace {

using Layout = JsonWriter::Layout;

TEST(JsonWriter, writes_compact_text) {
    JsonWriter json{Layout::Compact};
    json.begin_object().member("a", 1).key("b").begin_array().value("x").value(true).null().end_array();
    json.key("c").begin_object().end_object().end_object();
    EXPECT_EQ(json.take(), R"({"a":1,"b":["x",true,null],"c":{}})");
}

TEST(JsonWriter, writes_pretty_text_with_a_newline_at_the_end) {
    JsonWriter json;
    json.begin_object().member("a", 1).key("b").begin_array().value(2).value(3).end_array();
    json.key("empty").begin_array().end_array().end_object();
    EXPECT_EQ(json.take(), "{\n  \"a\": 1,\n  \"b\": [\n    2,\n    3\n  ],\n  \"empty\": []\n}\n");
}

TEST(JsonWriter, is_empty_after_take_and_may_be_used_again) {
    JsonWriter json{Layout::Compact};
    json.value(1);
    EXPECT_EQ(json.take(), "1");
    json.value("two");
    EXPECT_EQ(json.take(), "\"two\"");
}

TEST(JsonWriter, escapes_what_json_wants_escaped) {
    EXPECT_EQ(json_quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(json_quoted("\n\t\r\x01\x1b"), R"("\n\t\u000d\u0001\u001b")");
    EXPECT_EQ(json_quoted(std::string_view{"\0", 1}), R"("\u0000")");
    EXPECT_EQ(json_quoted("é😀"), "\"é😀\"");
}

TEST(JsonWriter, stays_valid_and_harmless_for_any_bytes) {
    EXPECT_EQ(json_quoted("caf\xE9"), R"("caf\ufffd")");
    EXPECT_EQ(json_quoted("\xE2\x80\xAE\xF3\xA0\x80\xA0"), R"("\u202e\udb40\udc20")");
}

TEST(JsonWriter, numbers_read_back_as_the_same) {
    JsonWriter json{Layout::Compact};
    json.begin_array().value(0.1).value(1e300).value(5.0).value(-0.05);
    json.value(std::numeric_limits<std::uint64_t>::max()).value(std::numeric_limits<std::int64_t>::min());
    json.value(std::nan("")).value(std::numeric_limits<double>::infinity()).end_array();
    EXPECT_EQ(json.take(), "[0.1,1e+300,5,-0.05,18446744073709551615,-9223372036854775808,null,null]");
}

TEST(JsonWriterDeathTest, calls_that_would_not_be_json_stop_the_program) {
    EXPECT_DEATH(JsonWriter{}.begin_object().value(1), "condition");
    EXPECT_DEATH(JsonWriter{}.begin_array().key("a"), "condition");
    EXPECT_DEATH(JsonWriter{}.begin_array().end_object(), "condition");
    EXPECT_DEATH(JsonWriter{}.begin_object().key("a").end_object(), "condition");
    EXPECT_DEATH(JsonWriter{}.value(1).value(2), "condition");
    EXPECT_DEATH((void)JsonWriter{}.begin_array().take(), "condition");
    EXPECT_DEATH((void)JsonWriter{}.take(), "condition");
}

}  // namespace
}  // namespace quantconf
