#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quantconf/schema.hpp"

/// For tests: a small bot with one field of every kind.
namespace quantconf::schema::test {

enum class Side : std::uint8_t { Buy, Sell };

struct Trading {
    double max_position_size = 0;
    std::uint16_t max_orders = 5;
    Duration timeout = std::chrono::seconds{30};
    std::string account = "paper";

    static Fields fields() {
        return {
            field<&Trading::max_position_size>("max_position_size",
                                               {.min = 0.01, .max = 1.0, .required = true, .risk = Risk::Up}),
            field<&Trading::max_orders>("max_orders",
                                        {.unit = "orders",
                                         .min = 1,
                                         .max = 50,
                                         .stricter = {{.environment = Environment::Production, .max = 20}}}),
            field<&Trading::timeout>("timeout",
                                     {.min = std::chrono::milliseconds{100}, .max = std::chrono::minutes{1}}),
            field<&Trading::account>(
                "account", {.stricter = {{.environment = Environment::Production, .required = true}}}),
        };
    }
};

struct Limit {
    int per_minute = 10;
    std::optional<int> per_day;
    Secret key;

    static Fields fields() {
        return {
            field<&Limit::per_minute>("per_minute", {.min = 1}),
            field<&Limit::per_day>("per_day", {.min = 1}),
            field<&Limit::key>("key"),
        };
    }
};

struct Host {
    std::string name;
    std::uint16_t port = 5432;

    static Fields fields() {
        return {
            field<&Host::name>("name", {.required = true}),
            field<&Host::port>("port", {.as = Type::Port}),
        };
    }
};

struct Alert {
    std::string to;
    ByteSize log = {.bytes = 1024};

    static Fields fields() {
        return {
            field<&Alert::to>("to", {.required = true, .examples = {"ops@example.com"}}),
            field<&Alert::log>("log"),
        };
    }
};

struct Bot {
    bool debug = false;
    Side side = Side::Sell;
    Trading trading;
    std::map<std::string, Limit> limits = {{"polygon", {.per_minute = 5, .per_day = 500, .key = {}}}};
    std::map<std::string, int> weights = {{"spy", 1}};
    std::vector<Host> hosts;
    std::vector<std::string> symbols = {"SPY"};
    std::optional<Alert> alert;
    Secret password;

    static Fields fields() {
        return {
            field<&Bot::debug>("debug"),
            field<&Bot::side>("side"),
            field<&Bot::trading>("trading"),
            field<&Bot::limits>("limits", {.keys = {"polygon", "finnhub"}}),
            field<&Bot::weights>("weights", {.max_length = 3}),
            field<&Bot::hosts>("hosts"),
            field<&Bot::symbols>("symbols", {.min_length = 1, .max_length = 3, .merge = ListMerge::Unique}),
            field<&Bot::alert>("alert"),
            field<&Bot::password>("password", {.aliases = {"database.password"}}),
        };
    }
};

inline Schema bot_schema(std::vector<Rule> rules = {}) {
    return Schema::of<Bot>({.app = "testbot",
                            .env_prefix = "TESTBOT",
                            .title = {},
                            .help = {},
                            .local_yaml = {},
                            .rules = std::move(rules)});
}

}  // namespace quantconf::schema::test

template <>
struct quantconf::EnumTable<quantconf::schema::test::Side> {
    static constexpr std::array names = {
        EnumName{quantconf::schema::test::Side::Buy, "buy"},
        EnumName{quantconf::schema::test::Side::Sell, "sell"},
    };
};
