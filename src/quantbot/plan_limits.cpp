#include "quantbot/plan_limits.hpp"

#include <array>

#include "quantbot/enum_text.hpp"

namespace quantconf::quantbot {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kDay = 24h;
constexpr std::chrono::seconds kMonth = 31 * kDay;  // The longest: what fits it fits every month.

constexpr std::string_view kVendorPage = "the vendor's documentation";
constexpr std::string_view kPricingPage = "the vendor's pricing page";
constexpr std::string_view kAnswerText = "the text of the provider's own answers";

using enum Plan;

constexpr std::array kPlanLimits = {
    PlanLimit{Provider::Polygon, Free, 5, 60s, false, kPricingPage},
    PlanLimit{Provider::Polygon, Paid, 100, 1s, false,
              "the vendor's knowledge base, which asks to stay below it"},

    PlanLimit{Provider::Finnhub, Free, 60, 60s, false, "the x-ratelimit-limit header of its answers"},
    PlanLimit{Provider::Finnhub, Free, 30, 1s, false, "vendor text as quoted by others, for every plan"},
    PlanLimit{Provider::Finnhub, Paid, 30, 1s, false, "vendor text as quoted by others, for every plan"},

    PlanLimit{Provider::AlphaVantage, Free, 1, 1s, false, kAnswerText},
    PlanLimit{Provider::AlphaVantage, Free, 5, 60s, false, "widely cited, not confirmed by the vendor today"},
    PlanLimit{Provider::AlphaVantage, Free, 25, kDay, false, kAnswerText},
    PlanLimit{Provider::AlphaVantage, Premium75, 75, 60s, false, kPricingPage},
    PlanLimit{Provider::AlphaVantage, Premium150, 150, 60s, false, kPricingPage},
    PlanLimit{Provider::AlphaVantage, Premium300, 300, 60s, false, kPricingPage},
    PlanLimit{Provider::AlphaVantage, Premium600, 600, 60s, false, kPricingPage},
    PlanLimit{Provider::AlphaVantage, Premium1200, 1200, 60s, false, kPricingPage},

    PlanLimit{Provider::NewsApi, Free, 50, 12h, false, kAnswerText},
    PlanLimit{Provider::NewsApi, Free, 100, kDay, false, kAnswerText},
    PlanLimit{Provider::NewsApi, Business, 250'000, kMonth, true, kPricingPage},
    PlanLimit{Provider::NewsApi, Advanced, 2'000'000, kMonth, true, kPricingPage},

    PlanLimit{Provider::OpenWeather, Free, 60, 60s, false, kPricingPage},
    PlanLimit{Provider::OpenWeather, Free, 1'000'000, kMonth, true, kPricingPage},
    PlanLimit{Provider::OpenWeather, OneCall, 60, 60s, false, kPricingPage},
    PlanLimit{Provider::OpenWeather, OneCall, 1'000, kDay, true,
              "the vendor's pricing page; further calls are billed"},

    PlanLimit{Provider::Fred, Free, 2, 1s, false, "observed by other clients since June 2026"},
    PlanLimit{Provider::Fred, Free, 120, 60s, false, kVendorPage},

    PlanLimit{Provider::StockTwits, Free, 200, 1h, false, kVendorPage},
    PlanLimit{Provider::StockTwits, Token, 400, 1h, false, kVendorPage},

    PlanLimit{Provider::GNews, Free, 1, 1s, false, "an assumption: the vendor names no figure"},
    PlanLimit{Provider::GNews, Free, 100, kDay, true, kAnswerText},

    PlanLimit{Provider::Reddit, Free, 1'000, 600s, false, "others who quote the vendor of 2023"},

    PlanLimit{Provider::OpenAi, Free, 3, 60s, false, kAnswerText},
};

constexpr std::array kKnownPlans = {
    KnownPlan{Provider::Polygon, Free},
    KnownPlan{Provider::Polygon, Paid},
    KnownPlan{Provider::Finnhub, Free},
    KnownPlan{Provider::Finnhub, Paid},
    KnownPlan{Provider::AlphaVantage, Free},
    KnownPlan{Provider::AlphaVantage, Premium75},
    KnownPlan{Provider::AlphaVantage, Premium150},
    KnownPlan{Provider::AlphaVantage, Premium300},
    KnownPlan{Provider::AlphaVantage, Premium600},
    KnownPlan{Provider::AlphaVantage, Premium1200},
    KnownPlan{Provider::NewsApi, Free},
    KnownPlan{Provider::NewsApi, Business},
    KnownPlan{Provider::NewsApi, Advanced},
    KnownPlan{Provider::OpenWeather, Free},
    KnownPlan{Provider::OpenWeather, OneCall},
    KnownPlan{Provider::OpenWeather, Paid},  // Several tiers; nothing is known for certain.
    KnownPlan{Provider::Fred, Free},
    KnownPlan{Provider::StockTwits, Free},
    KnownPlan{Provider::StockTwits, Token},
    KnownPlan{Provider::GNews, Free},
    KnownPlan{Provider::GNews, Paid},
    KnownPlan{Provider::Reddit, Free},
    KnownPlan{Provider::OpenAi, Free},
    KnownPlan{Provider::OpenAi, Paid},  // Five tiers, each with a figure for each model.
};

}  // namespace

std::span<const PlanLimit> plan_limits() {
    return kPlanLimits;
}

std::span<const KnownPlan> known_plans() {
    return kKnownPlans;
}

std::vector<std::string> plans_of(std::string_view provider) {
    std::vector<std::string> names;
    for (const KnownPlan& known : kKnownPlans) {
        if (text_of(known.provider) == provider) {
            names.emplace_back(text_of(known.plan));
        }
    }
    return names;
}

}  // namespace quantconf::quantbot
