#pragma once

#include <chrono>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "quantconf/manager.hpp"
#include "stress/torture_bot.hpp"
#include "stress/torture_folder.hpp"

namespace torture {

using Manager = quantconf::ConfigManager<Bot>;
using Clock = std::chrono::steady_clock;

/// What a change works on. Changes leave behind whatever they make: the next one finds a link where there was
/// a file, and the other way round.
struct Stage {
    fs::path root;
    fs::path config;
    Manager& manager;  ///< The one that is watched.
    Manager& other;    ///< Of another process, as it were.
    std::minstd_rand random;
    long number = 0;  ///< Of this change.
    Numbers expected = {};
    /// When the last thing was done that had to be.
    Clock::time_point done = {};

    [[nodiscard]] fs::path base() const { return config / "base.yaml"; }
    [[nodiscard]] fs::path own() const { return config / "development.yaml"; }
    [[nodiscard]] fs::path local() const { return config / "local.yaml"; }
    [[nodiscard]] fs::path shared() const { return config / ".quantconf" / "overrides.development.yaml"; }
    /// Base or own, by chance, with the number that it has to get.
    struct Choice {
        fs::path file;
        std::string text;
    };
    [[nodiscard]] Choice any_file();
    [[nodiscard]] bool by_chance(int one_of) { return random() % static_cast<unsigned>(one_of) == 0; }
    /// False if it does not happen within five seconds.
    [[nodiscard]] static bool comes_true(const std::function<bool()>& what);
    [[nodiscard]] bool is_refused() const { return !manager.health().last_reload_ok; }
};

struct Kind {
    std::string name;
    /// Empty, or what went wrong on the way.
    std::function<std::string(Stage&)> change;
};

[[nodiscard]] const std::vector<Kind>& kinds();

}  // namespace torture
