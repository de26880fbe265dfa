#include "sources/client_keys.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "crypto/random.hpp"
#include "sources/client_testing.hpp"
#include "support/test_folder.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

class KeysOfAClient : public state::TestFolder {
protected:
    [[nodiscard]] static std::int64_t used(quota::Limiter& limiter) {
        return limiter.ledger().usage(limiter.limits())->windows.back().used;
    }

    void SetUp() override {
        TestFolder::SetUp();  // Only now there is a folder.
        salt_.emplace(Salt::open(folder_ / "quota", random).value());
        keys_.emplace(world.state, salt(), ClientKeys::Options{.store = {.database = file()}});
    }
    [[nodiscard]] const Salt& salt() const { return *salt_; }
    [[nodiscard]] ClientKeys& keys() { return *keys_; }

    FakeWorld world;
    crypto::SystemRandom random;

private:
    std::optional<Salt> salt_;
    std::optional<ClientKeys> keys_;
};

/// The key changes while its check is under way, which then turns out not to have been sent.
TEST_F(KeysOfAClient, a_check_gives_back_to_the_ledger_that_has_paid_for_it) {
    const auto limiter = [&] { return world.state.source(Provider::Polygon).configured()->limiter; };
    const auto old_limiter = limiter();
    bool is_check = true;
    world.always([&](const net::Request& request) {
        if (!std::exchange(is_check, false)) {
            return FakeWorld::says(200, bodies::kPolygonData)(request);
        }
        world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
        world.configure();
        EXPECT_TRUE(world.state.get({.source = Provider::Polygon, .path = "/x", .max_age = 0s}).has_data());
        return net::Response{.transport = net::Transport::Connect, .was_not_sent = true};
    });

    const Provider polygon[] = {Provider::Polygon};
    (void)keys().check(polygon, {});

    EXPECT_EQ(used(*old_limiter), 0);
    ASSERT_NE(limiter(), old_limiter);
    EXPECT_EQ(used(*limiter()), 1) << "the request with the new key was sent and stays counted";
}

TEST_F(KeysOfAClient, a_check_that_cannot_be_counted_says_why) {
    world.ledger_file = folder_ / "polygon.ledger";
    std::filesystem::create_directory(world.ledger_file);
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();

    const Provider polygon[] = {Provider::Polygon};
    const auto reports = keys().check(polygon, {});

    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].last_status, KeyStatus::Unknown);
    EXPECT_EQ(reports[0].last_detail, "ledger");
    EXPECT_TRUE(reports[0].last_reason.contains("polygon.ledger")) << reports[0].last_reason;
    EXPECT_FALSE(reports[0].hint.empty());
    EXPECT_TRUE(world.sent.empty());
}

/// What an earlier run, or `quantconf keys check`, has found out.
TEST_F(KeysOfAClient, a_key_that_is_known_to_be_bad_is_not_sent_after_a_restart_either) {
    const Provider polygon[] = {Provider::Polygon};
    world.always(FakeWorld::says(401, bodies::kPolygonUnknownKey));
    EXPECT_EQ(keys().check(polygon, {}).at(0).status, KeyStatus::Invalid);
    world.timeline.advance(9min);
    const auto restarted = [&](const std::string& key) {
        auto other = std::make_unique<FakeWorld>();
        other->timeline.advance(world.timeline.since_boot() - other->timeline.since_boot());
        other->fingerprint = [this](const Source& source, const Credentials& credentials) {
            return fingerprint_of(salt(), source, credentials).value_or("");
        };
        other->config().data_sources.polygon_api_key = Secret::plain(key);
        other->configure();
        ClientKeys{other->state, salt(), {.store = {.database = file()}}}.begin();
        return other;
    };

    const auto same_key = restarted("polygon-canary-1");
    const Query query{.source = Provider::Polygon, .path = "/x", .max_age = 0s};
    const Answer refused = same_key->state.get(query);
    EXPECT_EQ(refused.verdict.status, KeyStatus::Invalid);
    EXPECT_EQ(refused.verdict.detail, "known");
    EXPECT_FALSE(same_key->state.report(Provider::Polygon).is_usable);
    EXPECT_TRUE(same_key->sent.empty());
    same_key->timeline.advance(1min);  // Ten minutes after it was heard, somebody finds out.
    EXPECT_TRUE(same_key->state.get(query).has_data());

    EXPECT_TRUE(restarted("polygon-canary-2")->state.get(query).has_data()) << "that is another key";
}

}  // namespace
}  // namespace quantconf::sources
