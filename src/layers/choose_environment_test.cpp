#include <gtest/gtest.h>

#include "layers/load.hpp"

namespace quantconf::layers {
namespace {

std::string chosen(const std::optional<std::string>& requested, const std::vector<std::string>& variables) {
    const auto choice = choose_environment(requested, "BOT", variables);
    return choice ? std::string{name_of(choice->environment)} + " by " + choice->by
                  : to_string(choice.error().front().code) + " " + choice.error().front().hint;
}

TEST(ChooseEnvironment, the_caller_goes_first_then_three_variables_then_development) {
    EXPECT_EQ(chosen("staging", {"BOT_ENVIRONMENT=production"}), "staging by --env");
    EXPECT_EQ(chosen({}, {"ENV=dev", "ENVIRONMENT=stage", "BOT_ENVIRONMENT=prod"}),
              "production by BOT_ENVIRONMENT");
    EXPECT_EQ(chosen({}, {"ENV=dev", "ENVIRONMENT=stage"}), "staging by ENVIRONMENT");
    EXPECT_EQ(chosen({}, {"ENV=test"}), "testing by ENV");
    EXPECT_EQ(chosen({}, {}), "development by default");
}

TEST(ChooseEnvironment, values_with_a_slash_are_not_meant_for_us) {
    EXPECT_EQ(chosen({}, {"ENV=/root/.profile"}), "development by default");
    EXPECT_EQ(chosen({}, {"ENVIRONMENT=a/b", "ENV=prod"}), "production by ENV");
    EXPECT_TRUE(chosen({}, {"BOT_ENVIRONMENT=a/b"}).starts_with("QC1005"));
}

TEST(ChooseEnvironment, an_empty_variable_is_not_set) {
    EXPECT_EQ(chosen({}, {"BOT_ENVIRONMENT=", "ENV=prod"}), "production by ENV");
}

TEST(ChooseEnvironment, an_unknown_name_is_an_error_with_a_suggestion) {
    EXPECT_EQ(chosen("prodution", {}), "QC1005 did you mean production?");
    EXPECT_EQ(chosen({}, {"ENVIRONMENT=stagin"}), "QC1005 did you mean staging?");
    EXPECT_TRUE(chosen("", {}).starts_with("QC1005"));
    EXPECT_TRUE(chosen("undefined", {}).starts_with("QC1005"));
}

}  // namespace
}  // namespace quantconf::layers
