#include "value/canonical.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/sha256.hpp"

namespace quantconf::value {
namespace {

using namespace std::chrono_literals;

TEST(Canonical, every_kind_has_one_spelling) {
    EXPECT_EQ(canonical(Value::absent()), "null");
    EXPECT_EQ(canonical(Value::boolean(true)), "true");
    EXPECT_EQ(canonical(Value::boolean(false)), "false");
    EXPECT_EQ(canonical(Value::integer(-7)), "-7");
    EXPECT_EQ(canonical(Value::unsigned_integer(std::numeric_limits<std::uint64_t>::max())),
              "18446744073709551615");
    EXPECT_EQ(canonical(Value::number(5)), "5.0");
    EXPECT_EQ(canonical(Value::number(-std::numeric_limits<double>::infinity())), R"("-.inf")");
    EXPECT_EQ(canonical(Value::text("US/Eastern")), R"("US/Eastern")");
    EXPECT_EQ(canonical(Value::duration(90min)), R"("1h30m")");
    EXPECT_EQ(canonical(Value::size({1024})), R"("1KiB")");
}

TEST(Canonical, text_escapes_only_what_json_must) {
    EXPECT_EQ(canonical(Value::text("a\"b\\c/d\n\x7f\xc3\xa9")), "\"a\\\"b\\\\c/d\\u000a\x7f\xc3\xa9\"");
}

TEST(Canonical, members_stand_in_the_order_of_their_bytes) {
    const std::array members{Member{"b", Value::integer(1)}, Member{"\xc3\xa9", Value::integer(2)},
                             Member{"a", Value::integer(3)}, Member{"B", Value::integer(4)},
                             Member{"ab", Value::integer(5)}};
    EXPECT_EQ(canonical(Value::map(members)), "{\"B\":4,\"a\":3,\"ab\":5,\"b\":1,\"\xc3\xa9\":2}");
}

TEST(Canonical, absent_members_are_left_out_but_list_places_are_kept) {
    const std::array items{Value::absent(), Value::integer(1)};
    const std::array members{Member{"gone", Value::absent()}, Member{"list", Value::list(items)},
                             Member{"none", Value::list({})}, Member{"empty", Value::map({})}};
    EXPECT_EQ(canonical(Value::map(members)), R"({"empty":{},"list":[null,1],"none":[]})");
}

TEST(Canonical, a_secret_is_its_reference_and_never_its_text) {
    EXPECT_EQ(canonical(Value::secret("SECURE:polygon_key", true)), R"({"secret":"SECURE:polygon_key"})");
    EXPECT_EQ(canonical(Value::secret("canary-7f3a", false)), R"({"secret":null})");
}

TEST(Canonical, does_not_depend_on_the_order_of_insertion) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    std::array inner{Member{"x", Value::integer(1)}, Member{"y", Value::integer(2)}};
    std::vector<Member> outer{{"map", Value::map(inner)},
                              {"one", Value::text("1")},
                              {"two", Value::number(2)},
                              {"three", Value::boolean(true)}};
    const std::string expected = canonical(Value::map(outer));
    for (int i = 0; i < 50; ++i) {
        std::ranges::shuffle(inner, random);
        std::ranges::shuffle(outer, random);
        EXPECT_EQ(canonical(Value::map(outer)), expected);
    }
}

TEST(Canonical, different_values_have_different_forms) {
    EXPECT_NE(canonical(Value::integer(5)), canonical(Value::number(5)));
    EXPECT_NE(canonical(Value::integer(5)), canonical(Value::text("5")));
    EXPECT_NE(canonical(Value::number(0.1)), canonical(Value::number(0.1 + 1e-17 * 10)));
    const std::array nested{Value::integer(1), Value::integer(2)};
    const std::array swapped{Value::integer(2), Value::integer(1)};
    EXPECT_NE(canonical(Value::list(nested)), canonical(Value::list(swapped)));
}

TEST(Canonical, the_example_in_the_documents_is_true) {
    const std::array trading{Member{"max_position_size", Value::number(0.05)}};
    const std::array cache{Member{"ttl", Value::duration(60min)},
                           Member{"max_size", Value::size({512ULL << 20U})}};
    const std::array root{Member{"trading", Value::map(trading)}, Member{"cache", Value::map(cache)},
                          Member{"polygon_api_key", Value::secret("SECURE:polygon_key", true)},
                          Member{"unset", Value::absent()}};
    const std::string text = canonical(Value::map(root));

    std::ifstream file{QUANTCONF_SOURCE_DIR "/docs/formats.md"};
    const std::string document{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_TRUE(document.contains("\n" + text + "\n")) << text;
    EXPECT_TRUE(document.contains("`" + crypto::sha256_hex(text) + "`"));
}

}  // namespace
}  // namespace quantconf::value
