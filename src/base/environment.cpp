#include "quantconf/environment.hpp"

#include <algorithm>
#include <utility>

namespace quantconf {

std::string_view name_of(Environment environment) noexcept {
    switch (environment) {
        case Environment::Development:
            return "development";
        case Environment::Staging:
            return "staging";
        case Environment::Production:
            return "production";
        case Environment::Testing:
            return "testing";
    }
    return {};
}

std::optional<Environment> parse_environment(std::string_view text) noexcept {
    static constexpr std::array<std::pair<std::string_view, Environment>, 4> kShortForms{{
        {"dev", Environment::Development},
        {"stage", Environment::Staging},
        {"prod", Environment::Production},
        {"test", Environment::Testing},
    }};
    const auto same = [text](std::string_view name) {
        return std::ranges::equal(text, name, [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        });
    };
    for (const Environment environment : kEnvironments) {
        if (same(name_of(environment))) {
            return environment;
        }
    }
    for (const auto& [name, environment] : kShortForms) {
        if (same(name)) {
            return environment;
        }
    }
    return std::nullopt;
}

}  // namespace quantconf
