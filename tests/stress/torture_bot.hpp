#pragma once

#include <string>

#include "quantconf/schema.hpp"

namespace torture {

using quantconf::field;
using quantconf::Fields;

/// What one layer says. Half a layer has another `last` than `first`, and is valid: nothing but the promise
/// of the manager keeps it from being seen.
struct Part {
    long first = 0;
    std::string filler = {};  ///< So that a layer needs some writing.
    long last = 0;
    long set = 0;  ///< Of both files: they change it together, and a mixture is refused by the rule.

    static Fields fields() {
        return {field<&Part::first>("first"), field<&Part::filler>("filler"), field<&Part::last>("last"),
                field<&Part::set>("set")};
    }
    [[nodiscard]] bool is_whole() const { return first == last; }
};

/// Four layers, each with a number of its own.
struct Bot {
    Part base;
    Part own;  ///< development.yaml
    Part local;
    Part shared;

    static Fields fields() {
        return {field<&Bot::base>("base"), field<&Bot::own>("own"), field<&Bot::local>("local"),
                field<&Bot::shared>("shared")};
    }
    static const quantconf::Schema& schema();
    [[nodiscard]] bool is_whole() const {
        return base.is_whole() && own.is_whole() && local.is_whole() && shared.is_whole() &&
               base.set == own.set;
    }
};

/// What has to become visible.
struct Numbers {
    long base = 0;
    long own = 0;
    long local = 0;
    long shared = 0;
    long set = 0;

    friend bool operator==(const Numbers&, const Numbers&) = default;
    [[nodiscard]] std::string text() const {
        return "base " + std::to_string(base) + ", own " + std::to_string(own) + ", local " +
               std::to_string(local) + ", shared " + std::to_string(shared) + ", set " + std::to_string(set);
    }
};

inline Numbers numbers_of(const Bot& bot) {
    return {.base = bot.base.first,
            .own = bot.own.first,
            .local = bot.local.first,
            .shared = bot.shared.first,
            .set = bot.base.set};
}

}  // namespace torture
