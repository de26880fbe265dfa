#include "sources/client_keys.hpp"

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

    FakeWorld world;
    crypto::SystemRandom random;
    Salt salt = Salt::open(folder_ / "quota", random).value();
    ClientKeys keys{world.state, salt, {.store = {.database = folder_ / "state.db"}}};
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
    (void)keys.check(polygon, {});

    EXPECT_EQ(used(*old_limiter), 0);
    ASSERT_NE(limiter(), old_limiter);
    EXPECT_EQ(used(*limiter()), 1) << "the request with the new key was sent and stays counted";
}

}  // namespace
}  // namespace quantconf::sources
