#include "crypto/random.hpp"
#include "quantconf/manager.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/key_source.hpp"
#include "secrets/store.hpp"
#include "secrets/store_on_disk.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

/// A store as `quantconf secret init` makes it, with its key in a folder of its own.
class ManagerWithSecrets : public LiveTest {
protected:
    void SetUp() override {
        LiveTest::SetUp();
        for (const fs::path& folder : {state(), root_ / "keys"}) {
            fs::create_directory(folder);
            fs::permissions(folder, fs::perms::owner_all);
        }
        ASSERT_TRUE(secrets::create_key_file(key(), random_).has_value());
        database_.emplace(state::Database::open(state() / "state.db").value());
        trail_.emplace(*database_, clock_);
        store_.emplace(secrets::Store::create(secrets::store_on_disk({.file = state() / "secrets.qcs",
                                                                      .mark_folder = root_ / "keys"}),
                                              secrets::read_unlock_key(secrets::KeyFile{key()}).value(),
                                              {.clock = clock_, .random = random_, .audit = *trail_})
                           .value());
        ASSERT_TRUE(store_->set("token", "first").has_value());
        put("base.yaml", "name: one\ntoken: SECURE:token\n");
    }
    void TearDown() override {
        store_.reset();
        trail_.reset();
        database_.reset();
        LiveTest::TearDown();
    }
    [[nodiscard]] fs::path key() const { return root_ / "keys" / "master.key"; }
    [[nodiscard]] OpenOptions with_key() const {
        auto chosen = options();
        chosen.key_file = key();
        return chosen;
    }
    [[nodiscard]] static std::string text_of_token(const Manager& manager) {
        std::string text;
        manager.snapshot()->token.reveal(grant_secret_access(),
                                         [&](std::string_view plain) { text = plain; });
        return text;
    }

    SystemClock clock_;
    crypto::SystemRandom random_;
    std::optional<state::Database> database_;
    std::optional<secrets::AuditTrail> trail_;
    std::optional<secrets::Store> store_;
};

TEST_F(ManagerWithSecrets, are_resolved_and_nothing_but_their_references_is_recorded) {
    auto manager = Manager::open(with_key());
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(text_of_token(*manager), "first");
    EXPECT_EQ(manager->get("token"), "SECURE:token");
    for (const auto& entry : fs::recursive_directory_iterator{config()}) {
        if (entry.is_regular_file()) {
            EXPECT_FALSE(text_of(entry.path()).contains("first")) << entry.path();
        }
    }
}

TEST_F(ManagerWithSecrets, a_rotated_one_reaches_readers_and_is_the_same_version) {
    auto following = with_key();
    following.auto_reload = true;
    auto manager = Manager::open(following);
    ConfigChanges seen;
    std::atomic<bool> was_told = false;
    const auto subscription = manager->watch("token", {.commit = [&](const Transition<Bot>& change) {
                                                 seen = change.changes;
                                                 was_told = true;
                                             }});
    ASSERT_TRUE(store_->set("token", "second").has_value());
    EXPECT_TRUE(comes_true([&] { return text_of_token(*manager) == "second"; }));
    ASSERT_TRUE(comes_true([&] { return was_told.load(); }));
    EXPECT_EQ(manager->version().number, 1U) << "what is recorded is the reference";
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen.front().from, "SECURE:token (v1)");
    EXPECT_EQ(seen.front().to, "SECURE:token (v2)");
}

TEST_F(ManagerWithSecrets, a_missing_one_refuses_the_start_or_is_absent_as_the_program_wants) {
    put("base.yaml", "name: one\ntoken: SECURE:tokne\n");
    auto chosen = with_key();
    const auto refused = Manager::open(chosen);
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(to_text(refused.error()).contains("tokne"));
    chosen.missing_secrets = OnMissingSecret::Absent;
    const auto manager = Manager::open(chosen);
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_TRUE(manager->snapshot()->token.empty());
    EXPECT_EQ(manager->health().missing_secrets, std::vector<std::string>{"token"});
    EXPECT_FALSE(manager->health().closed_store.has_value());
}

TEST_F(ManagerWithSecrets, a_store_that_does_not_open_is_told_from_one_that_has_no_such_secret) {
    auto chosen = with_key();
    chosen.missing_secrets = OnMissingSecret::Absent;
    std::filesystem::rename(key(), key().string() + ".elsewhere");
    const auto manager = Manager::open(chosen);
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    EXPECT_EQ(manager->health().missing_secrets, std::vector<std::string>{"token"});
    ASSERT_TRUE(manager->health().closed_store.has_value());
    EXPECT_TRUE(manager->health().closed_store->message.contains("there is no key"))
        << manager->health().closed_store->message;
}

TEST_F(ManagerWithSecrets, a_store_that_breaks_keeps_the_last_good_values) {
    auto manager = Manager::open(with_key());
    put(".quantconf/secrets.qcs", "broken");
    EXPECT_FALSE(manager->reload().has_value());
    EXPECT_EQ(text_of_token(*manager), "first");
    EXPECT_FALSE(manager->health().last_reload_ok);
}

}  // namespace
}  // namespace quantconf::live::test
