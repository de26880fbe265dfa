#include "sources/catalogue.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "quantconf/quantbot/data_sources.hpp"
#include "schema/pattern.hpp"
#include "schema/url.hpp"
#include "sources/read_catalogue.hpp"
#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

using quantbot::Provider;

/// What is said about a text that is refused.
std::string complaints_about(std::string_view text) {
    const auto catalogue = Catalogue::with_overrides(text, "providers.yaml");
    EXPECT_FALSE(catalogue.has_value()) << text;
    std::string all;
    if (!catalogue) {
        for (const Diagnostic& diagnostic : catalogue.error()) {
            all += to_text(diagnostic) + "\n";
        }
    }
    return all;
}

TEST(Catalogue, its_schema_contradicts_itself_nowhere) {
    SchemaOptions options = catalogue_schema().options();
    options.is_proved = false;
    const auto built = Schema::build(catalogue_schema().root(), std::move(options));
    EXPECT_TRUE(built.has_value()) << to_text(built ? Diagnostic{} : built.error().front());
}

TEST(Catalogue, holds_the_ten_providers_in_their_order) {
    const Catalogue& catalogue = Catalogue::built_in();

    ASSERT_EQ(catalogue.sources().size(), EnumTable<Provider>::names.size());
    for (const auto& [provider, name] : EnumTable<Provider>::names) {
        EXPECT_EQ(catalogue.at(provider).provider, provider);
        EXPECT_EQ(catalogue.at(provider).name, name);
        EXPECT_FALSE(catalogue.at(provider).title.empty());
        EXPECT_FALSE(catalogue.at(provider).rules.empty());
    }
}

TEST(Catalogue, keys_travel_to_the_providers_own_hosts_and_encrypted) {
    for (const Source& source : Catalogue::built_in().sources()) {
        for (const std::string& address : {source.base, source.token_url}) {
            if (!address.empty()) {
                const auto url = schema::parse_url(address);
                ASSERT_TRUE(url.has_value()) << address;
                EXPECT_EQ(url->scheme, "https");
                EXPECT_NE(std::ranges::find(source.hosts, url->host), source.hosts.end()) << address;
            }
        }
        ASSERT_FALSE(source.authentication.empty());
        EXPECT_NE(source.authentication.front().kind, Authentication::Kind::None) << source.name;
    }
}

TEST(Catalogue, a_key_goes_into_a_header_where_the_provider_takes_it_there) {
    for (const Provider provider :
         {Provider::Polygon, Provider::Finnhub, Provider::NewsApi, Provider::StockTwits, Provider::OpenAi}) {
        EXPECT_EQ(Catalogue::built_in().at(provider).authentication.front().kind,
                  Authentication::Kind::Header);
    }
    for (const Provider provider :
         {Provider::AlphaVantage, Provider::OpenWeather, Provider::Fred, Provider::GNews}) {
        EXPECT_EQ(Catalogue::built_in().at(provider).authentication.front().kind,
                  Authentication::Kind::Parameter);
    }
    EXPECT_EQ(Catalogue::built_in().at(Provider::Reddit).authentication.front().kind,
              Authentication::Kind::OAuth2);
}

TEST(Catalogue, every_source_of_a_failover_group_has_a_question_for_it) {
    for (const auto& [capability, providers] : quantbot::default_failover()) {
        for (const Provider provider : providers) {
            const Source& source = Catalogue::built_in().at(provider);
            EXPECT_TRUE(source.capabilities.contains(capability)) << source.name << ' ' << capability;
        }
    }
}

TEST(Catalogue, no_source_answers_what_no_group_asks_it) {
    const auto failover = quantbot::default_failover();
    for (const Source& source : Catalogue::built_in().sources()) {
        for (const auto& [capability, path] : source.capabilities) {
            const auto& providers = failover.at(capability);
            EXPECT_NE(std::ranges::find(providers, source.provider), providers.end())
                << source.name << ' ' << capability;
            const std::string_view target = std::string_view{path}.substr(path.starts_with("POST ") ? 5 : 0);
            EXPECT_TRUE(target.starts_with('/') || target.starts_with('?')) << path;
        }
    }
}

TEST(Catalogue, the_names_of_the_rules_of_one_list_differ) {
    const Catalogue& catalogue = Catalogue::built_in();
    std::set<std::string> names;
    for (std::size_t i = 0; i < catalogue.count_rules(); ++i) {
        EXPECT_TRUE(names.insert(catalogue.name_of_rule(i)).second) << catalogue.name_of_rule(i);
    }
}

TEST(Catalogue, says_what_a_check_costs_and_how_limits_are_told) {
    const Catalogue& catalogue = Catalogue::built_in();
    EXPECT_EQ(catalogue.at(Provider::Reddit).probe.cost, 0);
    EXPECT_EQ(catalogue.at(Provider::Reddit).probe.method, net::Method::Post);
    EXPECT_EQ(catalogue.at(Provider::AlphaVantage).probe.cost, 1);
    EXPECT_FALSE(catalogue.at(Provider::AlphaVantage).proves_validity);
    EXPECT_EQ(catalogue.at(Provider::Fred).confirmations, 2);
    EXPECT_EQ(catalogue.at(Provider::Reddit).limit_headers.reset_as, LimitHeaders::Reset::DeltaSeconds);
    EXPECT_EQ(catalogue.at(Provider::OpenAi).limit_headers.reset_as, LimitHeaders::Reset::GoDuration);
    EXPECT_EQ(catalogue.at(Provider::Finnhub).limit_headers.per, std::chrono::minutes{1});
    EXPECT_FALSE(catalogue.at(Provider::StockTwits).anonymous_probe.path.empty());
    EXPECT_EQ(catalogue.at(Provider::Fred).headers,
              (std::vector<net::Header>{{"accept", "application/json"}}));
}

