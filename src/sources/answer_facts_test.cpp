#include "sources/answer_facts.hpp"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

namespace quantconf::sources::test {
namespace {

std::optional<std::string> text_at(const Facts& facts, std::string_view path) {
    const auto found = std::ranges::find(facts.facts, path, &Facts::Fact::path);
    return found == facts.facts.end() ? std::nullopt : std::optional{found->text};
}

std::string words_of(const Facts& facts) {
    std::string words;
    for (const Facts::Fact& fact : facts.facts) {
        words += fact.is_words ? fact.text + "|" : "";
    }
    return words;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

TEST(AnswerFacts, the_kind_is_read_from_the_bytes) {
    EXPECT_EQ(look_at("").kind, BodyKind::Empty);
    EXPECT_EQ(look_at(" \r\n").kind, BodyKind::Empty);
    EXPECT_EQ(look_at("{}").kind, BodyKind::Object);
    EXPECT_EQ(look_at("\xEF\xBB\xBF [1]\n").kind, BodyKind::Array);
    for (const std::string_view scalar : {"\"x\"", "-1.5e+3", "0", "true", "false", "null"}) {
        EXPECT_EQ(look_at(scalar).kind, BodyKind::Scalar) << scalar;
    }
    EXPECT_EQ(look_at("<?xml version='1.0'?><!-- x --><a b='1'><c/>t</a>").kind, BodyKind::Xml);
    EXPECT_EQ(look_at("<!doctype HTML><html></html>").kind, BodyKind::Html);
    EXPECT_EQ(look_at("<HEAD>").kind, BodyKind::Html);
    EXPECT_EQ(look_at("a,b\n1,2\n").kind, BodyKind::Other);
    EXPECT_EQ(look_at(std::string_view{"\x1F\x8B\0", 3}).kind, BodyKind::Other);
}

TEST(AnswerFacts, json_that_is_damaged_or_cut_is_broken) {
    for (const std::string_view body :
         {"{",     "{\"a\":", "{\"a\":1", "{\"a\":1,}", "[1,]", "[1 2]", "{\"a\" 1}",
          "{a:1}", "{}{}",    "{}x",      "\"x",        "[01]", "[1.]",  "[-]",
          "[1e]",  "[nul]",   "[\"\n\"]", "{\"a\":1]",  "[}",   "{,}",   "[,1]"}) {
        EXPECT_EQ(look_at(body).kind, BodyKind::Broken) << body;
    }
    EXPECT_EQ(look_at(std::string_view{"{\"a\":1}\0", 8}).kind, BodyKind::Broken);
}

TEST(AnswerFacts, every_prefix_of_an_answer_is_broken) {
    const std::string body = R"({"a":{"b":[1,"x\"y",true,null]},"error":{"code":"k","n":-1.5}})";
    for (std::size_t size = 1; size < body.size(); ++size) {
        EXPECT_EQ(look_at(body.substr(0, size)).kind, BodyKind::Broken) << body.substr(0, size);
    }
    EXPECT_EQ(look_at(body).kind, BodyKind::Object);
}

TEST(AnswerFacts, xml_that_does_not_close_is_broken) {
    for (const std::string_view body : {"<a>", "<a></b>", "<a b=1/>", "<a/><b/>", "<a>x", "<a", "</a>",
                                        "< a/>", "<a/>text", "<a b='1/>", "<?xml", "<!-- x"}) {
        EXPECT_EQ(look_at(body).kind, BodyKind::Broken) << body;
    }
}

TEST(AnswerFacts, members_that_speak_of_errors_are_kept_with_their_paths) {
    const Facts facts = look_at(
        R"({"Error":{"Code":"K","n":[1,{"m":"deep"}]},"errors":[{"message":"a"},"b"],"x":1,"list":[{"message":"no"}]})");

    EXPECT_EQ(text_at(facts, "error.code"), "K");
    EXPECT_EQ(text_at(facts, "error.n[]"), "1");
    EXPECT_EQ(text_at(facts, "error.n[].m"), "deep");
    EXPECT_EQ(text_at(facts, "errors[].message"), "a");
    EXPECT_EQ(text_at(facts, "errors[]"), "");  // The first of them, the object.
    EXPECT_EQ(text_at(facts, "x"), "1");
    EXPECT_EQ(words_of(facts), "K|1|deep|a|b|");
    EXPECT_EQ(facts.names, (std::vector<std::string>{"error", "errors", "x", "list"}));
}

