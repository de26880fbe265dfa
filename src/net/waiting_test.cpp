#include "net/waiting.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace quantconf::net {
namespace {

Url on(const std::string& host) {
    return {.scheme = "https", .host = host, .port = 443, .target = "/"};
}

std::unique_ptr<Job> job(std::uint64_t number, const std::string& host) {
    auto result = std::make_unique<Job>();
    result->number = number;
    result->url = on(host);
    return result;
}

std::vector<std::uint64_t> started(Waiting& waiting) {
    std::vector<std::uint64_t> numbers;
    while (const auto next = waiting.next()) {
        numbers.push_back(next->number);
    }
    return numbers;
}

using Numbers = std::vector<std::uint64_t>;

TEST(Waiting, first_come_first_served) {
    Waiting waiting{10, 10};
    waiting.add(job(1, "b"));
    waiting.add(job(2, "a"));
    waiting.add(job(3, "b"));

    EXPECT_EQ(started(waiting), (Numbers{1, 2, 3}));
}

TEST(Waiting, no_more_run_than_there_are_connections) {
    Waiting waiting{2, 10};
    for (const std::uint64_t number : {1U, 2U, 3U, 4U}) {
        waiting.add(job(number, "a"));
    }
    EXPECT_EQ(started(waiting), (Numbers{1, 2}));
    waiting.release(on("a"));
    EXPECT_EQ(started(waiting), Numbers{3});
}

TEST(Waiting, a_host_that_has_all_its_connections_is_overtaken) {
    Waiting waiting{10, 1};
    waiting.add(job(1, "a"));
    waiting.add(job(2, "a"));
    waiting.add(job(3, "b"));

    EXPECT_EQ(started(waiting), (Numbers{1, 3}));
    waiting.release(on("b"));
    EXPECT_EQ(started(waiting), Numbers{});
    waiting.release(on("a"));
    EXPECT_EQ(started(waiting), Numbers{2});
}

TEST(Waiting, the_cancelled_ones_are_taken_out) {
    Waiting waiting{1, 1};
    for (const std::uint64_t number : {1U, 2U, 3U, 4U}) {
        waiting.add(job(number, "a"));
        if (number == 3) {
            auto cancelled = job(30, "b");
            cancelled->is_cancelled = true;
            waiting.add(std::move(cancelled));
        }
    }
    auto gone = waiting.take_cancelled();
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0]->number, 30U);
    EXPECT_EQ(waiting.take_cancelled().size(), 0U);
    EXPECT_EQ(started(waiting), Numbers{1});
    EXPECT_EQ(waiting.take_all().size(), 3U);
    EXPECT_EQ(waiting.take_all().size(), 0U);
}

TEST(Waiting, to_end_what_never_ran_is_a_bug) {
    Waiting waiting{1, 1};
    EXPECT_DEATH(waiting.release(on("a")), "running > 0");
}

}  // namespace
}  // namespace quantconf::net
