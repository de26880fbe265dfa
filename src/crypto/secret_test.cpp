#include "quantconf/secret.hpp"

#include <concepts>
#include <ostream>
#include <string>
#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crypto/secret_memory.hpp"
#include "crypto/test_memory.hpp"

namespace quantconf {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

static_assert(!Printable<Secret> && Printable<std::string>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::equality_comparable<Secret> && !std::totally_ordered<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string> &&
              !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<Secret, bool> && !std::is_constructible_v<std::string, Secret>);
static_assert(!std::is_constructible_v<Secret, std::string>);  // A text says whether it is a reference.
static_assert(!std::is_default_constructible_v<SecretAccess>);

std::string plain_text_of(const Secret& secret) {
    std::string text = "not revealed";
    secret.reveal(grant_secret_access(), [&](std::string_view plain) { text = plain; });
    return text;
}

TEST(Secret, is_not_configured_unless_somebody_says_so) {
    for (const Secret& secret : {Secret{}, Secret::plain(""), Secret::reference("")}) {
        EXPECT_TRUE(secret.empty());
        EXPECT_FALSE(secret.is_reference());
        EXPECT_EQ(plain_text_of(secret), "not revealed");
        EXPECT_EQ(secret.description(), "<no secret>");
    }
}

TEST(Secret, a_plain_text_is_revealed_and_never_described) {
    const Secret secret = Secret::plain("hunter2");
    EXPECT_FALSE(secret.empty());
    EXPECT_FALSE(secret.is_reference());
    EXPECT_EQ(secret.reference(), "");
    EXPECT_EQ(secret.version(), std::nullopt);
    EXPECT_EQ(secret.description(), "<secret>");
    EXPECT_EQ(plain_text_of(secret), "hunter2");
}

TEST(Secret, an_unresolved_reference_has_no_plain_text) {
    const Secret secret = Secret::reference("SECURE:?polygon_key@previous");
    EXPECT_FALSE(secret.empty());
    EXPECT_TRUE(secret.is_reference());
    EXPECT_EQ(secret.reference(), "SECURE:?polygon_key@previous");
    EXPECT_EQ(secret.version(), std::nullopt);
    EXPECT_EQ(secret.description(), "<secret polygon_key@previous>");
    EXPECT_EQ(plain_text_of(secret), "not revealed");
}

TEST(Secret, a_resolved_one_knows_its_reference_and_version) {
    const Secret secret = Secret::resolved("SECURE:polygon_key@previous", 3, "hunter2");
    EXPECT_TRUE(secret.is_reference());
    EXPECT_EQ(secret.reference(), "SECURE:polygon_key@previous");
    EXPECT_EQ(secret.version(), 3U);
    EXPECT_EQ(secret.description(), "<secret polygon_key v3>");
    EXPECT_EQ(plain_text_of(secret), "hunter2");
}

TEST(Secret, an_empty_value_of_the_store_is_a_value) {
    const Secret secret = Secret::resolved("SECURE:empty", 1, "");
    EXPECT_FALSE(secret.empty());
    EXPECT_EQ(plain_text_of(secret), "");
}

TEST(Secret, a_description_cannot_write_to_a_terminal) {
    EXPECT_EQ(Secret::reference("SECURE:a\x1b[31mb").description(), "<secret a\\x1b[31mb>");
}

TEST(Secret, copies_share_one_text) {
    Secret secret = Secret::plain("hunter2");
    const std::size_t used = crypto::secret_memory_status().used;
    const Secret copy =
        secret;  // NOLINT(performance-unnecessary-copy-initialization): that is what is tested.
    EXPECT_EQ(crypto::secret_memory_status().used, used);
    secret = {};
    EXPECT_EQ(plain_text_of(copy), "hunter2");
}

TEST(Secret, may_be_replaced_while_it_is_revealed) {
    Secret secret = Secret::plain("hunter2");
    secret.reveal(grant_secret_access(), [&](std::string_view plain) {
        secret = Secret::plain("another");
        EXPECT_EQ(plain, "hunter2");
    });
    EXPECT_EQ(plain_text_of(secret), "another");
}

// Case 42 of the threats: "Secret left in freed heap: scan /proc/self/mem after release: not found".
TEST(Secret, t42_the_last_copy_takes_the_text_with_it) {
    if (crypto::kIsSanitized) {
        GTEST_SKIP() << "a sanitizer's shadow has no end";
    }
    const crypto::Canary canary;
    {
        Secret secret = Secret::resolved("SECURE:polygon_key", 3, canary.secret().view());
        const Secret copy = std::move(secret);
        ASSERT_EQ(crypto::count_in_memory(canary), 1U);
        EXPECT_FALSE(copy.empty());
    }
    EXPECT_EQ(crypto::count_in_memory(canary), 0U);
}

// Cases 40 and 43: the text is kept out of core files; a child goes on serving it.
TEST(Secret, t43_a_forked_child_still_serves_its_configuration) {
    const Secret secret = Secret::resolved("SECURE:polygon_key", 3, "hunter2");
    EXPECT_TRUE(crypto::in_child([&] { return plain_text_of(secret) == "hunter2"; }));
    secret.reveal(grant_secret_access(),
                  [](std::string_view plain) { EXPECT_TRUE(crypto::mapping_flags(plain).contains(" dd ")); });
}

}  // namespace
}  // namespace quantconf
