#include "sources/reason.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

std::string shown(std::string_view text) {
    return shown_reason(text, secrets::Redactor{});
}

TEST(Reason, is_one_line_of_visible_characters) {
    EXPECT_EQ(shown("two\nlines\tand\x1B[31m colour\xE2\x80\xAE"), "two lines and [31m colour");
    EXPECT_EQ(shown("not \xFF\xC3 UTF-8"), "not UTF-8");
    EXPECT_EQ(shown("caf\xC3\xA9"), "caf\xC3\xA9");
    EXPECT_EQ(shown(std::string_view{"a\0b", 3}), "a b");
    EXPECT_EQ(shown("  \n "), "");
}

TEST(Reason, has_at_most_160_characters) {
    const std::string fits = std::string(79, 'a') + " " + std::string(80, 'b');
    std::string words;
    for (int i = 0; i < 100; ++i) {
        words += "\xC3\xA4\xC3\xA4 ";
    }
    EXPECT_EQ(count_code_points(shown(words)), kReasonMax);
    EXPECT_TRUE(shown(words).ends_with("\xE2\x80\xA6"));
    std::string exact;
    while (exact.size() < kReasonMax) {
        exact += "abcd ";
    }
    exact.back() = 'x';
    EXPECT_EQ(shown(exact), exact);
    EXPECT_EQ(count_code_points(shown(exact + " y")), kReasonMax);
}

TEST(Reason, known_secrets_are_taken_out_wherever_they_stand) {
    secrets::Redactor redactor;
    redactor.add("abcdef");
    EXPECT_EQ(shown_reason("Incorrect abcdef given", redactor), "Incorrect [redacted] given");
    EXPECT_EQ(shown_reason("abc\xE2\x80\x8B"
                           "def",
                           redactor),
              "abc def");
    std::string spread(158, 'x');
    for (std::size_t i = 3; i < spread.size(); i += 4) {
        spread[i] = ' ';
    }
    EXPECT_FALSE(shown_reason(spread + "abcdef", redactor).contains("abc"));
}

TEST(Reason, keys_of_others_are_known_by_their_looks) {
    for (const std::string_view text : {
             "We have detected your API key as ABC and our standard",
             "We have detected your API key as Q1W2E3R4T5Y6U7I8",
             "Incorrect API key provided: sk-ab***********yz.",
             "Incorrect API key provided: shortkey. You can",
             "Incorrect API key provided: sk-proj-Aa1Bb2Cc3Dd4Ee5Ff6. You can",
             "the key 0123456789abcdef0123456789abcdef is unknown",
             "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N is bad",
             "https://api.example/x?apikey=abc123 failed",
             "key ABCDEFGHIJKLMNOPQRST is unknown",
         }) {
        const std::string line = shown(text);
        EXPECT_TRUE(line.contains("[redacted]")) << line;
        for (const std::string_view part :
             {"ABC ", "Q1W2", "sk-", "shortkey", "0123456789", "eyJ", "abc123", "KLMNO"}) {
            EXPECT_FALSE(line.contains(part)) << line;
        }
    }
}

TEST(Reason, ordinary_words_stay) {
    for (const std::string_view text : {
             "Your API key is invalid or incorrect. Check your key, or go to https://newsapi.org to create "
             "one.",
             "Rate limit reached for gpt-4o-mini-2024-07-18 on requests per min (RPM): Limit 3, Used 3.",
             "Your plan permits you to request articles as far back as 2024-04-29.",
             "Please see https://openweathermap.org/faq#error401 for more info.",
             "TIME_SERIES_DAILY_ADJUSTED does not exist",
             "THE SAMPLE DATA SCHEMA IS ***ARTIFICIAL AND FOR ILLUSTRATION***",
             "The **demo** API key is for demo purposes only.",
             "The value for variable api_key is not registered.",
         }) {
        EXPECT_EQ(shown(text), text);
    }
}

TEST(Reason, the_best_words_are_a_sentence) {
    const auto best = [](std::string_view body) { return std::string{best_words(look_at(body))}; };
    EXPECT_EQ(best(R"({"status":"ERROR","request_id":"r","error":"Unknown API Key"})"), "Unknown API Key");
    EXPECT_EQ(best(R"({"error":{"code":"k","type":"a b","message":"Say it."}})"), "Say it.");
    EXPECT_EQ(best(R"({"error":{"code":"k","type":"t","message":"Say it."}})"), "Say it.");
    EXPECT_EQ(best(R"({"error":"invalid_grant"})"), "invalid_grant");
    EXPECT_EQ(best(R"({"error":401})"), "");
    EXPECT_EQ(best(R"({"type":"about:blank","title":"Unauthorized","status":401})"), "");
    EXPECT_EQ(best(R"({"type":"about:blank","detail":"Say it.","status":401})"), "Say it.");
    EXPECT_EQ(best("plain words"), "plain words");
    EXPECT_EQ(best("<html>page</html>"), "");
}

TEST(Reason, a_note_stays_whole_behind_words_of_any_length) {
    EXPECT_EQ(with_note("", "a note"), "a note");
    EXPECT_EQ(with_note("Too fast", "a note"), "Too fast; a note");
    const std::string fits(kReasonMax - 8, 'x');
    EXPECT_EQ(with_note(fits, "a note"), fits + "; a note");
    EXPECT_EQ(with_note(fits + "x", "a note"), fits.substr(1) + "…; a note");
}

}  // namespace
}  // namespace quantconf::sources::test
