#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "layers/explain.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::layers::test {
namespace {

struct Desk {
    double max_position = 0.02;
    bool kill_switch = true;
    Duration stale_after = std::chrono::seconds{5};
    int orders = 3;
    static Fields fields() {
        return {field<&Desk::max_position>("max_position", {.allow_non_finite = true, .risk = Risk::Up}),
                field<&Desk::kill_switch>("kill_switch", {.risk = Risk::Down}),
                field<&Desk::stale_after>("stale_after", {.risk = Risk::Up}), field<&Desk::orders>("orders")};
    }
};

RiskChange risk_of(std::string path, const Value& from, const Value& to) {
    static const Schema kSchema = Schema::of<Desk>({.app = "desk", .env_prefix = "DESK", .title = "Desk"});
    return risk_change(kSchema, {.path = std::move(path), .from = &from, .to = &to});
}

TEST(RiskChange, follows_the_direction_of_the_field_whatever_its_type) {
    EXPECT_EQ(risk_of("max_position", Value::number(0.02), Value::number(0.05)), RiskChange::Riskier);
    EXPECT_EQ(risk_of("max_position", Value::number(0.05), Value::number(0.02)), RiskChange::Safer);
    EXPECT_EQ(risk_of("kill_switch", Value::boolean(true), Value::boolean(false)), RiskChange::Riskier);
    EXPECT_EQ(risk_of("kill_switch", Value::boolean(false), Value::boolean(true)), RiskChange::Safer);
    using std::chrono::seconds;
    EXPECT_EQ(risk_of("stale_after", Value::duration(seconds{5}), Value::duration(seconds{9})),
              RiskChange::Riskier);
}

TEST(RiskChange, says_nothing_where_there_is_no_order) {
    EXPECT_EQ(risk_of("orders", Value::integer(1), Value::integer(9)), RiskChange::None) << "no direction";
    EXPECT_EQ(risk_of("nosuch", Value::integer(1), Value::integer(9)), RiskChange::None);
    EXPECT_EQ(risk_of("max_position", Value::number(0.02), Value::number(0.02)), RiskChange::None);
    EXPECT_EQ(risk_of("max_position", Value::number(std::nan("")), Value::number(0.02)), RiskChange::None);
    EXPECT_EQ(risk_of("max_position", Value::absent(), Value::number(0.02)), RiskChange::None);
    const Value one = Value::number(1);
    const Schema schema = Schema::of<Desk>({.app = "desk", .env_prefix = "DESK", .title = "Desk"});
    EXPECT_EQ(risk_change(schema, {.path = "max_position", .kind = ChangeKind::Added, .to = &one}),
              RiskChange::None)
        << "nobody knows what it was";
}

}  // namespace
}  // namespace quantconf::layers::test
