#include "schema/host.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::schema {
namespace {

TEST(Host, names_and_addresses_are_hosts) {
    for (const auto* text : {"localhost", "db", "db-1.example.com", "DB.Example.COM", "example.com.", "my_db",
                             "1password.com", "3com", "127.0.0.1", "255.255.255.255", "::1", "[::1]",
                             "2001:db8::17", "::ffff:1.2.3.4", "xn--bcher-kva.example"}) {
        EXPECT_TRUE(valid_host(text)) << text;
    }
}

TEST(Host, what_no_resolver_should_guess_about_is_refused) {
    for (const auto* text : {"",
                             ".",
                             "..",
                             "a..b",
                             ".a",
                             "-a",
                             "a-",
                             "a.-b",
                             "a b",
                             "a/b",
                             "http://a",
                             "a:5432",
                             "user@a",
                             "b\xc3\xbc"
                             "cher.example",
                             "[::1",
                             "::1]",
                             "[127.0.0.1]",
                             "[]",
                             "fe80::1%eth0",
                             "/var/run/postgresql"}) {
        EXPECT_FALSE(valid_host(text)) << text;
    }
    EXPECT_FALSE(valid_host(std::string_view{"a\0b", 3}));
    EXPECT_FALSE(valid_host(std::string_view{"::1\0", 4}));
}

TEST(Host, an_ipv4_address_has_four_decimal_parts) {
    for (const auto* text : {"127.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "010.0.0.1", "0x7f.0.0.1",
                             "2130706433", "0x7f000001", "1.2.3.4."}) {
        EXPECT_FALSE(valid_host(text)) << text;
    }
}

TEST(Host, labels_and_names_have_a_longest_length) {
    const std::string label63(63, 'a');
    EXPECT_TRUE(valid_host(label63));
    EXPECT_FALSE(valid_host(label63 + "a"));

    const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
    ASSERT_EQ(name253.size(), 253U);
    EXPECT_TRUE(valid_host(name253));
    EXPECT_TRUE(valid_host(name253 + "."));
    EXPECT_FALSE(valid_host(name253 + "b"));
}

}  // namespace
}  // namespace quantconf::schema