TEST(Catalogue, a_part_can_be_replaced_and_the_rest_stays) {
    const auto catalogue = Catalogue::with_overrides(
        "sources:\n"
        "  polygon: {base: \"https://api.massive.com\"}\n"
        "  gnews:\n"
        "    rules:\n"
        "      - {name: anything, when: {texts: [banana]}, status: expired, wait: 3s}\n",
        "providers.yaml");

    ASSERT_TRUE(catalogue.has_value()) << to_text(catalogue.error().front());
    EXPECT_EQ(catalogue->at(Provider::Polygon).base, "https://api.massive.com");
    EXPECT_EQ(catalogue->at(Provider::Polygon).rules, Catalogue::built_in().at(Provider::Polygon).rules);
    ASSERT_EQ(catalogue->at(Provider::GNews).rules.size(), 1U);
    EXPECT_EQ(catalogue->at(Provider::GNews).rules[0].wait, std::chrono::seconds{3});
    const Verdict verdict =
        classified({.provider = "gnews", .status = 200, .body = R"({"errors":["A Banana!"]})"}, *catalogue);
    EXPECT_EQ(verdict.status, KeyStatus::Expired);
    EXPECT_EQ(catalogue->at(Provider::Fred), Catalogue::built_in().at(Provider::Fred));
}

TEST(Catalogue, a_rule_can_be_put_in_front) {
    const auto catalogue = Catalogue::with_overrides(
        "sources: {fred: {rules: !prepend [{name: first, when: {statuses: [200]}, status: unreachable}]}}",
        "providers.yaml");

    ASSERT_TRUE(catalogue.has_value()) << to_text(catalogue.error().front());
    EXPECT_EQ(catalogue->at(Provider::Fred).rules.size(),
              Catalogue::built_in().at(Provider::Fred).rules.size() + 1);
    EXPECT_EQ(catalogue->at(Provider::Fred).rules.front().name, "first");
}

TEST(Catalogue, nothing_to_replace_is_the_built_in_one) {
    for (const std::string_view text : {"", "{}", "# nothing\n"}) {
        const auto catalogue = Catalogue::with_overrides(text, "providers.yaml");
        ASSERT_TRUE(catalogue.has_value()) << text;
        EXPECT_TRUE(std::ranges::equal(catalogue->sources(), Catalogue::built_in().sources()));
    }
}

TEST(Catalogue, an_unknown_key_is_a_diagnostic_with_its_place_and_a_suggestion) {
    const std::string said = complaints_about("sources:\n  polygon:\n    probe:\n      pth: /v1/x\n");

    EXPECT_TRUE(said.contains("providers.yaml:4:7: error[QC1301]")) << said;
    EXPECT_TRUE(said.contains("did you mean path?")) << said;
}

TEST(Catalogue, every_mistake_is_reported_in_one_run) {
    const std::string said = complaints_about(
        "sources:\n"
        "  polygon: {scope: kye, confirmations: 0}\n"
        "  poligon: {}\n"
        "behind:\n"
        "  - {name: x, status: maybe}\n"
        "  - {name: y}\n");

    for (const std::string_view part : {"QC1211", "QC1203", "did you mean key?", "did you mean polygon?",
                                        "providers.yaml:5:23", "QC1302", "providers.yaml:6:"}) {
        EXPECT_TRUE(said.contains(part)) << part << "\n" << said;
    }
}

TEST(Catalogue, a_pattern_that_cannot_be_used_is_refused_with_its_place) {
    const std::string said = complaints_about(
        "sources:\n"
        "  fred:\n"
        "    rules:\n"
        "      - {name: x, when: {texts: [fine, \"a(b\"]}, status: invalid}\n"
        "    key_pattern: \"[\"\n");

    EXPECT_TRUE(said.contains("providers.yaml:4:40")) << said;
    EXPECT_TRUE(said.contains("providers.yaml:5:18")) << said;
}

TEST(Catalogue, an_address_on_another_host_has_to_be_named_as_one) {
    const std::string said = complaints_about("sources: {fred: {base: \"https://evil.example/fred\"}}");
    EXPECT_TRUE(said.contains("on none of the provider's hosts")) << said;
    EXPECT_TRUE(said.contains("providers.yaml:1:24")) << said;

    EXPECT_TRUE(complaints_about("sources: {fred: {base: \"http://api.stlouisfed.org/fred\"}}")
                    .contains("unencrypted"));
    EXPECT_TRUE(complaints_about("sources: {reddit: {token_url: \"https://evil.example/t\"}}")
                    .contains("none of the provider's hosts"));
    EXPECT_TRUE(Catalogue::with_overrides("sources: {fred: {base: \"https://proxy.example/fred\", hosts: "
                                          "[api.stlouisfed.org, proxy.example]}}",
                                          "providers.yaml")
                    .has_value());
}

TEST(Catalogue, what_is_no_yaml_is_refused) {
    EXPECT_TRUE(complaints_about("sources: [").contains("providers.yaml"));
    EXPECT_TRUE(complaints_about("- a list").contains("QC1112"));
}

TEST(Catalogue, hard_formats_of_keys_are_patterns) {
    const std::string& pattern = Catalogue::built_in().at(Provider::Fred).key_pattern;
    EXPECT_TRUE(schema::matches_pattern(pattern, "0123456789abcdef0123456789abcdef"));
    EXPECT_FALSE(schema::matches_pattern(pattern, "0123456789ABCDEF0123456789abcdef"));
    EXPECT_FALSE(schema::matches_pattern(pattern, "0123456789abcdef0123456789abcde"));
}

}  // namespace
}  // namespace quantconf::sources::test
