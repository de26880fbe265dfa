#include "quantconf/detail/codec.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "quantconf/schema.hpp"
#include "schema/test_bot.hpp"

namespace quantconf::schema {
namespace {

using test::Bot;
using test::Side;

/// Encodes, then decodes into a struct that starts out different.
template <typename T>
T round_trip(const T& original) {
    Arena arena;
    return decode<T>(detail::Codec<T>::encode(original, arena));
}

TEST(Codec, a_struct_survives_the_way_to_values_and_back) {
    Bot bot;
    bot.debug = true;
    bot.side = Side::Buy;
    bot.trading = {
        .max_position_size = 0.05, .max_orders = 7, .timeout = std::chrono::minutes{1}, .account = "live"};
    bot.limits = {
        {"finnhub", {.per_minute = 60, .per_day = std::nullopt, .key = Secret::reference("SECURE:k")}}};
    bot.hosts = {{.name = "a", .port = 1}, {.name = "b", .port = 65535}};
    bot.symbols = {};
    bot.alert = test::Alert{.to = "me", .log = {.bytes = 7}};

    const Bot copy = round_trip(bot);

    EXPECT_TRUE(copy.debug);
    EXPECT_EQ(copy.side, Side::Buy);
    EXPECT_EQ(copy.trading.max_position_size, 0.05);
    EXPECT_EQ(copy.trading.max_orders, 7);
    EXPECT_EQ(copy.trading.timeout, std::chrono::minutes{1});
    EXPECT_EQ(copy.trading.account, "live");
    ASSERT_EQ(copy.limits.size(), 1U);
    EXPECT_EQ(copy.limits.at("finnhub").per_minute, 60);
    EXPECT_EQ(copy.limits.at("finnhub").per_day, std::nullopt);
    EXPECT_EQ(copy.limits.at("finnhub").key.reference(), "SECURE:k");
    ASSERT_EQ(copy.hosts.size(), 2U);
    EXPECT_EQ(copy.hosts[1].name, "b");
    EXPECT_EQ(copy.hosts[1].port, 65535);
    EXPECT_TRUE(copy.symbols.empty());
    ASSERT_TRUE(copy.alert.has_value());
    EXPECT_EQ(copy.alert->log.bytes, 7U);
    EXPECT_TRUE(copy.password.empty());
}

TEST(Codec, integers_keep_their_extreme_values) {
    EXPECT_EQ(round_trip(std::numeric_limits<std::uint64_t>::max()),
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(round_trip(std::numeric_limits<std::int64_t>::min()), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(round_trip(std::numeric_limits<std::int8_t>::min()), std::numeric_limits<std::int8_t>::min());
}

TEST(Codec, an_integer_field_knows_the_range_of_its_type) {
    const Field field = detail::element_field<std::uint8_t>();
    EXPECT_EQ(field.type, Type::Integer);
    EXPECT_EQ(field.type_min, 0);
    EXPECT_EQ(field.type_max, 255U);
}

TEST(Codec, an_optional_is_nullable_and_null_empties_it) {
    const Field field = detail::element_field<std::optional<bool>>();
    EXPECT_TRUE(field.nullable);
    EXPECT_EQ(field.type, Type::Boolean);
    std::optional<bool> target = true;
    detail::Codec<std::optional<bool>>::decode(Value::absent(), target);
    EXPECT_EQ(target, std::nullopt);
}

TEST(Codec, a_refined_list_refines_its_items) {
    struct Zones {
        std::vector<std::string> zones;
    };
    const Field zones = field<&Zones::zones>("zones", {.as = Type::TimeZone});
    EXPECT_EQ(zones.type, Type::List);
    EXPECT_EQ(zones.element().type, Type::TimeZone);
}

TEST(Codec, a_plain_text_secret_never_becomes_a_value) {
    Arena arena;
    EXPECT_TRUE(detail::Codec<Secret>::encode(Secret::plain("hunter2"), arena).is_invalid());
    EXPECT_TRUE(detail::Codec<Secret>::encode(Secret{}, arena).is_absent());
}

TEST(Codec, a_secret_text_reaches_the_struct_and_nothing_else) {
    Secret target;
    detail::Codec<Secret>::decode(Value::secret("hunter2", false), target);
    EXPECT_TRUE(target.reference().empty());
    bool seen = false;
    EXPECT_TRUE(
        target.reveal(grant_secret_access(), [&](std::string_view text) { seen = text == "hunter2"; }));
    EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace quantconf::schema