TEST(AnswerFacts, data_is_no_word_of_the_provider) {
    EXPECT_EQ(
        words_of(look_at(
            R"({"articles":[{"message":"Invalid API key"}],"message":{"body":"x"},"choices":[{"error":"y"}]})")),
        "");
    EXPECT_EQ(words_of(look_at(R"([{"headline":"Invalid API key"},{"message":"said"}])")), "said|");
}

TEST(AnswerFacts, null_is_not_there) {
    const Facts facts = look_at(R"({"error":null,"a":1})");
    EXPECT_EQ(facts.names, std::vector<std::string>{"a"});
    EXPECT_EQ(text_at(facts, "error"), std::nullopt);
}

TEST(AnswerFacts, escapes_are_decoded) {
    const Facts facts =
        look_at(R"({"error":"a\"b\\c\/d\u0041\u00e9\ud83d\ude00\ud83dz\n","e\u0072ror_code":1})");
    EXPECT_EQ(text_at(facts, "error"), "a\"b\\c/dA\xC3\xA9\xF0\x9F\x98\x80\xEF\xBF\xBDz ");
    EXPECT_EQ(text_at(facts, "error_code"), "1");
}

TEST(AnswerFacts, what_stood_before_the_damage_is_kept) {
    EXPECT_EQ(words_of(look_at(R"({"error":"Invalid API ke)")), "Invalid API ke|");
    EXPECT_EQ(words_of(look_at("{\"error\":\"with a\nline end\"}")), "with a\nline end|");
    EXPECT_EQ(words_of(look_at("<error code='400' message='Bad")), "400|Bad|");
}

TEST(AnswerFacts, an_error_in_xml_has_its_attributes_and_children) {
    const Facts one = look_at("<error code=\"400\" message=\"Bad Request.\"/>");
    EXPECT_EQ(text_at(one, "code"), "400");
    EXPECT_EQ(text_at(one, "message"), "Bad Request.");
    const Facts two = look_at("<error><code>400</code><message>Bad &amp; ugly</message></error>");
    EXPECT_EQ(text_at(two, "code"), "400");
    EXPECT_EQ(text_at(two, "message"), "Bad &amp; ugly");
    EXPECT_EQ(words_of(look_at("<series note='Invalid API key'>Invalid API key</series>")), "");
}

TEST(AnswerFacts, nesting_has_a_limit_and_needs_no_stack) {
    EXPECT_EQ(look_at(nested(kAnswerDepthMax)).kind, BodyKind::Array);
    EXPECT_EQ(look_at(nested(kAnswerDepthMax + 1)).kind, BodyKind::Broken);
    EXPECT_EQ(look_at(std::string(10'000'000, '[')).kind, BodyKind::Broken);
    std::string xml;
    for (std::size_t i = 0; i < kAnswerDepthMax; ++i) {
        xml += "<a>";
    }
    EXPECT_EQ(look_at(xml + "<a>").kind, BodyKind::Broken);
}

TEST(AnswerFacts, what_is_kept_has_limits) {
    std::string body = "{";
    for (std::size_t i = 0; i < 2 * kNamesMax; ++i) {
        body += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
    }
    const Facts many = look_at(body + "}");
    EXPECT_EQ(many.kind, BodyKind::Object);
    EXPECT_EQ(many.names.size(), kNamesMax);
    EXPECT_EQ(many.facts.size(), kFactsMax);

    const Facts lengthy = look_at("{\"error\":\"" + std::string(10 * kFactTextMax, 'a') + "\"}");
    EXPECT_EQ(lengthy.kind, BodyKind::Object);
    EXPECT_EQ(text_at(lengthy, "error")->size(), kFactTextMax);

    std::string several = "{\"errors\":[\"\"";
    for (int i = 0; i < 100; ++i) {
        several += ",\"" + std::string(1000, 'b') + "\"";
    }
    std::size_t bytes = 0;
    for (const Facts::Fact& fact : look_at(several + "]}").facts) {
        bytes += fact.text.size();
    }
    EXPECT_LE(bytes, kWordsMax);
    EXPECT_GT(bytes, kWordsMax - 1001);
}

}  // namespace
}  // namespace quantconf::sources::test
