#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "layers/load.hpp"
#include "layers/test_bot.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::layers {
namespace {

struct Vault {
    Secret password;
    Secret token;
    std::vector<Secret> keys;
    static Fields fields() {
        return {field<&Vault::password>("password"), field<&Vault::token>("token", {.required = true}),
                field<&Vault::keys>("keys")};
    }
};

const Schema& vault_schema() {
    static const Schema kSchema = Schema::of<Vault>({.app = "vault", .env_prefix = "VAULT"});
    return kSchema;
}

/// A store in memory that remembers what it was asked.
class FakeStore final : public SecretResolver {
public:
    explicit FakeStore(std::map<std::string, std::string> values) : values_{std::move(values)} {}

    std::vector<SecretAnswer> resolve(std::span<const SecretWanted> wanted,
                                      Environment /*environment*/) override {
        ++calls;
        std::vector<SecretAnswer> answers;
        for (const SecretWanted& one : wanted) {
            asked.push_back(one.path + "=" + one.reference);
            const auto reference = schema::parse_secret_reference(one.reference);
            const auto found = values_.find(std::string{reference->name});
            if (found == values_.end()) {
                answers.emplace_back(std::unexpected{
                    SecretRefusal{trouble, "there is no secret " + std::string{reference->name}}});
            } else {
                answers.emplace_back(
                    SecretFound{.version = 3, .plain = crypto::SecretBytes::copy_of(found->second)});
            }
        }
        return answers;
    }

