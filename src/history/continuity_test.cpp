#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

class Continuity : public TestHistory {};

NewVersion behind(int content, VersionNumber lost) {
    NewVersion version = version_of(content);
    version.follows = lost;
    version.kind = Kind::Load;
    version.reason = "lost";
    return version;
}

TEST_F(Continuity, a_history_goes_on_with_what_it_has_come_to_and_with_what_it_has_forgotten) {
    Opened bot = start();
    const auto first = publish(bot, version_of(1), 0);
    publish(bot, version_of(2), 0);
    publish(bot, version_of(3), 0);
    EXPECT_TRUE(bot.history.continues(first.number, first.hash).value());
    ASSERT_TRUE(bot.history.prune({.versions = 1, .age = {}, .most = 1}));
    ASSERT_FALSE(bot.history.find(first.number).value());
    EXPECT_TRUE(bot.history.continues(first.number, first.hash).value());
}

TEST_F(Continuity, one_that_ends_earlier_or_says_something_else_there_is_another_one) {
    Opened bot = start();
    const auto first = publish(bot, version_of(1), 0);
    EXPECT_TRUE(bot.history.continues(1, first.hash).value());
    EXPECT_FALSE(bot.history.continues(2, first.hash).value());
    EXPECT_FALSE(bot.history.continues(1, version_of(2).hash).value());
}

TEST_F(Continuity, a_version_behind_a_lost_history_leaves_a_gap_and_is_never_an_old_one) {
    Opened bot = start();
    publish(bot, version_of(1), 0);
    EXPECT_FALSE(bot.history.last_break(Environment::Production).value());
    const auto after = publish(bot, behind(1, 7), 0);
    EXPECT_EQ(after.number, 7 + kLostNumbers);
    EXPECT_EQ(after.parent, 1U);
    EXPECT_EQ(after.changes, 0U);
    EXPECT_EQ(publish(bot, version_of(2), 0).number, after.number + 1);
    EXPECT_EQ(bot.history.last_break(after.environment).value()->number, after.number);
}

TEST_F(Continuity, who_else_showed_a_lost_version_takes_the_one_behind_the_break) {
    Opened bot = start();
    const auto after = publish(bot, behind(1, 7), 0);
    EXPECT_FALSE(bot.history.continues(7, version_of(1).hash).value())
        << "it is not forgotten: it was never here";
    EXPECT_EQ(publish(bot, behind(1, 7), 0).number, after.number);
    EXPECT_EQ(publish(bot, behind(2, 7), 0).number, after.number + kLostNumbers) << "another one is not it";
}

}  // namespace
}  // namespace quantconf::history
