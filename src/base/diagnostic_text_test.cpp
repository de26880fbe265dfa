#include <string>

#include <gtest/gtest.h>

#include "base/diagnostic_report.hpp"
#include "quantconf/error.hpp"

namespace quantconf {
namespace {

/// A diagnostic about the first occurrence of `word` in `text`.
Diagnostic about(const std::string& text, const std::string& word,
                 const std::string& name = "config/production.yaml", Source::Kind kind = Source::Kind::File) {
    Diagnostic diagnostic;
    diagnostic.code = Code::OutOfRange;
    diagnostic.message = "expected 0.01..1.0, found 5";
    const auto begin = static_cast<std::uint32_t>(text.find(word));
    diagnostic.origin = {Source::make(kind, "environment", name, text), begin,
                         begin + static_cast<std::uint32_t>(word.size())};
    return diagnostic;
}

/// The excerpt's line and marker.
std::string picture(const Diagnostic& diagnostic) {
    const std::string text = to_text(diagnostic);
    const std::size_t begin = text.find('\n') + 1;
    return text.substr(begin, text.find("\n  hint:") - begin);
}

TEST(DiagnosticText, looks_like_a_compilers) {
    Diagnostic diagnostic = about("a:\nb:\nc:\ntrading:\n  max_position_size: 5\n", "5");
    diagnostic.path = "trading.max_position_size";
    diagnostic.hint = "5% is written 0.05";
    const auto base =
        Source::make(Source::Kind::File, "base", "config/base.yaml", "\n\n  max_position_size: 0.1");
    diagnostic.related.push_back({{base, 23, 26}, "the default comes from"});
    EXPECT_EQ(
        to_text(diagnostic),
        "config/production.yaml:5:22: error[QC1203]: trading.max_position_size: expected 0.01..1.0, found 5\n"
        "    5 |   max_position_size: 5\n"
        "      |                      ^\n"
        "  note: the default comes from config/base.yaml:3:22\n"
        "  hint: 5% is written 0.05; `quantconf explain QC1203` says more");
}

TEST(DiagnosticText, a_note_that_is_a_sentence_gets_a_colon) {
    Diagnostic diagnostic = about("a: 1\na: 2", "a: 2");
    diagnostic.related.push_back({{diagnostic.origin.source, 0, 1}, "first set here"});
    diagnostic.related.push_back({{}, "the schema has no such section"});
    const std::string text = to_text(diagnostic);
    EXPECT_NE(text.find("\n  note: first set here: config/production.yaml:1:1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\n  note: the schema has no such section\n"), std::string::npos) << text;
}

TEST(DiagnosticText, without_source_path_or_hint_still_says_where_to_read_more) {
    Diagnostic diagnostic;
    diagnostic.severity = Severity::Warning;
    diagnostic.code = Code::RuleWarning;
    diagnostic.message = "nothing to do";
    EXPECT_EQ(to_text(diagnostic),
              "warning[QC1702]: nothing to do\n  hint: `quantconf explain QC1702` says more");
}

TEST(DiagnosticText, a_variable_has_no_line_and_column) {
    const Diagnostic diagnostic = about("maybe", "maybe", "QUANTBOT_DEBUG", Source::Kind::Variable);
    EXPECT_EQ(to_text(diagnostic),
              "QUANTBOT_DEBUG: error[QC1203]: expected 0.01..1.0, found 5\n"
              "      | maybe\n"
              "      | ^~~~~\n"
              "  hint: `quantconf explain QC1203` says more");
}

TEST(DiagnosticText, underlines_the_whole_span_of_one_line) {
    EXPECT_EQ(picture(about("level: verbose # x", "verbose")),
              "    1 | level: verbose # x\n"
              "      |        ^~~~~~~");
    EXPECT_EQ(picture(about("a: [1,\n  2]", "[1,\n  2]")),
              "    1 | a: [1,\n"
              "      |    ^");
}

TEST(DiagnosticText, points_behind_the_end_of_a_line) {
    Diagnostic diagnostic = about("a:\nb: 1", "a");
    diagnostic.origin.begin = diagnostic.origin.end = 2;
    EXPECT_EQ(picture(diagnostic), "    1 | a:\n      |   ^");
}

TEST(DiagnosticText, an_empty_line_is_not_shown) {
    EXPECT_EQ(to_text(about("", "")),
              "config/production.yaml:1:1: error[QC1203]: expected 0.01..1.0, found 5\n"
              "  hint: `quantconf explain QC1203` says more");
}

TEST(DiagnosticText, the_caret_stands_under_its_character_behind_tabs) {
    EXPECT_EQ(picture(about("\ta\tb: 5", "5")),
              "    1 |     a   b: 5\n"
              "      |            ^");
}

TEST(DiagnosticText, the_caret_stands_under_its_character_behind_wide_ones) {
    EXPECT_EQ(picture(about("中文: 5", "5")),
              "    1 | 中文: 5\n"
              "      |       ^");
    EXPECT_EQ(picture(about("e\xCC\x81é: 5", "5")),
              "    1 | e\xCC\x81é: 5\n"
              "      |     ^");
    EXPECT_EQ(picture(about("a: 中文", "中文")),
              "    1 | a: 中文\n"
              "      |    ^~~~");
}

TEST(DiagnosticText, nothing_from_the_input_controls_the_terminal) {
    Diagnostic diagnostic = about("a\x1b[31m: 5\xE9\xE2\x80\xAE", "5", "conf\x1b]0;x\a.yaml");
    diagnostic.path = "a\x1b[31m";
    diagnostic.message = "found \x1b[2J\nnew line";
    diagnostic.hint = "\rhidden";
    diagnostic.related.push_back({diagnostic.origin, "see\x9b"});
    const std::string text = to_text(diagnostic);
    for (const char c : text) {
        EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << text;
    }
    EXPECT_EQ(text.find('\x9b'), std::string::npos);
    EXPECT_EQ(picture(about("a\x1b[31m: 5\xE9\xE2\x80\xAE", "5")),
              "    1 | a\\x1b[31m: 5\\xe9\\u202e\n"
              "      |            ^");
}

TEST(DiagnosticText, a_long_line_is_cut_around_the_caret) {
    const std::string text = std::string(500, 'a') + ": 5 " + std::string(500, 'b');
    EXPECT_EQ(picture(about(text, "5")), "    1 | …" + std::string(58, 'a') + ": 5 " + std::string(38, 'b') +
                                             "…\n      | " + std::string(61, ' ') + "^");
    const std::string begin = "a: 5" + std::string(500, 'b');
    EXPECT_EQ(picture(about(begin, "5")), "    1 | a: 5" + std::string(96, 'b') + "…\n      |    ^");
    const std::string fits = "a: 5" + std::string(96, 'b');
    EXPECT_EQ(picture(about(fits, "5")), "    1 | " + fits + "\n      |    ^");
    const std::string end = std::string(500, 'a') + ": 5";
    EXPECT_EQ(picture(about(end, "5")),
              "    1 | …" + std::string(58, 'a') + ": 5\n      | " + std::string(61, ' ') + "^");
}

TEST(DiagnosticText, colours_only_on_demand) {
    const Diagnostic diagnostic = about("a: 5", "5");
    EXPECT_EQ(to_text(diagnostic).find('\x1b'), std::string::npos);
    const std::string coloured = to_text(diagnostic, true);
    EXPECT_NE(coloured.find("\x1b[1;31merror[QC1203]:\x1b[0m"), std::string::npos) << coloured;
}

TEST(DiagnosticText, a_failure_lists_every_diagnostic) {
    const Diagnostic diagnostic = about("a: 5", "5");
    EXPECT_EQ(to_text(Failure{Diagnostics{diagnostic, diagnostic}}),
              to_text(diagnostic) + "\n" + to_text(diagnostic));
}

}  // namespace
}  // namespace quantconf
