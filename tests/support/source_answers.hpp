#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "format/parse.hpp"
#include "sources/classify.hpp"

/// Answers of providers as tests tell them, and the files that hold many.
namespace quantconf::sources::test {

/// 2026-03-01T12:00:00Z.
inline constexpr Time kNow{std::chrono::seconds{1'772'366'400}};

/// One answer and what it should be taken for.
struct Case {
    std::string provider{};
    std::string name{};
    int status = 200;
    std::vector<net::Header> headers{};
    std::string body{};
    KeyStatus expected = KeyStatus::Unknown;
    std::optional<std::string> detail{};  ///< Not said: any.
    std::optional<Duration> wait{};
    std::optional<Duration> key_age{};
    bool is_token_request = false;
};

inline void PrintTo(const Case& one, std::ostream* out) {
    *out << one.provider << ": HTTP " << one.status << ' ' << one.body.substr(0, 300);
}

inline const Source& source_named(const Catalogue& catalogue, std::string_view name) {
    const auto found = std::ranges::find(catalogue.sources(), name, &Source::name);
    EXPECT_NE(found, catalogue.sources().end()) << name;
    return *found;
}

inline Verdict classified(const Case& one, const Catalogue& catalogue = Catalogue::built_in(),
                          const secrets::Redactor& redactor = {}) {
    const ManualClock clock{kNow};
    const net::Response answer{.status = one.status, .headers = one.headers, .body = one.body};
    const Asked asked{.is_token_request = one.is_token_request, .key_age = one.key_age};
    return classify(catalogue, source_named(catalogue, one.provider), asked, answer, redactor, clock);
}

inline std::string_view text_of(const value::Node& node, std::string_view key) {
    const value::Entry* entry = node.find(key);
    return entry == nullptr ? std::string_view{} : entry->value.scalar();
}

inline std::optional<KeyStatus> status_named(std::string_view text) {
    for (const auto& [status, name] : EnumTable<KeyStatus>::names) {
        if (name == text) {
            return status;
        }
    }
    return std::nullopt;
}

inline std::string name_of_status(KeyStatus status) {
    for (const auto& [value, name] : EnumTable<KeyStatus>::names) {
        if (value == status) {
            return std::string{name};
        }
    }
    return "?";
}

inline Case case_of(std::string_view provider, const value::Node& node) {
    Case one;
    one.provider = provider;
    one.name = text_of(node, "case");
    one.status = std::stoi(std::string{text_of(node, "http_status")});
    one.body = text_of(node, "body");
    if (const value::Entry* headers = node.find("headers")) {
        for (const value::Entry& header : headers->value.map()) {
            one.headers.push_back({std::string{header.key()}, std::string{header.value.scalar()}});
        }
    }
    const auto expected = status_named(text_of(node, "expected_status"));
    EXPECT_TRUE(expected.has_value()) << one.provider << ' ' << one.name;
    one.expected = expected.value_or(KeyStatus::Unknown);
    if (node.find("substatus") != nullptr) {
        one.detail = text_of(node, "substatus");
    }
    if (node.find("retry_after_s") != nullptr) {
        one.wait = std::chrono::seconds{std::stoi(std::string{text_of(node, "retry_after_s")})};
    }
    // What the file says about itself: one that waits for its activation is younger than two hours.
    one.key_age = one.detail == "pending_activation" ? Duration{std::chrono::hours{1}}
                                                     : Duration{std::chrono::hours{24 * 30}};
    one.is_token_request = text_of(node, "is_token_request") == "true";
    return one;
}

/// A file of {"providers": {name: [case...]}}.
inline std::vector<Case> cases_of(const std::string& file_name) {
    std::ifstream file{std::string{QUANTCONF_SOURCE_DIR} + "/tests/sources/" + file_name, std::ios::binary};
    EXPECT_TRUE(file.good()) << file_name;
    const auto parsed =
        format::parse_json(quantconf::Source::make(quantconf::Source::Kind::File, "test", file_name,
                                                   std::string{std::istreambuf_iterator<char>{file}, {}}));
    EXPECT_FALSE(has_errors(parsed.diagnostics))
        << (parsed.diagnostics.empty() ? "" : to_text(parsed.diagnostics.front()));
    std::vector<Case> cases;
    if (parsed.document != nullptr) {
        for (const value::Entry& provider : parsed.document->root.find("providers")->value.map()) {
            for (const value::Node& node : provider.value.list()) {
                cases.push_back(case_of(provider.key(), node));
            }
        }
    }
    return cases;
}

/// Every case of every file.
inline std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (const char* file : {"fixtures.json", "cases.json"}) {
        std::ranges::move(cases_of(file), std::back_inserter(cases));
    }
    return cases;
}

}  // namespace quantconf::sources::test
