#include "base/diagnostic_report.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/json_writer.hpp"
#include "golden/golden.hpp"
#include "quantconf/error.hpp"

namespace quantconf {
namespace {

Diagnostic full() {
    const auto base = Source::make(Source::Kind::File, "base", "config/base.yaml", "trading:\n  size: 0.1");
    const auto production = Source::make(Source::Kind::File, "environment", "config/my file.yaml",
                                         "trading:\n  größe: {size: 5}");
    Diagnostic diagnostic;
    diagnostic.code = Code::OutOfRange;
    diagnostic.path = "trading.size";
    diagnostic.message = "expected 0.01..1.0, found 5";
    diagnostic.expected = "0.01..1.0";
    diagnostic.found = "5";
    diagnostic.hint = "5% is written 0.05";
    diagnostic.origin = {production, 27, 28};
    diagnostic.related.push_back({{base, 17, 20}, "the default comes from"});
    return diagnostic;
}

Diagnostic of_variable() {
    Diagnostic diagnostic;
    diagnostic.severity = Severity::Note;
    diagnostic.code = Code::EmptyVariable;
    diagnostic.message = "is empty and counts as not set";
    diagnostic.origin = {Source::make(Source::Kind::Variable, "variable", "QUANTBOT_DEBUG", ""), 0, 0};
    return diagnostic;
}

Diagnostic of_nothing() {
    Diagnostic diagnostic;
    diagnostic.severity = Severity::Warning;
    diagnostic.code = Code::RuleWarning;
    diagnostic.message = "100% of: a, b\r\n::error::injected";
    return diagnostic;
}

std::string json_of(const Diagnostic& diagnostic) {
    JsonWriter json{JsonWriter::Layout::Compact};
    write_json(json, diagnostic);
    return json.take();
}

TEST(DiagnosticReport, location_is_what_an_editor_understands) {
    EXPECT_EQ(location_of(full().origin), "config/my file.yaml:2:17");
    EXPECT_EQ(location_of(of_variable().origin), "QUANTBOT_DEBUG");
    EXPECT_EQ(location_of({}), "");
}

TEST(DiagnosticReport, json_has_every_member_that_applies) {
    EXPECT_EQ(
        json_of(full()),
        R"({"severity":"error","code":"QC1203","path":"trading.size","message":"expected 0.01..1.0, found 5",)"
        R"("expected":"0.01..1.0","found":"5","hint":"5% is written 0.05","layer":"environment",)"
        R"("file":"config/my file.yaml","line":2,"column":17,)"
        R"("related":[{"file":"config/base.yaml","line":2,"column":9,"message":"the default comes from"}]})");
    EXPECT_EQ(json_of(of_variable()),
              R"({"severity":"note","code":"QC1505","path":"","message":"is empty and counts as not set",)"
              R"("expected":"","found":"","hint":"","layer":"variable",)"
              R"("file":null,"line":0,"column":0,"variable":"QUANTBOT_DEBUG","related":[]})");
    Diagnostic of_named_file = of_variable();
    of_named_file.origin.source =
        Source::make(Source::Kind::NamedFile, "variable", "QUANTBOT_PASSWORD_FILE", "");
    EXPECT_TRUE(json_of(of_named_file).contains(R"("variable":"QUANTBOT_PASSWORD_FILE")"));
    Diagnostic of_option = of_variable();
    of_option.origin.source = Source::make(Source::Kind::Option, "option", "--set debug", "");
    EXPECT_TRUE(json_of(of_option).contains(R"("option":"--set debug")"));
    EXPECT_EQ(
        json_of(of_nothing()),
        R"({"severity":"warning","code":"QC1702","path":"","message":"100% of: a, b\u000d\n::error::injected",)"
        R"("expected":"","found":"","hint":"","layer":"","file":null,"line":0,"column":0,"related":[]})");
}

TEST(DiagnosticReport, github_commands_are_one_a_line_and_cannot_be_injected) {
    EXPECT_EQ(to_github({full(), of_variable(), of_nothing()}),
              "::error file=config/my file.yaml,line=2,col=17,title=QC1203 out of range::trading.size: "
              "expected 0.01..1.0, found 5%0Ahint: 5%25 is written 0.05\n"
              "::notice title=QC1505 empty variable::QUANTBOT_DEBUG: is empty and counts as not set\n"
              "::warning title=QC1702 rule not followed::100%25 of: a, b\\r\\n::error::injected\n");
}

TEST(DiagnosticReport, github_properties_escape_colons_and_commas) {
    Diagnostic diagnostic = full();
    diagnostic.origin = {Source::make(Source::Kind::File, "base", "a,b:c%d\n.yaml", "x"), 0, 1};
    EXPECT_NE(to_github({diagnostic}).find("file=a%2Cb%3Ac%25d\\n.yaml,line=1,col=1,"), std::string::npos);
}

TEST(DiagnosticReport, sarif_is_as_reviewed) {
    golden::expect_golden("report_sarif", to_sarif({full(), of_variable(), of_nothing(), full()}, "1.2.3"));
}

TEST(DiagnosticReport, sarif_of_nothing_is_an_empty_run) {
    golden::expect_golden("report_sarif_empty", to_sarif({}, "1.2.3"));
}

TEST(DiagnosticReport, sarif_encodes_file_names_as_uris) {
    const auto uri = [](const std::string& name) {
        Diagnostic diagnostic;
        diagnostic.origin = {Source::make(Source::Kind::File, "base", name, "x"), 0, 1};
        const std::string text = to_sarif({diagnostic}, "1");
        const std::string_view mark = "\"uri\": \"";
        const std::size_t begin = text.find(mark) + mark.size();
        return text.substr(begin, text.find('"', begin) - begin);
    };
    EXPECT_EQ(uri("./config/base.yaml"), "config/base.yaml");
    EXPECT_EQ(uri("/etc/a b.yaml"), "file:///etc/a%20b.yaml");
    EXPECT_EQ(uri("c:d#e?f%g\"é.yaml"), "c%3Ad%23e%3Ff%25g%22%C3%A9.yaml");
}

/// The secret stands in the source only; no form of output may quote it, wherever the caret is.
TEST(DiagnosticReport, no_form_shows_a_secret) {
    const std::string text =
        "user: x\n"
        "password: canary\n"
        "database: {password: canary, port: 1}\n"
        "private_key: |\n  canary\n  canary\n"
        "url: https://u:canary@h/\n"
        "plain: canary\n"
        "broken: [\n";
    const auto source = Source::make(Source::Kind::File, "base", "base.yaml", text);
    const std::size_t plain = text.find("plain: ") + 7;
    source->conceal(static_cast<std::uint32_t>(plain), static_cast<std::uint32_t>(plain + 6));
    for (std::uint32_t begin = 0; begin <= text.size(); ++begin) {
        for (const std::uint32_t length : {0U, 1U, 6U, 40U}) {
            Diagnostic diagnostic;
            diagnostic.message = "something is wrong";
            diagnostic.origin = {source, begin, begin + length};
            diagnostic.related.push_back({diagnostic.origin, "and here"});
            const std::string all = to_text(diagnostic) + to_text(diagnostic, true) + json_of(diagnostic) +
                                    to_sarif({diagnostic}, "1") + to_github({diagnostic}) +
                                    to_text(Failure{Diagnostics{diagnostic}});
            ASSERT_EQ(all.find("canary"), std::string::npos) << all;
        }
    }
}

/// A caret as long as the secret would tell its length.
TEST(DiagnosticReport, the_underline_does_not_tell_the_length_of_a_secret) {
    const auto text_for = [](const std::string& secret) {
        const auto source = Source::make(Source::Kind::File, "base", "base.yaml", "password: " + secret);
        Diagnostic diagnostic;
        diagnostic.origin = {source, 10, 10 + static_cast<std::uint32_t>(secret.size())};
        return to_text(diagnostic);
    };
    EXPECT_EQ(text_for("a"), text_for("a much longer one"));
}

}  // namespace
}  // namespace quantconf
