#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/pattern.hpp"
#include "schema/url.hpp"
#include "sources/condition.hpp"
#include "sources/read_catalogue.hpp"

namespace quantconf::sources {
namespace {

using Findings = std::vector<Finding>;

void check_pattern(std::string_view pattern, std::string path, Findings& findings) {
    std::string error;
    if (!schema::valid_pattern(pattern, error)) {
        findings.push_back({.path = std::move(path),
                            .message = fmt::format("the pattern cannot be used: {}", error),
                            .expected = "a regular expression of RE2",
                            .found = "something else"});
    }
}

void check_texts(const Value& when, const std::string& path, std::string_view name, Findings& findings) {
    const Value* texts = when.find(name);
    if (texts == nullptr || texts->kind() != Value::Kind::List || texts->items().empty()) {
        return;
    }
    std::vector<std::string> all;
    for (std::size_t i = 0; i < texts->items().size(); ++i) {
        if (texts->items()[i].kind() != Value::Kind::Text) {
            return;
        }
        all.emplace_back(texts->items()[i].as_text());
        check_pattern(all.back(), fmt::format("{}.when.{}[{}]", path, name, i), findings);
    }
    if (findings.empty()) {  // They are used together.
        check_pattern(any_of_pattern(all), fmt::format("{}.when.{}", path, name), findings);
    }
}

void check_rules(const Value& rules, const std::string& path, Findings& findings) {
    if (rules.kind() != Value::Kind::List) {
        return;
    }
    for (std::size_t i = 0; i < rules.items().size(); ++i) {
        const Value* when =
            rules.items()[i].kind() == Value::Kind::Map ? rules.items()[i].find("when") : nullptr;
        if (when != nullptr && when->kind() == Value::Kind::Map) {
            for (const std::string_view name : {"texts", "all_texts", "unless_texts"}) {
                check_texts(*when, fmt::format("{}[{}]", path, i), name, findings);
            }
        }
    }
}

Findings patterns_compile(const RuleView& view) {
    Findings findings;
    check_rules(view.at("before"), "before", findings);
    check_rules(view.at("behind"), "behind", findings);
    for (const auto& [name, source] : view.at("sources").members()) {
        if (const Value* rules = source.find("rules")) {
            check_rules(*rules, fmt::format("sources.{}.rules", name), findings);
        }
        if (const Value* pattern = source.find("key_pattern");
            pattern != nullptr && pattern->kind() == Value::Kind::Text) {
            check_pattern(pattern->as_text(), fmt::format("sources.{}.key_pattern", name), findings);
        }
    }
    return findings;
}

void check_host(const Value& source, std::string_view member, const std::string& path, Findings& findings) {
    const Value* url = source.find(member);
    const Value* hosts = source.find("hosts");
    if (url == nullptr || hosts == nullptr || url->kind() != Value::Kind::Text || url->as_text().empty() ||
        hosts->kind() != Value::Kind::List) {
        return;
    }
    const auto parsed = schema::parse_url(url->as_text());
    const std::string host = parsed ? ascii_lower(parsed->host) : std::string{};
    const bool is_known = std::ranges::any_of(hosts->items(), [&](const Value& one) {
        return one.kind() == Value::Kind::Text && ascii_lower(one.as_text()) == host;
    });
    if (!is_known) {
        findings.push_back({.path = fmt::format("{}.{}", path, member),
                            .message = "the address is on none of the provider's hosts",
                            .expected = "one of hosts",
                            .found = host,
                            .hint = "add the host to hosts if the key may be sent there"});
    }
    if (!ascii_lower(url->as_text()).starts_with("https://")) {
        findings.push_back({.path = fmt::format("{}.{}", path, member),
                            .message = "the key would travel unencrypted",
                            .expected = "https",
                            .found = "http",
                            .hint = "write https://"});
    }
}

Findings addresses_are_known(const RuleView& view) {
    Findings findings;
    for (const auto& [name, source] : view.at("sources").members()) {
        check_host(source, "base", fmt::format("sources.{}", name), findings);
        check_host(source, "token_url", fmt::format("sources.{}", name), findings);
    }
    return findings;
}

}  // namespace

std::vector<quantconf::Rule> catalogue_rules() {
    return {
        {
            .name = "patterns_compile",
            .text = "Every pattern is a regular expression of RE2.",
            .paths = {"before", "sources", "behind"},
            .check = patterns_compile,
        },
        {
            .name = "addresses_are_known",
            .text = "Every address is https and on one of the provider's hosts.",
            .paths = {"sources"},
            .check = addresses_are_known,
        },
    };
}

}  // namespace quantconf::sources