    SecretTrouble trouble = SecretTrouble::NotFound;
    int calls = 0;
    std::vector<std::string> asked;

private:
    std::map<std::string, std::string> values_;
};

std::shared_ptr<const Candidate> load_vault(SecretResolver* resolver, const std::string& base,
                                            const std::string& upper = "{}",
                                            MissingSecrets missing = MissingSecrets::Refuse) {
    const MemoryFiles files{{{"config/base.yaml", base}, {"config/development.yaml", upper}}};
    return load({.schema = &vault_schema(),
                 .files = &files,
                 .variables = {},
                 .resolver = resolver,
                 .missing_secrets = missing})
        .value();
}

std::string plain_text(const Secret& secret) {
    std::string text;
    secret.reveal(grant_secret_access(), [&](std::string_view plain) { text = plain; });
    return text;
}

TEST(Secrets, are_looked_up_once_and_only_for_the_layer_that_wins) {
    FakeStore store{{{"new", "n"}, {"t", "t"}, {"k", "k"}}};
    const auto candidate = load_vault(&store, "{password: SECURE:old, token: SECURE:t, keys: [SECURE:k]}",
                                      "password: SECURE:new");
    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(store.calls, 1);
    EXPECT_EQ(store.asked,
              (std::vector<std::string>{"password=SECURE:new", "token=SECURE:t", "keys[0]=SECURE:k"}));
}

TEST(Secrets, reach_the_program_as_plain_text_and_everybody_else_as_references) {
    FakeStore store{{{"p", "plain-p"}, {"t", "plain-t"}}};
    const auto candidate = load_vault(&store, "{password: SECURE:p, token: SECURE:t@3}");
    const auto vault = decode<Vault>(candidate->resolved);
    EXPECT_EQ(plain_text(vault.password), "plain-p");
    EXPECT_EQ(plain_text(vault.token), "plain-t");
    EXPECT_EQ(candidate->root.at("password")->secret_reference(), "SECURE:p");
    ASSERT_EQ(candidate->secrets.size(), 2U);
    EXPECT_EQ(candidate->secrets[1].path, "token");
    EXPECT_EQ(candidate->secrets[1].reference, "SECURE:t@3");
    EXPECT_EQ(candidate->secrets[1].version, 3U);
}

TEST(Secrets, do_not_change_the_hash) {
    FakeStore store{{{"t", "plain-t"}}};
    EXPECT_EQ(load_vault(&store, "token: SECURE:t")->hash, load_vault(nullptr, "token: SECURE:t")->hash);
}

TEST(Secrets, that_are_missing_are_all_reported_with_their_paths) {
    FakeStore store{{}};
    const auto candidate =
        load_vault(&store, "{password: SECURE:p, token: SECURE:t, keys: [SECURE:a, SECURE:b]}");
    EXPECT_FALSE(candidate->ok);
    std::vector<std::string> paths;
    for (const Diagnostic& diagnostic : candidate->diagnostics) {
        EXPECT_EQ(diagnostic.code, Code::MissingSecret);
        EXPECT_EQ(diagnostic.severity, Severity::Error);
        paths.push_back(diagnostic.path);
    }
    EXPECT_EQ(paths, (std::vector<std::string>{"password", "token", "keys[0]", "keys[1]"}));
}

TEST(Secrets, that_are_missing_may_be_absent_where_the_program_says_so) {
    FakeStore store{{{"t", "plain-t"}}};
    const auto candidate =
        load_vault(&store, "{password: SECURE:p, token: SECURE:t}", "{}", MissingSecrets::Absent);
    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(test::codes(candidate), std::vector{Code::MissingSecret});
    const auto vault = decode<Vault>(candidate->resolved);
    EXPECT_TRUE(vault.password.empty());
    EXPECT_EQ(vault.password.reference(), "") << "the reference must never be handed out as if it were a key";
}

TEST(Secrets, that_cannot_be_decrypted_are_an_error_even_where_missing_ones_are_absent) {
    FakeStore store{{{"t", "plain-t"}}};
    store.trouble = SecretTrouble::Unreadable;
    const auto candidate =
        load_vault(&store, "{password: SECURE:p, token: SECURE:t}", "{}", MissingSecrets::Absent);
    EXPECT_FALSE(candidate->ok);
    EXPECT_EQ(test::codes(candidate, Severity::Error), std::vector{Code::UnreadableSecret});
}

TEST(Secrets, with_a_question_mark_may_be_missing_unless_the_field_is_required) {
    FakeStore store{{{"t", "plain-t"}}};
    const auto candidate = load_vault(&store, "password: SECURE:?p\ntoken: SECURE:t");
    EXPECT_TRUE(candidate->ok);
    EXPECT_TRUE(candidate->diagnostics.empty());
    EXPECT_TRUE(decode<Vault>(candidate->resolved).password.empty());

    FakeStore empty{{}};
    EXPECT_EQ(test::codes(load_vault(&empty, "token: SECURE:?t")), std::vector{Code::MissingSecret});
}

TEST(Secrets, whose_store_is_closed_are_one_message) {
    FakeStore store{{}};
    store.trouble = SecretTrouble::StoreUnavailable;
    const auto candidate = load_vault(&store, "password: SECURE:?p\ntoken: SECURE:t");
    EXPECT_FALSE(candidate->ok);
    EXPECT_EQ(test::codes(candidate), std::vector{Code::SecretStoreUnavailable});
}

TEST(Secrets, are_reported_together_with_every_other_mistake) {
    FakeStore store{{}};
    const auto candidate = load_vault(&store, "{token: SECURE:t, tokn: 5}");
    EXPECT_EQ(test::codes(candidate, Severity::Error), (std::vector{Code::MissingSecret, Code::UnknownKey}));
}

/// t62: nothing but a well-formed reference is ever looked up.
TEST(Secrets, t62_of_malformed_references_are_never_looked_up) {
    FakeStore store{{{"t", "plain-t"}}};
    for (const std::string text : {"SECURE:../x", "SECURE:", "SECURE:a b", "SECURE:\\u0430"}) {
        const auto candidate = load_vault(&store, "{token: SECURE:t, password: \"" + text + "\"}");
        EXPECT_FALSE(candidate->ok) << text;
    }
    const auto candidate =
        load_vault(&store, "{token: SECURE:t, password: 'SECURE:" + std::string(10'240, 'x') + "'}");
    EXPECT_FALSE(candidate->ok);
    for (const std::string& asked : store.asked) {
        EXPECT_EQ(asked, "token=SECURE:t");
    }
}

}  // namespace
}  // namespace quantconf::layers
