#include "quantbot/bot_testing.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "layers/load.hpp"

namespace quantconf::quantbot {

bool Loaded::ok() const {
    return candidate->ok;
}

Config Loaded::config() const {
    return decode<Config>(candidate->root);
}

const Value& Loaded::at(std::string_view path) const {
    return *candidate->root.at(path);
}

std::string Loaded::report() const {
    std::string text;
    for (const Diagnostic& diagnostic : candidate->diagnostics) {
        text += to_text(diagnostic) + '\n';
    }
    return text;
}

std::vector<std::string> Loaded::said(Severity severity) const {
    std::vector<std::string> texts;
    for (const Diagnostic& diagnostic : candidate->diagnostics) {
        if (diagnostic.severity == severity) {
            texts.push_back(fmt::format("{} {}", to_string(diagnostic.code), diagnostic.path));
        }
    }
    return texts;
}

bool Loaded::mentions(std::string_view text) const {
    return report().contains(text);
}

Loaded load(Folder folder) {
    MemoryFiles files;
    files.put("config/base.yaml", std::move(folder.base));
    if (!folder.overlay.empty()) {
        files.put(fmt::format("config/{}.yaml", name_of(folder.environment)), std::move(folder.overlay));
    }
    layers::Inputs inputs;
    inputs.schema = &Config::schema();
    inputs.files = &files;
    inputs.environment = folder.environment;
    inputs.variables = std::move(folder.variables);
    inputs.settings = std::move(folder.settings);
    auto candidate = layers::load(inputs);
    EXPECT_TRUE(candidate) << to_text(candidate.error());
    return {*candidate};
}

Loaded load_overlay(std::string overlay, Environment environment) {
    return load({.environment = environment, .overlay = std::move(overlay)});
}

Loaded load_value(std::string_view path, std::string_view text) {
    std::string yaml;
    std::string indent;
    while (true) {
        const auto dot = path.find('.');
        yaml += fmt::format("{}{}:", indent, path.substr(0, dot));
        if (dot == std::string_view::npos) {
            return load_overlay(fmt::format("{} {}\n", yaml, text));
        }
        yaml += '\n';
        indent += "  ";
        path.remove_prefix(dot + 1);
    }
}

TEST(Bot, complete_base_of_these_tests_is_valid_and_silent_everywhere) {
    for (const Environment environment : kEnvironments) {
        const Loaded bot = load({.environment = environment});
        EXPECT_TRUE(bot.ok()) << bot.report();
        EXPECT_EQ(bot.report(), "") << name_of(environment);
    }
}

}  // namespace quantconf::quantbot
