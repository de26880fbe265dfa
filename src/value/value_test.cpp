#include "quantconf/value.hpp"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace quantconf {
namespace {

/// hosts: [{port: 1}, {port: 2}], trading: {limit: 0.05}
class ValuePath : public testing::Test {
protected:
    std::array<Member, 1> first_{{{"port", Value::integer(1)}}};
    std::array<Member, 1> second_{{{"port", Value::integer(2)}}};
    std::array<Value, 2> hosts_{Value::map(first_), Value::map(second_)};
    std::array<Member, 1> trading_{{{"limit", Value::number(0.05)}}};
    std::array<Member, 2> members_{{{"hosts", Value::list(hosts_)}, {"trading", Value::map(trading_)}}};
    Value root_ = Value::map(members_);
};

TEST_F(ValuePath, dots_and_brackets_lead_to_a_value) {
    EXPECT_EQ(root_.at("trading.limit")->as_number(), 0.05);
    EXPECT_EQ(root_.at("hosts[1].port")->as_integer(), 2);
    EXPECT_EQ(root_.at("hosts")->items().size(), 2U);
    EXPECT_EQ(root_.at("hosts")->at("[0].port")->as_integer(), 1);
    EXPECT_EQ(root_.at(""), &root_);
}

TEST_F(ValuePath, what_does_not_exist_is_nothing) {
    for (const auto* path : {"nowhere", "trading.nowhere", "trading.limit.deeper", "hosts[2]", "hosts.port",
                             "trading[0]", "hosts[1].port.x"}) {
        EXPECT_EQ(root_.at(path), nullptr) << path;
    }
}

TEST_F(ValuePath, a_path_has_one_spelling) {
    for (const auto* path :
         {".trading", "trading.", "trading..limit", "hosts[01]", "hosts[]", "hosts[1", "hosts[-1]",
          "hosts[1]port", "hosts.[1]", "hosts[ 1]", "hosts[99999999999999999999]"}) {
        EXPECT_EQ(root_.at(path), nullptr) << path;
    }
}

TEST(Value, an_unsigned_number_that_fits_is_an_integer) {
    EXPECT_EQ(Value::unsigned_integer(5).kind(), Value::Kind::Integer);
    EXPECT_EQ(Value::unsigned_integer(5).as_unsigned(), 5U);
    const auto huge = Value::unsigned_integer(std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(huge.kind(), Value::Kind::Unsigned);
    EXPECT_EQ(huge.as_unsigned(), std::numeric_limits<std::uint64_t>::max());
}

TEST(Value, integers_can_be_read_as_numbers) {
    EXPECT_EQ(Value::integer(-3).as_number(), -3.0);
    EXPECT_EQ(Value::number(0.5).as_number(), 0.5);
}

TEST(Value, a_plain_text_secret_has_no_reference) {
    const auto secret = Value::secret("canary", false);
    EXPECT_EQ(secret.secret_reference(), "");
    EXPECT_EQ(secret.secret_text(grant_secret_access()), "canary");
    EXPECT_EQ(Value::secret("SECURE:a", true).secret_reference(), "SECURE:a");
}

TEST(ValueDeath, asking_for_a_kind_that_it_does_not_have_stops_the_process) {
    EXPECT_DEATH(static_cast<void>(Value::integer(1).as_text()), "Kind::Text");
    EXPECT_DEATH(static_cast<void>(Value::integer(-1).as_unsigned()), "integer_ >= 0");
    EXPECT_DEATH(static_cast<void>(Value::secret("x", true).as_text()), "Kind::Text");
    EXPECT_DEATH(static_cast<void>(Value::absent().as_boolean()), "Kind::Boolean");
}

TEST(Value, nothing_and_wrong_are_different) {
    EXPECT_TRUE(Value{}.is_absent());
    EXPECT_FALSE(Value{}.is_invalid());
    EXPECT_TRUE(Value::invalid(nullptr).is_invalid());
}

}  // namespace
}  // namespace quantconf
