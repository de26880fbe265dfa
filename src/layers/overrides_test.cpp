#include <gtest/gtest.h>

#include "layers/explain.hpp"
#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

constexpr const char* kShared = "state/overrides.development.yaml";

std::shared_ptr<const Candidate> load_overridden(std::string shared, Words process = {},
                                                 Words settings = {}) {
    return load_bot({.files = {{"config/base.yaml", "name: file"}, {kShared, std::move(shared)}},
                     .variables = {"BOT_NAME=variable"},
                     .settings = std::move(settings),
                     .shared_overrides = kShared,
                     .process_overrides = std::move(process)});
}

TEST(Overrides, lie_over_variables_and_under_the_command_line) {
    EXPECT_EQ(decoded(load_overridden("{}")).name, "variable");
    EXPECT_EQ(decoded(load_overridden("name: shared")).name, "shared");
    EXPECT_EQ(decoded(load_overridden("name: shared", {"name=process"})).name, "process");
    EXPECT_EQ(decoded(load_overridden("name: shared", {"name=process"}, {"name=option"})).name, "option");
}

TEST(Overrides, are_explained_by_their_layer) {
    const auto set_by = explain(*load_overridden("name: shared", {"name=process"}), schema(), "name");
    ASSERT_TRUE(set_by.has_value());
    ASSERT_EQ(set_by->size(), 5U);
    EXPECT_EQ((*set_by)[0].layer, "process");
    EXPECT_EQ((*set_by)[0].location, "update name");
    EXPECT_EQ((*set_by)[1].layer, "shared");
    EXPECT_EQ((*set_by)[1].location, kShared);
    EXPECT_EQ((*set_by)[1].position, (Position{1, 7}));
}

TEST(Overrides, are_checked_like_any_layer) {
    const auto wrong = load_overridden("trading: {max_orders: 0}", {"trading.max_position_size=5"});
    EXPECT_EQ(codes(wrong), (std::vector{Code::OutOfRange, Code::OutOfRange}));
    EXPECT_FALSE(load_overridden("name: [")->ok);
    EXPECT_EQ(codes(load_overridden("nmae: x")), std::vector{Code::UnknownKey});
}

TEST(Overrides, a_file_that_is_not_there_overrides_nothing) {
    const auto candidate =
        load_bot({.files = {{"config/base.yaml", "name: file"}}, .shared_overrides = kShared});
    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(decoded(candidate).name, "file");
    EXPECT_EQ(candidate->layers.size(), 1U);
}

}  // namespace
}  // namespace quantconf::layers::test
