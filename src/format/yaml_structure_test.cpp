// One test for each row of table C.2 of the configuration semantics, in its order.

#include <chrono>

#include <gtest/gtest.h>

#include "format/test_support.hpp"
#include "support/thread_time.hpp"

namespace quantconf::format {
namespace {

using testing::found;
using testing::problems;
using testing::Texts;
using testing::tree;
using testing::yaml;

TEST(YamlStructure, t58_duplicate_key_is_an_error_at_both_places) {
    const Parsed parsed = yaml("a: 1\nb: 2\na: 3\n");

    ASSERT_EQ(found(parsed.diagnostics), Texts{"QC1102 3:1"});
    EXPECT_EQ(parsed.diagnostics[0].path, "a");
    ASSERT_EQ(parsed.diagnostics[0].related.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].related[0].origin.position(), (Position{1, 1}));
    EXPECT_EQ(testing::shown(parsed), "{a: 1, b: 2}");
}

TEST(YamlStructure, a_key_is_the_same_however_and_wherever_it_is_written) {
    EXPECT_EQ(problems("a: 1\n\"a\": 2\n"), Texts{"QC1102 2:1"});
    EXPECT_EQ(problems("a: 1\n'a': 2\n"), Texts{"QC1102 2:1"});
    EXPECT_EQ(problems("\"\\x61\": 1\na: 2\n"), Texts{"QC1102 2:1"});
    EXPECT_EQ(problems("? a\n: 1\na: 2\n"), Texts{"QC1102 3:1"});
    EXPECT_EQ(problems("l:\n  - {a: 1, a: 2}\n"), Texts{"QC1102 2:12"});
    EXPECT_EQ(problems("a: {x: 1}\nb: 2\na: {y: 3}\n"), Texts{"QC1102 3:1"});
    EXPECT_EQ(problems("12: 1\n012: 2\n"), Texts{});  // Texts, not numbers.
}

TEST(YamlStructure, t58_duplicate_keys_of_a_large_map_are_found_as_well) {
    std::string text = "section:\n";
    for (int i = 0; i < 100; ++i) {
        text += fmt::format("  key_{}: {}\n", i, i);
    }
    text += "  key_42: again\n  KEY_43: again\n";

    const Parsed parsed = yaml(text);

    EXPECT_EQ(found(parsed.diagnostics), (Texts{"QC1102 102:3", "QC1103 103:3"}));
    EXPECT_EQ(parsed.diagnostics[0].path, "section.key_42");
    EXPECT_EQ(parsed.diagnostics[0].related[0].origin.position(), (Position{44, 3}));
}

TEST(YamlStructure, null_and_empty_and_complex_keys_are_errors) {
    EXPECT_EQ(problems("~: 1\nok: 2\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems("null: 1\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems("Null: 1\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems("NULL: 1\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems(": 1\n"), Texts{"QC1101 1:1"});
    EXPECT_EQ(problems("~: 1\nnull: 2\n"), (Texts{"QC1104 1:1", "QC1104 2:1"}));
    EXPECT_EQ(problems("\"\": 1\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems("? [a, b]\n: 1\n"), Texts{"QC1104 1:3"});
    EXPECT_EQ(problems("{a: 1}: 2\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems("a: &x 1\n*x : 2\n"), Texts{"QC1104 2:1"});
    EXPECT_EQ(problems("&x a: 1\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(problems("!!str a: 1\n"), Texts{"QC1104 1:1"});
    EXPECT_EQ(tree("~: {x: 1}\n? {a: [1]}\n: {c: [2]}\nok: 3\n"), "{ok: 3}");
}

TEST(YamlStructure, keys_are_texts_as_written) {
    EXPECT_EQ(tree("yes: 1\n012: 2\ntrue: 3\n\"null\": 4\n'it''s': 5\n"),
              "{yes: 1, 012: 2, true: 3, null: 4, it's: 5}");
}

TEST(YamlStructure, keys_that_differ_only_in_case_are_an_error) {
    EXPECT_EQ(problems("host: 1\nHost: 2\n"), Texts{"QC1103 2:1"});
    EXPECT_EQ(problems("größe: 1\nGRÖßE: 2\n"), Texts{"QC1103 2:1"});
    EXPECT_EQ(problems("a: {x: 1}\nb: {X: 1}\n"), Texts{});
}

TEST(YamlStructure, explicit_keys_win_over_merged_ones_in_any_order) {
    EXPECT_EQ(tree("b: &b {x: 1, y: 2}\nc:\n  x: 5\n  <<: *b\n"), "{b: {x: 1, y: 2}, c: {x: 5, y: 2}}");
    EXPECT_EQ(tree("b: &b {x: 1, y: 2}\nc:\n  <<: *b\n  x: 5\n"), "{b: {x: 1, y: 2}, c: {x: 5, y: 2}}");
}

TEST(YamlStructure, in_a_list_of_merges_the_earlier_wins) {
    EXPECT_EQ(tree("p: &p {x: 1}\nq: &q {x: 2, y: 3}\nr: {<<: [*p, *q]}\n"),
              "{p: {x: 1}, q: {x: 2, y: 3}, r: {x: 1, y: 3}}");
}

TEST(YamlStructure, two_merge_keys_or_a_scalar_behind_one_are_errors) {
    EXPECT_EQ(problems("b: &b {x: 1}\nc:\n  <<: *b\n  <<: *b\n"), Texts{"QC1119 4:3"});
    EXPECT_EQ(problems("c:\n  <<: 5\n"), Texts{"QC1119 2:3"});
    EXPECT_EQ(problems("c:\n  <<: ~\n"), Texts{"QC1119 2:3"});
    EXPECT_EQ(problems("c:\n  <<: [{a: 1}, 5]\n"), Texts{"QC1119 2:3"});
    EXPECT_EQ(problems("c:\n  <<: !replace {a: 1}\n"), Texts({"QC1122 2:7"}));
}

TEST(YamlStructure, merged_entries_say_where_the_anchor_wrote_them) {
    const Parsed parsed = yaml("b: &b\n  x: 1\nc:\n  <<: *b\n");

    const value::Entry& merged = parsed.document->root.find("c")->value.map()[0];
    EXPECT_EQ(merged.key_origin().position(), (Position{2, 3}));
    EXPECT_EQ(merged.value.origin().position(), (Position{2, 6}));
}

TEST(YamlStructure, a_quoted_merge_key_and_signs_as_values_are_plain_texts) {
    EXPECT_EQ(tree("\"<<\": 1\nb: <<\nc: =\n"), "{<<: 1, b: <<, c: =}");
}

TEST(YamlStructure, t57_alias_bomb_is_an_error_in_less_than_ten_milliseconds) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 9; ++level) {
        text += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n",
                            level, level - 1);
    }
    const auto begin = thread_time();

    const Parsed parsed = yaml(text);

    EXPECT_LT(thread_time() - begin, std::chrono::milliseconds{10});
    EXPECT_EQ(found(parsed.diagnostics).size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].code, Code::AliasBomb);
    EXPECT_EQ(parsed.document, nullptr);
}

TEST(YamlStructure, self_alias_is_an_error) {
    const Parsed parsed = yaml("a: &a {b: *a}\n");

    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1116 1:11"});
    EXPECT_EQ(parsed.diagnostics[0].path, "a.b");
    EXPECT_EQ(problems("a: &a [1, *a]\n"), Texts{"QC1116 1:11"});
    EXPECT_EQ(problems("a: &a {<<: *a}\n"), Texts{"QC1116 1:12"});
    EXPECT_EQ(problems("a: &a\n  b: &b\n    c: *a\n"), Texts{"QC1116 3:8"});
}

TEST(YamlStructure, undefined_alias_is_an_error_that_does_not_name_it) {
    const Parsed parsed = yaml("password: *hunter2\n");

    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1117 1:11"});
    EXPECT_EQ(testing::rendered(parsed.diagnostics).find("hunter2"), std::string::npos);
}

TEST(YamlStructure, an_undefined_alias_behind_a_merge_key_is_one_error) {
    EXPECT_EQ(problems("a:\n  <<: *nobody\n"), Texts{"QC1117 2:7"});
    EXPECT_EQ(problems("a:\n  <<: [*nobody]\n"), (Texts{"QC1117 2:8", "QC1119 2:3"}));
}

TEST(YamlStructure, duplicate_anchor_is_an_error_at_both_places) {
    const Parsed parsed = yaml("a: &x 1\nb: &x 2\n");

    ASSERT_EQ(found(parsed.diagnostics), Texts{"QC1118 2:4"});
    EXPECT_EQ(parsed.diagnostics[0].related[0].origin.position(), (Position{1, 4}));
}

TEST(YamlStructure, an_anchor_that_is_glued_to_what_follows_is_an_error_because_parsers_differ) {
    EXPECT_EQ(problems("a: &x:1\n"), Texts{"QC1101 1:6"});
    EXPECT_EQ(problems("a: &x?1\n"), Texts{"QC1101 1:6"});
    EXPECT_EQ(problems("a: !!str &x:1\n"), Texts{"QC1101 1:12"});
    EXPECT_EQ(problems("a: &x :1\nb: &y\nc: [&z 1, &w]\n"), Texts{});
}

TEST(YamlStructure, second_document_is_an_error_at_its_marker_and_the_first_is_kept) {
    const Parsed parsed = yaml("---\na: 1\n---\nb: 2\n");

    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1111 3:1"});
    EXPECT_EQ(testing::shown(parsed), "{a: 1}");
    EXPECT_EQ(problems("a: 1\n...\n# still fine\n\n"), Texts{});
    EXPECT_EQ(problems("a: 1\n...\n%YAML 1.2\n---\nb: 1\n"), Texts{"QC1111 3:1"});
    EXPECT_EQ(problems("a: 1\n...\nb: 2\n"), Texts{"QC1101 3:1"});
}

TEST(YamlStructure, empty_comment_only_and_a_bare_marker_are_valid_empty_layers_with_a_note) {
    for (const std::string_view text :
         {"", "\n \n", "# nothing yet\n", "---\n", "--- # x\n...\n", "\xEF\xBB\xBF"}) {
        const Parsed parsed = yaml(text);
        EXPECT_EQ(testing::shown(parsed), "{}") << text;
        ASSERT_EQ(parsed.diagnostics.size(), 1U) << text;
        EXPECT_EQ(parsed.diagnostics[0].code, Code::EmptyLayer);
        EXPECT_EQ(parsed.diagnostics[0].severity, Severity::Note);
    }
    EXPECT_EQ(problems("{}\n"), Texts{});
}

TEST(YamlStructure, root_list_or_scalar_is_an_error_at_one_one) {
    const Parsed list = yaml("- a\n- b\n");
    EXPECT_EQ(found(list.diagnostics), Texts{"QC1112 1:1"});
    EXPECT_EQ(list.diagnostics[0].message, "top level must be a mapping, found sequence");
    EXPECT_EQ(list.document, nullptr);

    EXPECT_EQ(yaml("a:1\n").diagnostics[0].message, "top level must be a mapping, found scalar");
    EXPECT_EQ(problems("~\n"), Texts{"QC1112 1:1"});
}

TEST(YamlStructure, yaml_1_2_is_fine_and_every_other_version_an_error) {
    EXPECT_EQ(tree("%YAML 1.2\n---\na: 1\n"), "{a: 1}");
    EXPECT_EQ(problems("# c\n%YAML 1.2  # now\n---\na: 1\n"), Texts{});
    EXPECT_EQ(problems("%YAML 1.1\n---\na: 1\n"), Texts{"QC1120 1:1"});
    EXPECT_EQ(problems("%YAML 2.0\n---\na: 1\na: 2\n"), (Texts{"QC1120 1:1", "QC1102 4:1"}));
    EXPECT_EQ(problems("%YAML 1.23\n---\na: 1\n"), Texts{"QC1120 1:1"});
    EXPECT_EQ(problems("%YAML 1.2\n%YAML 1.2\n---\na: 1\n"), Texts{"QC1101 2:1"});
    EXPECT_EQ(problems("%TAG !e! tag:example.com,2026:\n---\na: 1\n"), Texts{"QC1101 1:1"});
    EXPECT_EQ(problems("%YAML 1.2\na: 1\n"), Texts{"QC1101 2:1"});
}

TEST(YamlStructure, tab_indentation_is_an_error_at_the_tab) {
    EXPECT_EQ(problems("a:\n\tb: 1\n"), Texts{"QC1107 2:1"});
    EXPECT_EQ(problems("a: 1\n\tb: 2\n"), Texts{"QC1107 2:1"});
    EXPECT_EQ(problems("a:\n  \tb: 1\n"), Texts{"QC1107 2:3"});
    EXPECT_EQ(problems("a: |\n\ttext\n"), Texts{"QC1107 2:1"});
    EXPECT_EQ(problems("\ta: 1\n"), Texts{"QC1107 1:1"});
    EXPECT_EQ(problems("a:\t1\nb: [1,\t2]\n"), Texts{});
}

TEST(YamlStructure, no_break_space_after_the_colon_is_named) {
    const Parsed parsed = yaml("a:\u00a01\n");
    ASSERT_EQ(found(parsed.diagnostics), Texts{"QC1110 1:3"});
    EXPECT_NE(parsed.diagnostics[0].message.find("U+00A0"), std::string::npos);

    EXPECT_EQ(problems("a:\u00a01\nb: 2\n"), Texts{"QC1110 1:3"});
    EXPECT_EQ(problems("b: 2\na:\u00a01\n"), Texts{"QC1110 2:3"});
    EXPECT_EQ(problems("a: 1\n\u00a0b: 2\n"), Texts{"QC1110 2:1"});
}

TEST(YamlStructure, invisible_characters_in_keys_are_errors) {
    EXPECT_EQ(problems("a\u200b: 1\n"), Texts{"QC1110 1:2"});
    EXPECT_EQ(problems("a\u202eb: 1\n"), Texts{"QC1110 1:2"});
    EXPECT_EQ(problems("a\ufeffb: 1\n"), Texts{"QC1110 1:2"});
    EXPECT_EQ(problems("\"a\u200b\": 1\n"), Texts{"QC1105 1:1"});
    EXPECT_EQ(problems("\"a\\u200b\": 1\n"), Texts{"QC1105 1:1"});
}

TEST(YamlStructure, invisible_characters_in_quotes_and_comments_are_fine) {
    EXPECT_EQ(problems("a: \"x\u00a0y\"  # \u200b and \u00a0\nb: 'x\u200by'\nc: |\n  x\u00a0y\n"), Texts{});
}

TEST(YamlStructure, line_breaks_of_yaml_1_1_are_errors_even_in_comments) {
    EXPECT_EQ(problems("# note\u2028max: 9\na: 1\n"), Texts{"QC1110 1:7"});
    EXPECT_EQ(problems("a: \"x\u0085y\"\n"), Texts{"QC1110 1:6"});
}

TEST(YamlStructure, byte_order_mark_and_crlf_are_accepted_and_columns_counted_after_the_mark) {
    const Parsed parsed = yaml(
        "\xEF\xBB\xBF"
        "a: 1\r\nb: \"x\"\r\na: 2\r\n");

    EXPECT_EQ(testing::shown(parsed), "{a: 1, b: \"x\"}");
    EXPECT_EQ(parsed.document->root.map()[0].value.origin().position(), (Position{1, 4}));
    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1102 3:1"});
}

TEST(YamlStructure, invalid_utf8_is_an_error_with_its_byte_offset) {
    const Parsed parsed = yaml("ok: 1\nname: caf\xe9\n");

    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1108 2:10"});
    EXPECT_EQ(parsed.diagnostics[0].message, "expected UTF-8, found an invalid byte at byte offset 15");
    EXPECT_EQ(problems("a: \xed\xa0\x80\n"), Texts{"QC1108 1:4"});
    EXPECT_EQ(problems("a: \xc0\xaf\n"), Texts{"QC1108 1:4"});
    EXPECT_NE(yaml("\xff\xfe"
                   "a")
                  .diagnostics[0]
                  .message.find("UTF-16"),
              std::string::npos);
}

TEST(YamlStructure, raw_nul_and_control_characters_are_errors_and_escaped_ones_are_text) {
    EXPECT_EQ(problems(std::string_view{"a: x\0y\n", 7}), Texts{"QC1109 1:5"});
    EXPECT_EQ(problems("a: x\x1b[0m\n"), Texts{"QC1109 1:5"});
    EXPECT_EQ(problems("a: x\x7f\n"), Texts{"QC1109 1:5"});
    EXPECT_EQ(problems("a: x\u009b\n"), Texts{"QC1109 1:5"});

    const Parsed escaped = yaml("a: \"x\\0y\"\n");
    EXPECT_EQ(escaped.document->root.map()[0].value.scalar(), (std::string_view{"x\0y", 3}));
}

TEST(YamlStructure, unknown_tag_is_an_error_that_does_not_quote_it) {
    const Parsed parsed = yaml("password: !hunter2\n");

    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1121 1:11"});
    EXPECT_EQ(testing::rendered(parsed.diagnostics).find("hunter2"), std::string::npos);
    EXPECT_EQ(problems("a: !!set {x}\nb: !!binary aGk=\nc: !e!x 1\n"),
              (Texts{"QC1121 1:4", "QC1121 2:4", "QC1121 3:4"}));
}

TEST(YamlStructure, a_gap_in_a_list_is_an_error) {
    const Parsed parsed = yaml("x: [a,,b]\n");

    EXPECT_EQ(found(parsed.diagnostics), Texts{"QC1101 1:7"});
    EXPECT_EQ(parsed.diagnostics[0].message, "expected a value, found `,`");
}

TEST(YamlStructure, nesting_is_cut_at_64_levels) {
    const auto nested = [](std::size_t levels) {
        return "a: " + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "\n";
    };
    EXPECT_EQ(problems(nested(64)), Texts{});
    EXPECT_EQ(problems(nested(65)), Texts{"QC1113 1:67"});
    EXPECT_EQ(problems("a: " + std::string(20'000, '[')), Texts{"QC1113 1:67"});
}

TEST(YamlStructure, maps_of_three_thousand_levels_are_cut_at_64_as_well) {
    std::string text;
    for (std::size_t level = 0; level < 3000; ++level) {
        text += std::string(level, ' ') + "a:\n";
    }
    EXPECT_EQ(problems(text), Texts{"QC1113 65:65"});
}

TEST(YamlStructure, an_escape_in_what_looks_like_a_windows_path_is_a_warning) {
    const Parsed parsed = yaml("dir: \"C:\\temp\"\n");

    ASSERT_EQ(found(parsed.diagnostics), Texts{"QC1124 1:6"});
    EXPECT_EQ(parsed.diagnostics[0].severity, Severity::Warning);
    EXPECT_EQ(parsed.document->root.map()[0].value.scalar(), "C:\temp");
    EXPECT_EQ(problems("a: \"C:\\\\temp\"\nb: 'C:\\temp'\nc: \"a\\tb\"\nd: C:\\temp\n"), Texts{});
    EXPECT_EQ(problems("a: \"C:\\\\dir\\new\"\n"), Texts{"QC1124 1:4"});
    EXPECT_EQ(problems("a: \"C:\\data\"\n"), Texts{"QC1101 1:7"});
}

TEST(YamlStructure, a_number_sign_needs_a_blank_in_front_to_begin_a_comment) {
    const Parsed parsed = yaml("p: abc#def\nq: abc #def\n");

    EXPECT_EQ(testing::shown(parsed), "{p: abc#def, q: abc}");
    // What a lint for lost tails needs: where the value ends in the text.
    const value::Node& q = parsed.document->root.map()[1].value;
    EXPECT_EQ(parsed.document->source->text().substr(q.end), " #def\n");
}

TEST(YamlStructure, dotted_keys_are_not_paths) {
    const Parsed parsed = yaml("trading:\n  limits.max: 5\n");

    ASSERT_EQ(found(parsed.diagnostics), Texts{"QC1106 2:3"});
    EXPECT_EQ(parsed.diagnostics[0].path, "trading.limits.max");
    EXPECT_NE(parsed.diagnostics[0].hint.find("limits"), std::string::npos);
    EXPECT_EQ(problems("\"a.b\": 1\n"), Texts{"QC1106 1:1"});
}

TEST(YamlStructure, control_characters_in_keys_are_errors_however_they_are_written) {
    for (const std::string_view key :
         {"\\0", "\\t", "\\n", "\\x01", "\\x7f", "\\u009b", "\\u2028", "\\u202e", "\\ufeff"}) {
        EXPECT_EQ(problems(fmt::format("\"a{}b\": 1\n", key)), Texts{"QC1105 1:1"}) << key;
    }
}

TEST(YamlStructure, keys_have_whole_characters_of_one_script_in_normal_form) {
    EXPECT_EQ(problems("m\u0430x: 1\n"), Texts{"QC1105 1:1"});    // A Cyrillic a.
    EXPECT_EQ(problems("alph\u03b1: 1\n"), Texts{"QC1105 1:1"});  // A Greek alpha.
    EXPECT_EQ(problems("cafe\u0301: 1\n"), Texts{"QC1105 1:1"});  // A combining accent.
    EXPECT_EQ(problems("\u212a: 1\n"), Texts{"QC1105 1:1"});      // The Kelvin sign is not in form C.
    EXPECT_EQ(problems("caf\u00e9: 1\n\u0446\u0435\u043d\u0430: 2\n\u4fa1\u683c: 3\n"), Texts{});
}

/// Texts are checked eight bytes at a time: each byte that is not plain must be seen at each place of such a
/// word.
TEST(YamlStructure, a_control_character_is_seen_wherever_it_stands) {
    for (int byte = 0; byte < 256; ++byte) {
        const bool is_plain = (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
        for (std::size_t at = 0; at < 24; ++at) {
            for (const char around : {'x', '\n', '~'}) {
                std::string text = "# " + std::string(24, around == '\n' ? 'y' : around) + "\n";
                text[at + 2] = static_cast<char>(byte);
                if (around == '\n' && at > 0) {
                    text[at + 1] = '\n';  // What stands behind a newline is no part of it.
                    text.insert(at + 2, "#");
                }
                const Diagnostics found = yaml(text).diagnostics;
                if (!is_plain) {  // libyaml refuses most of them as well, but cannot say what they are.
                    ASSERT_FALSE(found.empty()) << byte << " at " << at << " among " << around;
                    EXPECT_EQ(found.front().code, byte < 0x80 ? Code::ControlCharacter : Code::InvalidUtf8)
                        << byte << " at " << at << " among " << around;
                }
            }
        }
    }
}

}  // namespace
}  // namespace quantconf::format
