#include "sources/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <vector>

#include <unistd.h>

#include "secrets/problem.hpp"
#include "sources/key_testing.hpp"
#include "support/test_folder.hpp"

namespace quantconf::sources {
namespace {

namespace fs = std::filesystem;
using quantbot::Provider;

/// Counts upwards, from a number of its own.
class CountingRandom final : public crypto::Random {
public:
    explicit CountingRandom(char first = 1) : next_{first} {}
    [[nodiscard]] Outcome<void> fill(std::span<char> out) override {
        if (fails) {
            return std::unexpected{Error{.operation = "draw", .subject = "random bytes"}};
        }
        for (char& byte : out) {
            byte = next_++;
        }
        return {};
    }
    bool fails = false;

private:
    char next_;
};

class Fingerprint : public state::TestFolder {
protected:
    [[nodiscard]] fs::path quota() const { return folder_ / "state" / "quantconf" / "quota"; }
    [[nodiscard]] static const Source& source(Provider provider) {
        return Catalogue::built_in().at(provider);
    }
    [[nodiscard]] Salt salt(char first = 1) const {
        CountingRandom random{first};
        Outcome<Salt> opened = Salt::open(quota(), random);
        EXPECT_TRUE(opened) << to_text(opened.error());
        return *std::move(opened);
    }
    [[nodiscard]] static mode_t mode_of(const fs::path& path) {
        struct stat status {};
        EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
        return status.st_mode & 07777U;
    }
    [[nodiscard]] static Credentials key(std::string_view text) { return {.key = Secret::plain(text)}; }
    [[nodiscard]] static std::string of(const Salt& salt, Provider provider, const Credentials& credentials) {
        return fingerprint_of(salt, source(provider), credentials).value_or("none");
    }
};

TEST_F(Fingerprint, the_salt_is_made_once_and_for_its_owner_alone) {
    const mode_t old = ::umask(0);
    const Salt first = salt(1);
    ::umask(old);

    const Salt second = salt(77);

    EXPECT_EQ(first.bytes().size(), 32U);
    EXPECT_EQ(first.bytes(), second.bytes());
    EXPECT_EQ(mode_of(quota()), 0700U);
    EXPECT_EQ(mode_of(quota() / "salt"), 0600U);
    EXPECT_EQ(text_of(quota() / "salt"), first.bytes());
}

TEST_F(Fingerprint, processes_that_come_at_the_same_time_get_one_salt) {
    constexpr int kProcesses = 12;
    std::vector<pid_t> children;
    std::array<int, 2> gate{};
    ASSERT_EQ(::pipe(gate.data()), 0);
    for (int i = 0; i < kProcesses; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            char go = 0;
            ::close(gate[1]);
            static_cast<void>(::read(gate[0], &go, 1));  // Ends when the test closes its side.
            CountingRandom random{static_cast<char>(10 * i)};
            const Outcome<Salt> opened = Salt::open(quota(), random);
            if (opened) {
                put(folder_ / ("seen-" + std::to_string(i)), opened->bytes());
            }
            ::_exit(opened ? 0 : 1);
        }
        children.push_back(child);
    }
    ::close(gate[0]);
    ::close(gate[1]);
    std::set<std::string> seen;
    for (int i = 0; i < kProcesses; ++i) {
        int status = 0;
        ::waitpid(children[static_cast<std::size_t>(i)], &status, 0);
        EXPECT_EQ(status, 0);
        seen.insert(text_of(folder_ / ("seen-" + std::to_string(i))));
    }
    EXPECT_EQ(seen.size(), 1U);
    EXPECT_EQ(*seen.begin(), text_of(quota() / "salt"));
    EXPECT_EQ(std::distance(fs::directory_iterator{quota()}, fs::directory_iterator{}), 1);
}

TEST_F(Fingerprint, a_salt_that_others_can_reach_or_that_is_none_is_refused) {
    CountingRandom random;
    static_cast<void>(salt());
    const fs::path file = quota() / "salt";
    const std::string good = text_of(file);
    const auto refused = [&] {
        const Outcome<Salt> opened = Salt::open(quota(), random);
        EXPECT_FALSE(opened);
        EXPECT_FALSE(Salt::read(quota()));
        return opened ? std::error_code{} : opened.error().cause;
    };

    ::chmod(file.c_str(), 0640);
    EXPECT_EQ(refused(), secrets::Problem::Exposed);
    for (const std::string& bytes : {std::string{}, good.substr(1), good + "x"}) {
        put(file, bytes);
        EXPECT_EQ(refused(), secrets::Problem::Damaged) << bytes.size();
        EXPECT_EQ(text_of(file), bytes);  // Left to its owner.
    }
    fs::remove(file);
    fs::create_symlink(folder_ / "elsewhere", file);
    static_cast<void>(refused());
    fs::remove(file);
    put(file, good);
    ::chmod(quota().c_str(), 0750);
    static_cast<void>(refused());
    ::chmod(quota().c_str(), 0700);
    EXPECT_TRUE(Salt::open(quota(), random));
}

TEST_F(Fingerprint, a_salt_that_is_gone_while_ledgers_are_there_is_not_made_anew) {
    const Salt made = salt(1);
    const fs::path ledger = quota() / "polygon-0123456789abcdef.ledger";
    std::ofstream{ledger} << "counted";
    EXPECT_EQ(salt(2).bytes(), made.bytes());
    fs::remove(quota() / "salt");

    crypto::SystemRandom random;
    const auto refused = Salt::open(quota(), random);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, std::errc::no_such_file_or_directory);
    EXPECT_TRUE(refused.error().hint.contains("backup")) << refused.error().hint;
    EXPECT_FALSE(fs::exists(quota() / "salt"));
    fs::rename(ledger, quota() / "polygon.away");  // The way out.
    EXPECT_NE(salt(2).bytes(), made.bytes());
}

