#include "sources/key_list.hpp"

#include <array>

#include "sources/key_testing.hpp"
#include "support/test_folder.hpp"

namespace quantconf::sources {
namespace {

using namespace test;
using quantbot::Provider;

class KeyList : public state::TestFolder {
protected:
    [[nodiscard]] std::vector<KeyToCheck> list(std::span<const Provider> providers = {}) {
        crypto::SystemRandom random;
        const auto salt = Salt::open(folder_ / "quota", random);
        EXPECT_TRUE(salt);
        return keys_of(config_, Catalogue::built_in(), *salt, providers, kNow);
    }
    static constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

    quantbot::Config config_;
};

TEST_F(KeyList, has_the_keys_that_are_configured) {
    EXPECT_TRUE(list().empty());
    config_.data_sources.polygon_api_key = Secret::plain("one");
    config_.data_sources.fred_api_key = Secret::reference("SECURE:fred");
    const auto keys = list();
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0].source->provider, Provider::Polygon);
    EXPECT_EQ(keys[0].fingerprint.size(), 16U);
    EXPECT_TRUE(keys[1].fingerprint.empty());  // Not resolved: nothing to remember it by.
}

TEST_F(KeyList, who_is_named_is_asked_without_a_key_if_that_is_possible) {
    constexpr std::array kNamed{Provider::StockTwits, Provider::Polygon};
    const auto keys = list(kNamed);
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys[0].source->provider, Provider::StockTwits);
}

TEST_F(KeyList, knows_what_the_store_knows) {
    const auto stored = [this](Time since) {
        config_.data_sources.polygon_api_key =
            Secret::resolved("SECURE:polygon_key", 1, "one", {.expires = kNow + 24h, .since = since});
        return list().at(0);
    };
    EXPECT_EQ(stored(kNow - 1h).age, 1h);
    EXPECT_EQ(stored(kNow - 1h).expires, kNow + 24h);
    EXPECT_FALSE(stored(kNow + 1h).age);  // A clock went back.
}

}  // namespace
}  // namespace quantconf::sources
