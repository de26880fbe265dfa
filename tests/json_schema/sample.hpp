#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/schema.hpp"

/// A schema with at least one field of every kind, for the tests of what we export.
namespace quantconf::sample {

using namespace std::chrono_literals;

enum class Side : std::uint8_t { Buy, Sell };

struct Leg {
    std::string symbol;
    std::uint16_t quantity = 1;
    std::optional<double> limit;

    static Fields fields() {
        return {
            field<&Leg::symbol>("symbol", {.min_length = 1, .required = true}),
            field<&Leg::quantity>("quantity", {.help = "How many.", .unit = "contracts", .min = 1}),
            field<&Leg::limit>("limit", {.min = 0.0, .exclusive_min = true}),
        };
    }
};

struct Limit {
    std::int32_t per_minute = 60;
    std::optional<std::int32_t> per_day;

    static Fields fields() {
        return {
            field<&Limit::per_minute>("per_minute", {.min = 1, .max = 10'000}),
            field<&Limit::per_day>("per_day", {.min = 1}),
        };
    }
};

struct Mail {
    std::string host = "localhost";
    std::uint16_t port = 25;

    static Fields fields() {
        return {
            field<&Mail::host>("host", {.as = Type::Host}),
            field<&Mail::port>("port", {.as = Type::Port}),
        };
    }
};

struct Trading {
    double max_position_size = 0.05;
    Duration timeout = 30s;
    Duration drift = 0s;
    ByteSize cache{512ULL * 1024 * 1024};
    bool dry_run = false;

    static Fields fields() {
        return {
            field<&Trading::max_position_size>(
                "max_position_size", {.help = "Largest position, as a part of the capital.",
                                      .unit = "ratio",
                                      .min = 0.01,
                                      .max = 1,
                                      .risk = Risk::Up,
                                      .aliases = {"max_position_size", "old.position.size"},
                                      .examples = {"0.05"},
                                      .stricter = {{.environment = Environment::Production, .max = 0.2}}}),
            field<&Trading::timeout>("timeout", {.help = "Patience.",
                                                 .min = 1s,
                                                 .max = 1h,
                                                 .exclusive_max = true,
                                                 .reload = Reload::Restart}),
            field<&Trading::drift>("drift", {.min = -10s, .max = 10s}),
            field<&Trading::cache>("cache", {.min = ByteSize{0}}),
            field<&Trading::dry_run>("dry_run"),
        };
    }
};

struct Config {
    std::string account;
    std::string code = "AB1";
    std::string note;
    Side side = Side::Buy;
    std::optional<Side> hedge;
    std::uint64_t big = 7;
    std::int64_t any = -7;
    std::string url = "https://example.org/hook";
    std::string zone = "US/Eastern";
    Secret token;
    Secret webhook;
    Trading trading;
    std::optional<Mail> mail;
    std::vector<std::string> tags = {"a", "b"};
    std::vector<std::string> notes;
    std::vector<Leg> legs = {{.symbol = "SPY", .quantity = 2, .limit = {}}};
    std::map<std::string, Limit> limits = {{"polygon", {.per_minute = 300, .per_day = {}}}, {"fred", {}}};
    std::map<std::string, std::int32_t> weights;
    std::map<std::string, std::vector<std::string>> scores = {{"first", {"a", "b"}}};

    static Fields fields() {
        return {
            field<&Config::account>("account", {.help = "Who pays | who earns.", .required = true}),
            field<&Config::code>("code",
                                 {.min_length = 3, .max_length = 5, .pattern = "[A-Z]+|[A-Z]{2}[0-9]"}),
            field<&Config::note>("note", {.allow_empty = true}),
            field<&Config::side>("side"),
            field<&Config::hedge>("hedge"),
            field<&Config::big>("big"),
            field<&Config::any>("any"),
            field<&Config::url>("url", {.as = Type::Url, .schemes = {"https"}}),
            field<&Config::zone>("zone", {.as = Type::TimeZone}),
            field<&Config::token>("token", {.allow_variable = true}),
            field<&Config::webhook>("webhook", {.allow_plain_text = true}),
            field<&Config::trading>("trading", {.help = "What the bot may do."}),
            field<&Config::mail>("mail"),
            field<&Config::tags>("tags", {.min_length = 1, .max_length = 3}),
            field<&Config::notes>("notes", {.min_length = 0, .max_length = 4, .merge = ListMerge::Append}),
            field<&Config::legs>("legs", {.merge = ListMerge::Replace}),
            field<&Config::limits>("limits", {.help = "By provider.", .keys = {"polygon", "fred", "gnews"}}),
            field<&Config::weights>("weights", {.max_length = 3}),
            field<&Config::scores>("scores", {.examples = {"{first: [c]}", "\"x\""}}),
        };
    }
};

}  // namespace quantconf::sample

template <>
struct quantconf::EnumTable<quantconf::sample::Side> {
    static constexpr std::array names = {EnumName{sample::Side::Buy, "buy"},
                                         EnumName{sample::Side::Sell, "sell"}};
};

namespace quantconf::sample {

inline Schema schema() {
    return Schema::of<Config>({.app = "sample",
                               .env_prefix = "SAMPLE",
                               .title = "Sample bot",
                               .help = "Everything that a field can be.",
                               .rules = {{.name = "dry_run_in_testing",
                                          .text = "Tests never trade.",
                                          .paths = {"trading.dry_run"},
                                          .environments = {Environment::Testing},
                                          .check = [](const RuleView&) { return std::vector<Finding>{}; }}}});
}

}  // namespace quantconf::sample
