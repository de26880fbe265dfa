#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "quantbot/enum_text.hpp"
#include "quantbot/rules.hpp"
#include "quantconf/quantbot/data_sources.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

Findings complete_reddit(const RuleView& view) {
    const std::string id = "data_sources.reddit_client_id";
    const std::string secret = "data_sources.reddit_client_secret";
    const bool has_id = !view.at(id).is_absent();
    if (has_id == !view.at(secret).is_absent()) {
        return {};
    }
    const std::string& present = has_id ? id : secret;
    const std::string& missing = has_id ? secret : id;
    return {{.path = present,
             .message = fmt::format("reddit needs both parts of its key: {} is missing", missing),
             .expected = "both or neither",
             .found = "one of them",
             .hint = fmt::format("set {} too, or remove this one", missing)}};
}

std::vector<std::string_view> texts_of(const std::vector<Provider>& providers) {
    std::vector<std::string_view> texts;
    for (const Provider provider : providers) {
        texts.push_back(text_of(provider));
    }
    return texts;
}

Findings check_failover_members(const RuleView& view) {
    Findings findings;
    const Failover capable = default_failover();
    for (const auto& [capability, order] : view.at("data_sources.failover").members()) {
        const auto allowed = texts_of(capable.at(std::string{capability}));
        for (std::size_t i = 0; i < order.items().size(); ++i) {
            const auto provider = order.items()[i].as_text();
            if (std::ranges::find(allowed, provider) == allowed.end()) {
                findings.push_back(
                    {.path = fmt::format("data_sources.failover.{}[{}]", capability, i),
                     .message = fmt::format("{} has no data for {}", provider, capability),
                     .expected = fmt::format("{}", fmt::join(allowed, ", ")),
                     .found = std::string{provider},
                     .hint = fmt::format("providers that have it: {}", fmt::join(allowed, ", "))});
            }
        }
    }
    return findings;
}

Findings check_failover_repetitions(const RuleView& view) {
    Findings findings;
    for (const auto& [capability, order] : view.at("data_sources.failover").members()) {
        const auto items = order.items();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto earlier = items.first(i);
            if (std::ranges::find(earlier, items[i].as_text(), &Value::as_text) != earlier.end()) {
                findings.push_back(
                    {.path = fmt::format("data_sources.failover.{}[{}]", capability, i),
                     .message = fmt::format("{} stands in this list twice", items[i].as_text()),
                     .hint = "a provider that has just failed is no replacement for itself"});
            }
        }
    }
    return findings;
}

}  // namespace

std::vector<Rule> provider_rules() {
    return {
        {
            .name = "reddit_key_is_complete",
            .text = "reddit_client_id and reddit_client_secret are set together.",
            .paths = {"data_sources.reddit_client_id", "data_sources.reddit_client_secret"},
            .check = complete_reddit,
        },
        {
            .name = "failover_stays_in_its_group",
            .text = "Only providers that have a capability stand in its failover list.",
            .paths = {"data_sources.failover"},
            .check = check_failover_members,
        },
        {
            .name = "failover_does_not_repeat",
            .text = "No provider stands in one failover list twice.",
            .paths = {"data_sources.failover"},
            .check = check_failover_repetitions,
        },
    };
}

}  // namespace quantconf::quantbot
