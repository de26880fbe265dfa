#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "quantconf/manager.hpp"
#include "quantconf/schema.hpp"

/// A small bot in a folder of its own, for tests of what lives.
namespace quantconf::live::test {

namespace fs = std::filesystem;

struct Trading {
    double max_position_size = 0.1;
    int max_orders = 10;
    static Fields fields() {
        return {field<&Trading::max_position_size>("max_position_size",
                                                   {.min = 0.01, .max = 1.0, .risk = Risk::Up}),
                field<&Trading::max_orders>("max_orders", {.min = 1, .risk = Risk::Up})};
    }
};

struct Bot {
    std::string name = "bot";
    int port = 8080;
    std::map<std::string, int> weights;
    Secret token;
    Trading trading;

    static Fields fields() {
        return {field<&Bot::name>("name"),
                field<&Bot::port>("port", {.as = Type::Port, .reload = Reload::Restart}),
                field<&Bot::weights>("weights"), field<&Bot::token>("token"),
                field<&Bot::trading>("trading")};
    }
    static const Schema& schema() {
        static const Schema kSchema = Schema::of<Bot>({.app = "bot", .env_prefix = "BOT"});
        return kSchema;
    }
};

class LiveTest : public testing::Test {
protected:
    void SetUp() override {
        std::string text = (fs::temp_directory_path() / "quantconf-live-XXXXXX").string();
        ASSERT_NE(::mkdtemp(text.data()), nullptr);
        root_ = fs::canonical(text);
        fs::create_directory(config());
        put("base.yaml",
            "# the limits\nname: one\ntrading:\n  max_position_size: 0.05  # careful\n  max_orders: 5\n");
    }
    void TearDown() override {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }

    [[nodiscard]] fs::path config() const { return root_ / "config"; }
    [[nodiscard]] fs::path state() const { return config() / ".quantconf"; }
    void put(const std::string& name, std::string_view text) const {
        std::ofstream file{config() / name, std::ios::trunc};
        file << text;
    }
    /// As editors and tools for deployment do it.
    void put_atomically(const std::string& name, std::string_view text) const {
        put("." + name + ".new", text);
        fs::rename(config() / ("." + name + ".new"), config() / name);
    }
    [[nodiscard]] std::string text_of(const fs::path& path) const {
        std::ifstream file{path};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    [[nodiscard]] OpenOptions options() const {
        return {.config_dir = config(), .auto_reload = false, .variables = std::vector<std::string>{}};
    }
    [[nodiscard]] static std::string failure_of(const std::expected<ChangeReport, Failure>& result) {
        return result ? "(it succeeded)" : to_text(result.error());
    }
    /// Waits for what another thread does; false if it does not do it.
    [[nodiscard]] static bool comes_true(const std::function<bool()>& what) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (!what()) {
            if (std::chrono::steady_clock::now() >= end) {
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        return true;
    }

    fs::path root_;
};

using Manager = ConfigManager<Bot>;

}  // namespace quantconf::live::test
