#include "live/canonical_layer.hpp"

#include <gtest/gtest.h>

#include "quantconf/secret.hpp"

namespace quantconf::live {
namespace {

struct Account {
    std::string user;
    std::optional<Secret> password;
    std::map<std::string, Secret> keys;
    std::map<std::string, std::string> texts;

    static Fields fields() {
        return {field<&Account::user>("user"), field<&Account::password>("password"),
                field<&Account::keys>("keys"), field<&Account::texts>("texts")};
    }
    static const Schema& schema() {
        static const Schema kSchema = Schema::of<Account>({.app = "account", .env_prefix = "ACCOUNT"});
        return kSchema;
    }
};

std::string layer(const std::string& canonical) {
    return layer_of_canonical(Account::schema(), canonical);
}

TEST(CanonicalLayer, a_secret_becomes_its_reference_wherever_the_schema_has_one) {
    EXPECT_EQ(
        layer(
            R"({"keys":{"a":{"secret":"SECURE:a"},"b":{"secret":"SECURE:b@2"}},"password":{"secret":"SECURE:p"}})"),
        R"({"keys":{"a":"SECURE:a","b":"SECURE:b@2"},"password":"SECURE:p"})");
}

TEST(CanonicalLayer, a_plain_text_that_was_not_kept_is_null) {
    EXPECT_EQ(layer(R"({"password":{"secret":null},"user":"x"})"), R"({"password":null,"user":"x"})");
}

TEST(CanonicalLayer, a_key_of_that_name_in_an_ordinary_map_stays) {
    EXPECT_EQ(layer(R"({"texts":{"secret":"no"}})"), R"({"texts":{"secret":"no"}})");
    EXPECT_EQ(layer(R"({"gone":{"secret":"SECURE:a"}})"), R"({"gone":{"secret":"SECURE:a"}})");
}

TEST(CanonicalLayer, what_is_no_json_stays_as_it_is) {
    EXPECT_EQ(layer("{"), "{");
    EXPECT_EQ(layer(""), "");
}

}  // namespace
}  // namespace quantconf::live
