#include "schema/secret_reference.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::schema {
namespace {

TEST(SecretReference, names_a_secret) {
    const auto reference = parse_secret_reference("SECURE:polygon_key");
    ASSERT_TRUE(reference);
    EXPECT_EQ(reference->name, "polygon_key");
    EXPECT_FALSE(reference->is_optional);
    EXPECT_FALSE(reference->is_previous);
    EXPECT_EQ(reference->version, 0U);
}

TEST(SecretReference, may_be_optional_and_may_name_a_version) {
    EXPECT_TRUE(parse_secret_reference("SECURE:?a")->is_optional);
    EXPECT_EQ(parse_secret_reference("SECURE:a@3")->version, 3U);
    EXPECT_EQ(parse_secret_reference("SECURE:a@4294967295")->version, 4294967295U);
    EXPECT_TRUE(parse_secret_reference("SECURE:a@previous")->is_previous);
    EXPECT_EQ(parse_secret_reference("SECURE:?A.b-c_9@12")->name, "A.b-c_9");
}

TEST(SecretReference, t62_anything_else_is_none) {
    for (const auto* text : {"",
                             "SECURE",
                             "SECURE:",
                             "SECURE:?",
                             "SECURE::a",
                             "SECURE: a",
                             "SECURE:a ",
                             "secure:a",
                             "SECURE:-a",
                             "SECURE:.a",
                             "SECURE:_a",
                             "SECURE:a/b",
                             "SECURE:a b",
                             "SECURE:??a",
                             "SECURE:a@",
                             "SECURE:a@0",
                             "SECURE:a@03",
                             "SECURE:a@-1",
                             "SECURE:a@+1",
                             "SECURE:a@x",
                             "SECURE:a@Previous",
                             "SECURE:a@1@2",
                             "SECURE:a@4294967296",
                             "SECURE:@1",
                             " SECURE:a",
                             "SECURE:\xc3\xa9",
                             "SECURE:sk-live=="}) {
        EXPECT_FALSE(parse_secret_reference(text)) << text;
    }
}

TEST(SecretReference, t62_a_name_has_up_to_128_characters) {
    EXPECT_TRUE(valid_secret_name(std::string(128, 'a')));
    EXPECT_FALSE(valid_secret_name(std::string(129, 'a')));
    EXPECT_FALSE(valid_secret_name(""));
}

}  // namespace
}  // namespace quantconf::schema
