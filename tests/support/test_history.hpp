#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "history/history.hpp"
#include "history/processes.hpp"
#include "support/test_log.hpp"

namespace quantconf::history {

/// The canonical form of a configuration with one value.
inline std::string canonical(int value) {
    return fmt::format(R"({{"trading":{{"max_position_size":{}}}}})", value);
}

inline NewVersion version_of(int value, Environment environment = Environment::Production) {
    return {.hash = crypto::sha256_hex(canonical(value)),
            .environment = environment,
            .author = "alice (1000)",
            .reason = fmt::format("value {}", value),
            .kind = Kind::Reload,
            .canonical = canonical(value),
            .layers = {{.layer = "base", .name = "config/base.yaml", .sha256 = std::string(64, 'a')},
                       {.layer = "variable", .name = "QUANTBOT_DEBUG", .sha256 = ""}},
            .secrets = {{"polygon_key", 3}},
            .changes = 1};
}

/// A state folder, a history in it, and processes that only exist in the table.
class TestHistory : public audit::TestLog {
protected:
    void SetUp() override {
        TestLog::SetUp();
        clock_.set(Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}});
    }

    /// What one process has open.
    struct Opened {
        state::Database database;
        audit::Log log;
        History history;
        Processes processes;

        Opened(state::Database opened, const TestHistory& test)
            : database{std::move(opened)},
              log{test.log(database)},
              history{database, log, test.clock_},
              processes{database, test.clock_} {}
    };
    [[nodiscard]] Opened start() const { return Opened{open(), *this}; }

    /// A row of a process that this machine cannot judge, so that it lives as long as a test wants.
    static ProcessId process_in(Opened& opened, const std::string& host = "elsewhere") {
        const Outcome<ProcessId> id =
            opened.processes.add({.host = host, .boot = "b", .pid = 7, .program = "bot"}, {});
        EXPECT_TRUE(id) << to_text(id.error());
        return id.value_or(0);
    }
    static VersionInfo publish(Opened& opened, const NewVersion& version, ProcessId process) {
        const Outcome<VersionInfo> info = opened.history.publish(version, process);
        EXPECT_TRUE(info) << to_text(info.error());
        return info.value_or(VersionInfo{});
    }
    static std::vector<VersionNumber> numbers(Opened& opened, const Filter& filter = {}) {
        const Outcome<std::vector<VersionInfo>> versions = opened.history.list(filter);
        EXPECT_TRUE(versions) << to_text(versions.error());
        std::vector<VersionNumber> result;
        for (const VersionInfo& info : versions.value_or(std::vector<VersionInfo>{})) {
            result.push_back(info.number);
        }
        return result;
    }
    static std::int64_t count(Opened& opened, std::string_view what) {
        Outcome<state::Statement> row = opened.database.prepare(fmt::format("SELECT count(*) FROM {}", what));
        return row && row->step().value_or(false) ? row->number(0) : -1;
    }
    /// The versions that were shown at a moment, process by process.
    static std::vector<VersionNumber> at(Opened& opened, Time moment) {
        const Outcome<std::vector<LiveAt>> live = opened.history.at(moment);
        EXPECT_TRUE(live) << to_text(live.error());
        std::vector<VersionNumber> result;
        for (const LiveAt& one : live.value_or(std::vector<LiveAt>{})) {
            result.push_back(one.version);
        }
        return result;
    }
};

}  // namespace quantconf::history
