// Ledgers in files: deleted, damaged and closed under those who count in them.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"
#include "support/test_folder.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
using bodies::kPolygonData;

class GovernedByFile : public state::TestFolder {};

TEST_F(GovernedByFile, a_ledger_that_cannot_be_opened_is_no_missing_key) {
    FakeWorld world;
    world.ledger_file = folder_ / "polygon.ledger";
    std::filesystem::create_directory(world.ledger_file);
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();

    const Answer answer = world.state.get({.source = Provider::Polygon, .path = "/x"});

    EXPECT_EQ(answer.verdict.status, KeyStatus::Unknown);
    EXPECT_EQ(answer.verdict.detail, "ledger");
    EXPECT_TRUE(answer.verdict.reason.starts_with("not asked: requests cannot be counted: cannot "))
        << answer.verdict.reason;
    EXPECT_TRUE(answer.verdict.reason.contains("polygon.ledger")) << answer.verdict.reason;
    EXPECT_FALSE(answer.verdict.reason.contains("hint:")) << answer.verdict.reason;
    EXPECT_FALSE(answer.verdict.hint.empty());
    const SourceReport report = world.state.report(Provider::Polygon);
    EXPECT_EQ(report.detail, "ledger");
    EXPECT_EQ(report.why_not, answer.verdict.reason);
    EXPECT_EQ(report.hint, answer.verdict.hint);
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(GovernedByFile, a_ledger_that_was_deleted_is_opened_anew_so_that_all_count_in_one) {
    FakeWorld world;
    world.ledger_file = folder_ / "polygon.ledger";
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();
    world.always(FakeWorld::says(200, kPolygonData));
    const auto ask = [&] {
        return world.state.get({.source = Provider::Polygon, .path = "/x", .max_age = 0s});
    };
    EXPECT_TRUE(ask().has_data());
    std::filesystem::remove(world.ledger_file);
    EXPECT_TRUE(ask().has_data());
    ASSERT_TRUE(std::filesystem::exists(world.ledger_file));
    auto other = quota::Ledger::open(world.ledger_file, world.timeline);
    ASSERT_TRUE(other);
    const auto usage = other->usage(world.state.source(Provider::Polygon).configured()->settings.limits);
    ASSERT_TRUE(usage);
    EXPECT_EQ(usage->windows.back().used, 2);  // The first one has not been forgotten.
}

TEST_F(GovernedByFile, a_ledger_that_was_set_aside_as_damaged_under_a_running_bot_is_opened_anew) {
    FakeWorld world;
    world.ledger_file = folder_ / "polygon.ledger";
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();
    world.always(FakeWorld::says(200, kPolygonData));
    const auto ask = [&] {
        return world.state.get({.source = Provider::Polygon, .path = "/x", .deadline = 1s, .max_age = 0s});
    };
    EXPECT_TRUE(ask().has_data());
    {
        std::fstream file{world.ledger_file, std::ios::in | std::ios::out | std::ios::binary};
        for (const std::streamoff sector : {std::streamoff{100}, std::streamoff{4196}}) {
            file.seekp(sector).put('x');
        }
    }
    ASSERT_TRUE(quota::Ledger::open(world.ledger_file, world.timeline));  // By another program.
    ASSERT_TRUE(std::filesystem::exists(folder_ / "polygon.ledger.damaged-1"));

    const Answer answer = ask();  // Counted in the new file, which says what it knows of the old one.

    EXPECT_EQ(answer.verdict.detail, "own_limit") << answer.verdict.reason;
    EXPECT_NE(answer.verdict.reason.find("the record of earlier requests was damaged"), std::string::npos)
        << answer.verdict.reason;
    EXPECT_TRUE(
        world.state.report(Provider::Polygon).why_not.starts_with("the record of earlier requests was"))
        << "nothing was used: " << world.state.report(Provider::Polygon).why_not;
    world.timeline.advance(24h);
    EXPECT_TRUE(ask().has_data());
}

TEST_F(GovernedByFile, what_an_answer_says_is_kept_although_the_ledger_was_deleted_while_it_was_under_way) {
    FakeWorld world;
    world.ledger_file = folder_ / "polygon.ledger";
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.limit("polygon").max_retries = 0;
    world.configure();
    const auto ask = [&] {
        return world.state.get({.source = Provider::Polygon, .path = "/x", .deadline = 1s, .max_age = 0s});
    };
    bool is_first = true;
    world.always([&](const net::Request& request) {
        if (!std::exchange(is_first, false)) {
            return FakeWorld::says(200, kPolygonData)(request);
        }
        std::filesystem::remove(world.ledger_file);
        (void)ask();  // Somebody else opens it anew.
        return FakeWorld::says(429, "", {{"retry-after", "90"}})(request);
    });
    EXPECT_EQ(ask().verdict.status, KeyStatus::RateLimited);
    EXPECT_EQ(ask().verdict.detail, "own_limit") << "the provider asked for a pause";
}

/// The old key's question is neither charged to the new key nor does its answer say anything about that.
TEST_F(GovernedByFile, a_key_that_changes_while_its_ledger_is_opened_anew_pays_for_nobody_else) {
    FakeWorld world;
    world.ledger_file = folder_ / "old.ledger";
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();
    std::filesystem::remove(world.ledger_file);
    bool is_first = true;
    world.on_open = [&](const Source& source) {
        if (source.provider == Provider::Polygon && std::exchange(is_first, false)) {
            world.ledger_file = folder_ / "new.ledger";
            world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-3");
            world.configure();
            world.ledger_file = folder_ / "old.ledger";  // Which is what is being opened.
        }
    };
    world.always(FakeWorld::says(401, bodies::kPolygonUnknownKey));
    (void)world.state.get({.source = Provider::Polygon, .path = "/x", .max_age = 0s});

    EXPECT_EQ(world.state.report(Provider::Polygon).windows.back().used, 0);
    EXPECT_TRUE(world.state.report(Provider::Polygon).is_usable)
        << world.state.report(Provider::Polygon).why_not;
}

}  // namespace
}  // namespace quantconf::sources
