#include "secrets/masked_ends.hpp"

#include <gtest/gtest.h>

namespace quantconf::secrets {
namespace {

constexpr std::string_view kSecret = "sk-example-0123456789-tail";

TEST(MaskedEnds, the_ends_beside_a_mask_go_with_it) {
    const auto shown = [](std::string_view text) { return without_masked_ends(text, kSecret); };
    EXPECT_EQ(shown("wrong key: sk-example-**********tail. Look"), "wrong key: [redacted]. Look");
    EXPECT_EQ(shown("sk-...tail"), "[redacted]");
    EXPECT_EQ(shown("sk-exa…ail, and again ****9-tail"), "[redacted], and again [redacted]");
    EXPECT_EQ(shown(R"("key":"sk-ex\u2026tail")"), R"("key":"[redacted]")");
    EXPECT_EQ(shown("sk-example••••"), "[redacted]");
}

TEST(MaskedEnds, what_is_beside_no_end_stays) {
    for (const char* text : {"", "****", "wait ...", "sk-example", "tail", "**bold** text", "k...il", "...",
                             "sk-exampl-...tai-", "*tail"}) {
        EXPECT_EQ(without_masked_ends(text, kSecret), text);
    }
    EXPECT_EQ(without_masked_ends("...abc", ""), "...abc");
    EXPECT_EQ(without_masked_ends("ab...bc", "abc"), "ab...bc") << "two bytes prove nothing";
    EXPECT_EQ(without_masked_ends("abc...", "abcd"), "[redacted]");
}

}  // namespace
}  // namespace quantconf::secrets
