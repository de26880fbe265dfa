// Several processes at once, each with its own state.db handle. Without threads: forked children.

#include <algorithm>
#include <map>
#include <set>

#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

constexpr int kProcesses = 4;
constexpr int kEach = 250;

class AtTheSameTime : public TestHistory {
protected:
    /// Runs `act(i)` in children of their own, which all open the database themselves.
    template <typename Act>
    void in_processes(Act act) {
        std::vector<pid_t> children;
        for (int i = 0; i < kProcesses; ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                Outcome<state::Database> database =
                    state::Database::open(file(), {.busy_timeout = std::chrono::minutes{2}});
                if (!database) {
                    ::_exit(2);
                }
                Opened opened{std::move(*database), *this};
                ::_exit(act(opened, i) ? 0 : 1);
            }
            children.push_back(child);
        }
        for (const pid_t child : children) {
            int status = 0;
            ASSERT_EQ(::waitpid(child, &status, 0), child);
            EXPECT_EQ(status, 0);
        }
    }
};

TEST_F(AtTheSameTime, four_processes_publish_and_all_versions_are_in_one_order) {
    in_processes([&](Opened& bot, int i) {
        const Outcome<ProcessId> process = bot.processes.add(this_process(), {});
        bool is_good = process.has_value();
        for (int n = 0; is_good && n < kEach; ++n) {
            NewVersion version = version_of(i * kEach + n);
            version.reason = std::to_string(i);
            is_good = bot.history.publish(version, *process).has_value();
        }
        return is_good;
    });

    Opened after = start();
    std::vector<VersionInfo> versions = after.history.list({}).value();
    std::ranges::reverse(versions);
    ASSERT_EQ(versions.size(), std::size_t{kProcesses * kEach});
    std::set<std::string> hashes;
    std::map<std::string, int> of_each;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        ASSERT_EQ(versions[i].number, i + 1) << "dense: no number was lost";
        EXPECT_EQ(versions[i].parent, i) << "one chain";
        EXPECT_EQ(versions[i].changes, 1U);
        hashes.insert(versions[i].hash);
        ++of_each[versions[i].reason];
    }
    EXPECT_EQ(hashes.size(), versions.size()) << "no duplicate";
    for (const auto& [process, number] : of_each) {
        EXPECT_EQ(number, kEach) << "of process " << process;
    }
    EXPECT_EQ(count(after, "publication"), kProcesses * kEach);
    EXPECT_EQ(count(after, "publication WHERE replaced IS NULL"), kProcesses);
    EXPECT_EQ(audit::read(after.database, {})->size(), versions.size());
    EXPECT_TRUE(verdicts(after.database).is_good());
    EXPECT_TRUE(after.database.check_integrity());
}

TEST_F(AtTheSameTime, processes_that_start_with_the_same_files_share_one_version) {
    in_processes([&](Opened& bot, int) {
        const Outcome<ProcessId> process = bot.processes.add(this_process(), {});
        return process && bot.history.publish(version_of(1), *process).value_or(VersionInfo{}).number == 1;
    });
    Opened after = start();
    EXPECT_EQ(numbers(after), std::vector<VersionNumber>{1});
    EXPECT_EQ(count(after, "publication"), kProcesses);
}

TEST_F(AtTheSameTime, forgetting_while_others_publish_loses_nothing_that_is_live) {
    in_processes([&](Opened& bot, int i) {
        const Outcome<ProcessId> process =
            bot.processes.add({.host = "elsewhere", .boot = "b", .pid = i, .program = "bot"}, {});
        bool is_good = process.has_value();
        for (int n = 0; is_good && n < 40; ++n) {
            const Outcome<VersionInfo> info = bot.history.publish(version_of(i * 40 + n), *process);
            is_good = info.has_value() && bot.history.prune({.versions = 1, .age = {}, .most = 1}) &&
                      bot.history.find(info->number).value_or(std::nullopt).has_value();
        }
        return is_good;
    });
    Opened after = start();
    EXPECT_EQ(at(after, clock_.now()).size(), std::size_t{kProcesses});
    for (const VersionNumber number : at(after, clock_.now())) {
        EXPECT_TRUE(after.history.find(number).value()) << number;
    }
}

}  // namespace
}  // namespace quantconf::history
