#include "base/base64.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace quantconf {
namespace {

std::optional<std::string> decoded(std::string_view text, Base64 alphabet = Base64::Standard) {
    std::string bytes(base64_bytes_max(text.size()), '\0');
    const auto size = decode_base64(text, alphabet, bytes);
    return size ? std::optional{bytes.substr(0, *size)} : std::nullopt;
}

TEST(Base64, passes_the_vectors_of_rfc_4648) {
    for (const auto& [plain, text] :
         std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(base64_encoded(plain), text);
        EXPECT_EQ(decoded(text), plain);
    }
    EXPECT_EQ(base64_encoded("\xfb\xff", Base64::Url), "-_8=");
    EXPECT_EQ(decoded("-_8=", Base64::Url), "\xfb\xff");
}

TEST(Base64, of_any_other_spelling_is_refused) {
    for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9", "Zm8 ", "Zm9v\n", "=",
                                        "====", "Z===", "Z=g=", "-_8=", "Zm9\xff"}) {
        EXPECT_EQ(decoded(text), std::nullopt) << text;
    }
    EXPECT_EQ(decoded("+/8=", Base64::Url), std::nullopt);
}

}  // namespace
}  // namespace quantconf