TEST_F(Fingerprint, without_randomness_there_is_no_salt) {
    CountingRandom random;
    random.fails = true;
    EXPECT_FALSE(Salt::open(quota(), random));
    EXPECT_FALSE(fs::exists(quota() / "salt"));
}

TEST_F(Fingerprint, reading_makes_nothing) {
    const auto nothing = Salt::read(quota());
    ASSERT_TRUE(nothing);
    EXPECT_FALSE(*nothing);
    EXPECT_FALSE(fs::exists(quota()));

    const Salt made = salt();
    const auto read = Salt::read(quota());
    ASSERT_TRUE(read && *read);
    EXPECT_EQ((*read)->bytes(), made.bytes());
}

TEST_F(Fingerprint, one_key_has_one_fingerprint_and_no_other_key_has_it) {
    const Salt ours = salt();
    const std::string first = of(ours, Provider::Polygon, key("key-one"));
    EXPECT_EQ(first.size(), 16U);
    EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(first, of(ours, Provider::Polygon, key("key-one")));
    EXPECT_NE(first, of(ours, Provider::Polygon, key("key-two")));
    EXPECT_NE(first, of(ours, Provider::Finnhub, key("key-one")));
}

TEST_F(Fingerprint, another_salt_means_other_fingerprints) {
    const std::string here = of(salt(1), Provider::Polygon, key("key"));
    fs::remove(quota() / "salt");
    EXPECT_NE(here, of(salt(2), Provider::Polygon, key("key")));
}

TEST_F(Fingerprint, both_parts_of_a_client_count_and_cannot_be_moved_from_one_to_the_other) {
    const Salt ours = salt();
    const auto client = [&](std::string_view id, std::string_view secret) {
        return of(ours, Provider::Reddit, {.key = Secret::plain(id), .secret = Secret::plain(secret)});
    };
    EXPECT_NE(client("id", "one"), client("id", "two"));
    EXPECT_NE(client("ab", "c"), client("a", "bc"));
}

TEST_F(Fingerprint, there_is_none_without_the_plain_text) {
    const Salt ours = salt();
    EXPECT_EQ(of(ours, Provider::Polygon, {}), "none");
    EXPECT_EQ(of(ours, Provider::Polygon, {.key = Secret::reference("SECURE:polygon_key")}), "none");
    EXPECT_EQ(of(ours, Provider::Reddit,
                 {.key = Secret::plain("id"), .secret = Secret::reference("SECURE:reddit")}),
              "none");
}

TEST_F(Fingerprint, requests_count_together_by_the_scope_of_the_source) {
    const Salt ours = salt();
    Source source = test::polygon();
    const auto scope = [&](LimitScope as, const Credentials& credentials) {
        source.scope = as;
        return scope_fingerprint_of(ours, source, credentials).value_or("none");
    };
    const Credentials one = {.key = Secret::plain("id-one"), .secret = Secret::plain("secret-one")};
    const Credentials renewed = {.key = Secret::plain("id-one"), .secret = Secret::plain("secret-two")};
    const Credentials other = key("id-two");

    EXPECT_EQ(scope(LimitScope::Key, other), fingerprint_of(ours, source, other));
    EXPECT_NE(scope(LimitScope::Key, one), scope(LimitScope::Key, renewed));
    EXPECT_EQ(scope(LimitScope::ClientId, one), scope(LimitScope::ClientId, renewed));
    EXPECT_NE(scope(LimitScope::ClientId, one), scope(LimitScope::ClientId, other));
    EXPECT_EQ(scope(LimitScope::Account, one), scope(LimitScope::Account, other));
    EXPECT_EQ(scope(LimitScope::Address, one), scope(LimitScope::Key, {}));
    EXPECT_NE(scope(LimitScope::Account, one), scope(LimitScope::Address, one));
}

TEST_F(Fingerprint, a_ledger_is_named_after_source_and_fingerprint) {
    EXPECT_EQ(ledger_name(test::polygon(), "0123456789abcdef"), "polygon-0123456789abcdef.ledger");
}

TEST(QuotaFolder, lies_where_the_state_of_this_user_lies) {
    EXPECT_EQ(default_quota_folder({"XDG_STATE_HOME=/s", "HOME=/h"}), "/s/quantconf/quota");
    EXPECT_EQ(default_quota_folder({"XDG_STATE_HOME=relative", "HOME=/h"}),
              "/h/.local/state/quantconf/quota");
    EXPECT_FALSE(default_quota_folder({"HOME="}));
}

}  // namespace
}  // namespace quantconf::sources
