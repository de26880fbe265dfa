#include "quantconf/diagnostic.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/diagnostic_report.hpp"

namespace quantconf {
namespace {

Diagnostic at(const std::shared_ptr<Source>& source, std::uint32_t begin, std::string message,
              Severity severity = Severity::Error) {
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.message = std::move(message);
    diagnostic.origin = {source, begin, begin + 1};
    return diagnostic;
}

std::shared_ptr<Source> source(const std::string& layer, const std::string& name) {
    return Source::make(Source::Kind::File, layer, name, std::string(1000, 'x'));
}

std::vector<std::string> messages(const Diagnostics& diagnostics) {
    std::vector<std::string> result;
    for (const Diagnostic& diagnostic : diagnostics) {
        result.push_back(diagnostic.message);
    }
    return result;
}

TEST(Diagnostics, only_errors_are_errors) {
    const auto base = source("base", "base.yaml");
    EXPECT_FALSE(has_errors({}));
    EXPECT_FALSE(has_errors({at(base, 1, "a", Severity::Warning), at(base, 2, "b", Severity::Note)}));
    EXPECT_TRUE(has_errors({at(base, 1, "a", Severity::Warning), at(base, 2, "b")}));
}

TEST(Diagnostics, tidy_puts_layers_files_and_lines_in_order) {
    const auto base = source("base", "config/base.yaml");
    const auto production = source("environment", "config/a.yaml");
    const auto variable = source("variable", "QUANTBOT_DEBUG");
    const auto option = source("option", "--set debug");
    Diagnostics all = {at(option, 0, "6"), at(nullptr, 0, "7"), at(variable, 0, "5"), at(production, 3, "4"),
                       at(base, 20, "3"),  at(base, 7, "2"),    at(base, 7, "1")};
    tidy(all);
    EXPECT_EQ(messages(all), (std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7"}));
}

TEST(Diagnostics, tidy_drops_exact_repetitions_only) {
    const auto base = source("base", "base.yaml");
    Diagnostics all = {at(base, 1, "a"), at(base, 1, "a"), at(base, 2, "a"),
                       at(base, 1, "a", Severity::Warning)};
    Diagnostic with_note = at(base, 1, "a");
    with_note.related.push_back({{base, 9, 10}, "first set here"});
    all.push_back(with_note);
    all.push_back(with_note);
    tidy(all);
    EXPECT_EQ(all.size(), 4U);
}

TEST(Diagnostics, a_hundred_are_kept_without_a_word) {
    const auto base = source("base", "base.yaml");
    Diagnostics all;
    for (std::uint32_t i = 0; i < kDiagnosticsMax; ++i) {
        all.push_back(at(base, i, "x"));
    }
    tidy(all);
    EXPECT_EQ(all.size(), kDiagnosticsMax);
    EXPECT_NE(all.back().code, Code::TooManyDiagnostics);
}

TEST(Diagnostics, beyond_a_hundred_errors_stay_and_the_rest_is_counted) {
    const auto base = source("base", "base.yaml");
    Diagnostics all;
    for (std::uint32_t i = 0; i < 80; ++i) {
        all.push_back(at(base, i, "note", Severity::Note));
        all.push_back(at(base, 100 + i, "warning", Severity::Warning));
        all.push_back(at(base, 200 + i, "error"));
    }
    tidy(all);
    ASSERT_EQ(all.size(), kDiagnosticsMax + 1);
    EXPECT_EQ(std::ranges::count(all, Severity::Error, &Diagnostic::severity), 80);
    EXPECT_EQ(std::ranges::count(all, Severity::Warning, &Diagnostic::severity), 20);
    EXPECT_EQ(all.front().message, "warning");  // Still in the order of lines.
    EXPECT_EQ(all.back().code, Code::TooManyDiagnostics);
    EXPECT_EQ(all.back().message, "140 more diagnostics were left out");
}

TEST(Diagnostics, tidy_twice_is_tidy_once_and_counts_on) {
    const auto base = source("base", "base.yaml");
    Diagnostics all;
    for (std::uint32_t i = 0; i < 120; ++i) {
        all.push_back(at(base, i, "x"));
    }
    tidy(all);
    tidy(all);
    EXPECT_EQ(all.back().message, "20 more diagnostics were left out");
    all.push_back(at(base, 500, "x"));
    tidy(all);
    ASSERT_EQ(all.size(), kDiagnosticsMax + 1);
    EXPECT_EQ(all.back().message, "21 more diagnostics were left out");
}

TEST(Diagnostics, a_million_mistakes_take_the_room_of_a_few_and_none_is_forgotten) {
    const auto base = source("base", "base.yaml");
    Diagnostics diagnostics;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        make_room(diagnostics);
        diagnostics.push_back(at(base, 0, std::to_string(i)));
        ASSERT_LE(diagnostics.size(), 20 * kDiagnosticsMax);
    }
    tidy(diagnostics);

    ASSERT_EQ(diagnostics.size(), kDiagnosticsMax + 1);
    EXPECT_EQ(diagnostics.back().message, "9900 more diagnostics were left out");
}

}  // namespace
}  // namespace quantconf
