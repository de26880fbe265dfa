#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "quantconf/quantbot/data_sources.hpp"
#include "sources/source.hpp"

/// Headers read best as a map: `headers: {accept: application/json}`.
template <>
struct quantconf::detail::Codec<std::vector<quantconf::net::Header>> {
    static void describe(Field& field) {
        field.type = Type::Map;
        field.children.push_back(element_field<std::string>());
    }
    static void decode(const Value& value, std::vector<net::Header>& target) {
        target.clear();
        for (const auto& [name, text] : value.members()) {
            target.push_back({std::string{name}, std::string{text.as_text()}});
        }
    }
    static Value encode(const std::vector<net::Header>& headers, Arena& arena) {
        std::vector<Member> members;
        for (const net::Header& header : headers) {
            members.push_back({arena.copy(header.name), Value::text(arena.copy(header.value))});
        }
        return Value::map(arena.copy(std::span<const Member>{members}));
    }
};

namespace quantconf::sources {
namespace {

// Far above what any provider needs; a list without end would slow every answer down.
constexpr std::uint32_t kItemsMax = 64;
constexpr std::uint32_t kRulesMax = 100;
constexpr std::uint32_t kTextMax = 500;

Options texts(std::string help) {
    return {.help = std::move(help), .max_length = kItemsMax};
}

Options text(std::string help) {
    return {.help = std::move(help), .max_length = kTextMax, .allow_empty = true};
}

Options wait_of(std::string help) {
    return {.help = std::move(help), .min = Duration{}, .max = std::chrono::days{31}};
}

std::vector<std::string> capability_names() {
    std::vector<std::string> names;
    for (const auto& [capability, providers] : quantbot::default_failover()) {
        names.push_back(capability);
    }
    return names;
}

// clang-format off: one entry per key.
Fields address_fields() {
    using S = Source;
    return {
        field<&S::title>("title", text("What people call the provider.")),
        field<&S::base>("base", {.help = "Address of its interface.", .as = Type::Url, .required = true}),
        field<&S::hosts>("hosts", {.help = "Where its key may be sent to, lower case.",
                                   .as = Type::Host,
                                   .min_length = 1,
                                   .max_length = kItemsMax,
                                   .required = true}),
        field<&S::token_url>("token_url", text("Where OAuth2 tokens are handed out.")),
        field<&S::authentication>("authentication", {.help = "How the key may travel; the first way is used.",
                                                     .min_length = 1,
                                                     .max_length = kItemsMax,
                                                     .required = true}),
        field<&S::headers>("headers", {.help = "Sent with every request.", .max_length = kItemsMax}),
        field<&S::probe>("probe", {.help = "The cheapest question that shows whether a key is good."}),
        field<&S::anonymous_probe>("anonymous_probe", {.help = "The same without a key."}),
        field<&S::scope>("scope", {.help = "Whose limits a request counts against."}),
        field<&S::limit_headers>("limit_headers", {.help = "Where it tells how much is left."}),
        field<&S::longest_window>("longest_window", wait_of("The longest window of its limits.")),
        field<&S::capabilities>("capabilities",
                                {.help = "What to ask for what.", .keys = capability_names()}),
    };
}

Fields reading_fields() {
    using S = Source;
    return {
        field<&S::body_status>("body_status", texts("Members of the body that repeat the HTTP status.")),
        field<&S::key_pattern>("key_pattern", text("Hard format of a key, RE2; empty: unknown.")),
        field<&S::proves_validity>("proves_validity", {.help = "Whether an accepted key is a good one."}),
        field<&S::confirmations>(
            "confirmations",
            {.help = "Bad answers in a row before a good key counts as bad.", .min = 1, .max = 10}),
        field<&S::rules>("rules", {.help = "How its answers are read; the first that holds decides.",
                                   .max_length = kRulesMax}),
        field<&S::echoes>("echoes", texts("Marks of bodies that must never be parsed as data.")),
    };
}
Fields condition_fields() {
    using C = Condition;
    return {
        field<&C::statuses>("statuses",
                            {.help = "Of HTTP, or of the body; any of them.", .max_length = kItemsMax}),
        field<&C::texts>("texts", texts("Patterns of the provider's words (RE2); any of them.")),
        field<&C::all_texts>("all_texts", texts("The same; all of them.")),
        field<&C::unless_texts>("unless_texts", texts("The same; none of them.")),
        field<&C::raw>("raw", texts("Texts anywhere in the body; any of them.")),
        field<&C::field>("field",
                         {.help = "A member of the body, such as error.code.", .max_length = kTextMax}),
        field<&C::equals>("equals", texts("What it may be.")),
        field<&C::has>("has", texts("Members at the top of the body; any of them.")),
        field<&C::lacks>("lacks", texts("Members that are not there; none of them.")),
        field<&C::kinds>("kinds", {.help = "Of the body; any of them.", .max_length = kItemsMax}),
        field<&C::header>("header", {.help = "A header that is there, lower case.", .max_length = kTextMax}),
        field<&C::header_has>("header_has", texts("What its value contains; any of them.")),
        field<&C::url_has>("url_has", {.help = "What the request's path contains.", .max_length = kTextMax}),
        field<&C::is_token_request>("is_token_request", {.help = "Whether a token was asked for."}),
        field<&C::younger_than>("younger_than", wait_of("The key has been there for less.")),
    };
}

// clang-format on

}  // namespace

// clang-format off: one entry per key.
Fields Authentication::fields() {
    return {
        field<&Authentication::kind>("kind", {.help = "How the key travels.", .required = true}),
        field<&Authentication::name>("name", text("Of the header or the parameter.")),
        field<&Authentication::before>("before", text("Stands in front of the key.")),
    };
}

Fields Probe::fields() {
    return {
        field<&Probe::method>("method", {.help = "get or post."}),
        field<&Probe::path>("path", text("Joined after the base's path, with its query.")),
        field<&Probe::body>("body", text("Of a post.")),
        field<&Probe::cost>(
            "cost",
            {.help = "Requests that it counts as; 0: it has a counter of its own.", .min = 0, .max = 1000}),
        field<&Probe::note>("note", text("Why this one.")),
    };
}

// Its member `field` hides the function of that name.
Fields Condition::fields() {
    return condition_fields();
}

Fields Rule::fields() {
    return {
        field<&Rule::name>(
            "name",
            {.help = "What it is about.", .max_length = 40, .pattern = "[a-z][a-z0-9_]*", .required = true}),
        field<&Rule::when>("when", {.help = "Conditions; all of them."}),
        field<&Rule::status>("status", {.help = "What follows.", .required = true}),
        field<&Rule::detail>(
            "detail",
            {.help = "One word that says more.", .pattern = "([a-z][a-z0-9_]*)?", .allow_empty = true}),
        field<&Rule::reason>(
            "reason",
            {.help = "For people; empty: the provider's own words.", .max_length = 160, .allow_empty = true}),
        field<&Rule::wait>("wait", wait_of("Where no header and no text says better.")),
        field<&Rule::until_midnight_utc>("until_midnight_utc",
                                         {.help = "The wait ends at the next midnight of UTC."}),
    };
}

Fields LimitHeaders::fields() {
    using L = LimitHeaders;
    return {
        field<&L::limit>("limit", text("Name of the header.")),
        field<&L::remaining>("remaining", text("Name of the header.")),
        field<&L::used>("used", text("Name of the header.")),
        field<&L::reset>("reset", text("Name of the header.")),
        field<&L::reset_as>("reset_as", {.help = "Unit of the reset."}),
        field<&L::per>("per", wait_of("The window that they speak of.")),
        field<&L::reset_max>("reset_max", wait_of("A longer window that they may speak of.")),
    };
}
// clang-format on

Fields Source::fields() {
    return Fields::join(address_fields(), reading_fields());
}

}  // namespace quantconf::sources
