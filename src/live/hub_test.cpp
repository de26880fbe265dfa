#include "quantconf/hub.hpp"

#include <memory>
#include <optional>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quantconf {
namespace {

std::shared_ptr<const int> version(int number) {
    return std::make_shared<const int>(number);
}

TEST(Hub, a_reader_keeps_its_version_until_it_asks_again) {
    Hub<int> hub{version(1)};
    auto reader = hub.reader();
    EXPECT_EQ(reader.held(), 1);
    EXPECT_EQ(reader.latest(), 1);

    hub.publish(version(2));
    hub.publish(version(3));

    EXPECT_EQ(reader.held(), 1);
    EXPECT_EQ(reader.latest(), 3) << "the newest, not every one";
    EXPECT_EQ(reader.held(), 3);
}

TEST(Hub, a_version_is_destroyed_once_every_reader_has_moved_on) {
    auto first = version(1);
    const std::weak_ptr<const int> alive = first;
    Hub<int> hub{std::move(first)};
    auto reader = hub.reader();
    auto other = hub.reader();

    hub.publish(version(2));
    EXPECT_EQ(reader.latest(), 2);
    hub.publish(version(3));
    EXPECT_FALSE(alive.expired()) << "the other reader still shows it";
    EXPECT_EQ(other.latest(), 3);
    hub.publish(version(4));
    EXPECT_TRUE(alive.expired());
}

// 66: reader holds an old snapshot for hours: stays valid; counted; memory bounded by readers.
TEST(Hub, t66_a_reader_that_sleeps_keeps_one_version_and_the_newest_alive_and_no_more) {
    Hub<int> hub{version(0)};
    auto sleeper = hub.reader();
    std::vector<std::weak_ptr<const int>> published;
    for (int i = 1; i <= 1000; ++i) {
        auto next = version(i);
        published.push_back(next);
        hub.publish(std::move(next));
    }
    EXPECT_EQ(sleeper.held(), 0);
    for (std::size_t i = 0; i + 1 < published.size(); ++i) {
        EXPECT_TRUE(published[i].expired()) << i;
    }
    EXPECT_EQ(sleeper.latest(), 1000);
    EXPECT_EQ(hub.readers(), 1U);
}

TEST(Hub, a_reader_outlives_its_hub) {
    auto hub = std::make_unique<Hub<int>>(version(1));
    auto reader = hub->reader();
    hub->publish(version(2));
    hub.reset();
    EXPECT_EQ(reader.latest(), 2);
}

TEST(Hub, a_reader_that_is_gone_leaves_nothing_behind) {
    auto first = version(1);
    const std::weak_ptr<const int> alive = first;
    Hub<int> hub{std::move(first)};
    {
        auto reader = hub.reader();
        auto moved = std::move(reader);
        hub.publish(version(2));
        EXPECT_EQ(moved.latest(), 2);
    }
    EXPECT_EQ(hub.readers(), 0U);
    EXPECT_TRUE(alive.expired());
}

TEST(Hub, in_a_forked_child_a_reader_shows_what_it_had_and_goes_without_waiting) {
    Hub<int> hub{version(1)};
    std::optional reader{hub.reader()};
    hub.publish(version(2));
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const bool is_right = reader->latest() == 2;
        reader.reset();
        ::_exit(is_right ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(reader->latest(), 2);
}

}  // namespace
}  // namespace quantconf
