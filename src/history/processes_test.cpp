#include "history/processes.hpp"

#include <array>
#include <csignal>

#include "history/limits.hpp"
#include "history/problem.hpp"
#include "support/test_history.hpp"

namespace quantconf::history {
namespace {

using namespace std::chrono_literals;

class ProcessTable : public TestHistory {
protected:
    static std::vector<ProcessRow> live(Opened& opened) {
        const Outcome<std::vector<ProcessRow>> rows = opened.processes.live();
        EXPECT_TRUE(rows) << to_text(rows.error());
        return rows.value_or(std::vector<ProcessRow>{});
    }
    static ProcessStatus status() {
        return {.environment = Environment::Staging,
                .version = 3,
                .last_reload_ok = false,
                .last_error = "first line\nsecond line",
                .following = Following::Polling,
                .pending = {"database.port", "database.host"}};
    }
};

/// A child that waits to be killed.
class Child {
public:
    Child() : pid_{::fork()} {
        if (pid_ == 0) {
            while (true) {
                ::pause();
            }
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { kill(); }

    void kill() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            // Dead, and still in the table: WNOWAIT leaves a zombie.
            siginfo_t info{};
            ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
        }
    }
    void reap() { ::waitpid(std::exchange(pid_, -1), nullptr, 0); }
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_;
};

ProcessIdentity identity_of(pid_t pid) {
    // Field 22, as it stands there.
    const std::string path = fmt::format("/proc/{}/stat", pid);
    std::ifstream file{path};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    text.erase(0, text.rfind(')') + 2);
    for (int i = 3; i < 22; ++i) {
        text.erase(0, text.find(' ') + 1);
    }
    ProcessIdentity identity = this_process();
    identity.pid = pid;
    identity.started = std::stoull(text);
    return identity;
}

TEST_F(ProcessTable, a_row_comes_back_with_what_its_process_said) {
    Opened bot = start();
    const ProcessId id = bot.processes.add(this_process(), status()).value_or(0);
    const Time since = clock_.now();
    ASSERT_EQ(live(bot).size(), 1U);
    ProcessRow row = live(bot).front();
    EXPECT_EQ(row.id, id);
    EXPECT_EQ(row.identity, this_process());
    EXPECT_EQ(row.since, since);
    EXPECT_EQ(row.updated, since);
    ProcessStatus expected = status();
    expected.last_error = "first line";
    EXPECT_EQ(row.status, expected);

    clock_.advance(1s);
    ASSERT_TRUE(bot.processes.update(id, {.environment = Environment::Staging, .version = 4}));
    row = live(bot).front();
    EXPECT_EQ(row.status, (ProcessStatus{.environment = Environment::Staging, .version = 4}));
    EXPECT_EQ(row.since, since);
    EXPECT_EQ(row.updated, clock_.now());
}

TEST_F(ProcessTable, an_answer_is_kept_until_the_next_one_and_shows_nothing_invisible) {
    Opened bot = start();
    const ProcessId id = bot.processes.add(this_process(), status()).value_or(0);
    EXPECT_EQ(bot.processes.last_answer(id).value(), std::nullopt);
    ASSERT_TRUE(bot.processes.answer(id, {.request = "one", .said = "error\x1b[2J\n  hint: \xff\n"}));
    EXPECT_EQ(bot.processes.last_answer(id).value(),
              (Answer{.request = "one", .said = "error\\x1b[2J\n  hint: \\xff"}));
    ASSERT_TRUE(bot.processes.answer(id, {.request = "two", .is_accepted = true}));
    EXPECT_EQ(bot.processes.last_answer(id).value(), (Answer{.request = "two", .is_accepted = true}));
    EXPECT_EQ(live(bot).front().updated, clock_.now());

    ASSERT_TRUE(bot.processes.remove(id));
    for (const ProcessId gone : {id, ProcessId{99}}) {
        const Outcome<void> refused = bot.processes.answer(gone, {.request = "three"});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().cause, Problem::NoSuchProcess);
    }
}

TEST_F(ProcessTable, an_answer_has_so_many_lines_of_such_a_length) {
    Opened bot = start();
    const ProcessId id = bot.processes.add(this_process(), status()).value_or(0);
    std::string whole(limits::kAnswerLineBytes, 'x');
    for (std::size_t line = 1; line < limits::kAnswerLines; ++line) {
        whole += "\n" + std::string(limits::kAnswerLineBytes, 'x');
    }
    ASSERT_TRUE(
        bot.processes.answer(id, {.request = std::string(limits::kRequestIdBytes, 'a'), .said = whole}));
    EXPECT_EQ(bot.processes.last_answer(id).value().value().said, whole);
    EXPECT_EQ(bot.processes.last_answer(id).value().value().request.size(), limits::kRequestIdBytes);
    ASSERT_TRUE(bot.processes.answer(id, {.request = "b", .said = "y" + whole + "\nmore"}));
    const std::string cut = bot.processes.last_answer(id).value().value().said;
    EXPECT_EQ(cut.size(), whole.size());
    EXPECT_TRUE(cut.starts_with("yxx")) << "a longer line is cut ...";
    EXPECT_EQ(cut.substr(limits::kAnswerLineBytes - 3, 5), "...\nx") << "... and says so";
}

TEST_F(ProcessTable, several_managers_of_one_process_have_a_row_each) {
    Opened bot = start();
    ASSERT_TRUE(bot.processes.add(this_process(), status()));
    ASSERT_TRUE(bot.processes.add(this_process(), status()));
    EXPECT_EQ(live(bot).size(), 2U);
}

TEST_F(ProcessTable, a_publication_is_a_sign_of_life) {
    Opened bot = start();
    const ProcessId process = process_in(bot);
    clock_.advance(1h);
    publish(bot, version_of(1), process);
    EXPECT_EQ(live(bot).front().status.version, 1U);
    EXPECT_EQ(live(bot).front().status.environment, Environment::Production);
    EXPECT_EQ(live(bot).front().updated, clock_.now());
}

TEST_F(ProcessTable, a_removed_row_is_gone_and_cannot_be_updated) {
    Opened bot = start();
    const ProcessId id = bot.processes.add(this_process(), status()).value_or(0);
    EXPECT_TRUE(bot.processes.remove(id));
    EXPECT_TRUE(bot.processes.remove(id)) << "twice is fine";
    EXPECT_TRUE(live(bot).empty());
    const Outcome<void> late = bot.processes.update(id, status());
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().cause, Problem::NoSuchProcess);
    EXPECT_TRUE(live(bot).empty());
}

TEST_F(ProcessTable, a_process_that_is_stopped_lives_and_has_no_pulse) {
    Child child;
    const ProcessIdentity identity = identity_of(child.pid());
    EXPECT_EQ(pulse_of(identity), Pulse::Runs);
    const auto signal = [&](int number, int reported) {
        ::kill(child.pid(), number);
        ::waitpid(child.pid(), nullptr, reported);
    };
    signal(SIGSTOP, WUNTRACED);
    EXPECT_EQ(pulse_of(identity), Pulse::Stopped);
    EXPECT_EQ(is_alive(identity), true);
    signal(SIGCONT, WCONTINUED);
    EXPECT_EQ(pulse_of(identity), Pulse::Runs);
    ProcessIdentity elsewhere = identity;
    elsewhere.host = "elsewhere";
    EXPECT_EQ(pulse_of(elsewhere), std::nullopt) << "nobody here can say";
    child.kill();
    EXPECT_EQ(pulse_of(identity), Pulse::Gone);
    child.reap();
}

TEST_F(ProcessTable, a_process_killed_with_signal_9_is_ended_with_its_last_word) {
    Opened bot = start();
    Child child;
    const ProcessIdentity identity = identity_of(child.pid());
    const ProcessId id = bot.processes.add(identity, status()).value_or(0);
    publish(bot, version_of(1), id);
    const Time last_word = clock_.now();
    clock_.advance(10s);
    EXPECT_EQ(is_alive(identity), true);
    ASSERT_EQ(live(bot).size(), 1U);

    child.kill();
    EXPECT_EQ(is_alive(identity), false) << "a zombie";
    child.reap();
    EXPECT_EQ(is_alive(identity), false);

    EXPECT_TRUE(live(bot).empty());
    EXPECT_EQ(count(bot, fmt::format("process WHERE ended = {} AND noticed = {}",
                                     last_word.time_since_epoch().count(),
                                     clock_.now().time_since_epoch().count())),
              1);
    EXPECT_EQ(count(bot, "publication"), 1) << "its publications stay";
}

TEST_F(ProcessTable, a_number_that_is_used_again_is_another_process) {
    ProcessIdentity identity = this_process();
    EXPECT_EQ(is_alive(identity), true);
    identity.started += 1;
    EXPECT_EQ(is_alive(identity), false);
    identity = this_process();
    identity.boot = "00000000-0000-0000-0000-000000000000";
    EXPECT_EQ(is_alive(identity), false) << "the machine has started again since";
}

TEST_F(ProcessTable, nobody_here_can_say_whether_a_process_of_elsewhere_lives) {
    ProcessIdentity identity = this_process();
    identity.host = "elsewhere";
    EXPECT_EQ(is_alive(identity), std::nullopt);
    identity = this_process();
    identity.pids += 1;
    EXPECT_EQ(is_alive(identity), std::nullopt) << "another container numbers its own";
}

TEST_F(ProcessTable, a_child_has_an_identity_of_its_own_and_the_start_that_proc_says) {
    const ProcessIdentity mine = this_process();
    EXPECT_EQ(mine, identity_of(::getpid()));
    EXPECT_FALSE(mine.boot.empty());
    EXPECT_NE(mine.pids, 0U);
    EXPECT_EQ(state::exit_code_of([&] {
                  const ProcessIdentity own = this_process();
                  return own.pid == ::getpid() && own.pid != mine.pid && own == identity_of(::getpid()) &&
                                 is_alive(own) == true && is_alive(mine) == true
                             ? 0
                             : 1;
              }),
              0);
}

TEST_F(ProcessTable, rows_of_other_hosts_are_kept_as_long_as_they_speak) {
    Opened bot = start();
    const ProcessId id = process_in(bot, "elsewhere");
    clock_.advance(limits::kForeignSilence);
    EXPECT_EQ(live(bot).size(), 1U);
    ASSERT_TRUE(bot.processes.update(id, status()));
    clock_.advance(limits::kForeignSilence);
    EXPECT_EQ(live(bot).size(), 1U);
    clock_.advance(1us);
    EXPECT_TRUE(live(bot).empty());
}

TEST_F(ProcessTable, who_speaks_after_it_was_taken_for_dead_lives_again) {
    Opened bot = start();
    const ProcessId id = process_in(bot, "elsewhere");
    clock_.advance(limits::kForeignSilence + 1us);
    EXPECT_TRUE(live(bot).empty());
    ASSERT_TRUE(bot.processes.update(id, status()));
    EXPECT_EQ(live(bot).size(), 1U);

    clock_.advance(limits::kForeignSilence + 1us);
    EXPECT_TRUE(live(bot).empty());
    publish(bot, version_of(1), id);
    EXPECT_EQ(live(bot).size(), 1U);
}

// 69: a clock that jumps back makes nobody silent.
TEST_F(ProcessTable, t69_a_jump_of_the_clock_ends_no_process_of_this_host) {
    Opened bot = start();
    ASSERT_TRUE(bot.processes.add(this_process(), status()));
    process_in(bot, "elsewhere");
    clock_.advance(-48h);
    EXPECT_EQ(live(bot).size(), 2U);
    clock_.advance(96h);
    EXPECT_EQ(live(bot).size(), 1U) << "only the one that nobody can ask";
}

TEST_F(ProcessTable, pending_paths_and_texts_have_limits) {
    Opened bot = start();
    ProcessStatus said = status();
    said.pending.assign(limits::kPendingPaths, std::string(limits::kPathBytes, 'p'));
    said.last_error = std::string(limits::kReasonBytes, 'e');
    const ProcessId id = bot.processes
                             .add({.host = std::string(limits::kHostBytes, 'h'),
                                   .boot = "b",
                                   .program = std::string(limits::kProgramBytes, 'p')},
                                  said)
                             .value_or(0);
    EXPECT_EQ(live(bot).front().status, said);
    EXPECT_EQ(live(bot).front().identity.host.size(), limits::kHostBytes);
    EXPECT_EQ(live(bot).front().identity.program.size(), limits::kProgramBytes);

    ProcessStatus more = said;
    more.pending.emplace_back("one more");
    more.pending.front() += 'p';
    more.last_error += 'e';
    ASSERT_TRUE(bot.processes.update(id, more));
    const ProcessStatus kept = live(bot).front().status;
    EXPECT_EQ(kept.pending.size(), limits::kPendingPaths);
    EXPECT_EQ(kept.pending.front().size(), limits::kPathBytes);
    EXPECT_EQ(kept.last_error.size(), limits::kReasonBytes);
    EXPECT_TRUE(kept.last_error.ends_with("e..."));

    ASSERT_TRUE(bot.processes.add({.host = std::string(limits::kHostBytes + 1, 'h'),
                                   .boot = "b",
                                   .program = std::string(limits::kProgramBytes + 1, 'p')},
                                  said));
    EXPECT_EQ(live(bot).back().identity.host.size(), limits::kHostBytes);
    EXPECT_TRUE(live(bot).back().identity.program.ends_with("p..."));
}

TEST_F(ProcessTable, who_may_only_read_sees_no_dead_process) {
    {
        Opened bot = start();
        ProcessIdentity dead = this_process();
        dead.boot = "earlier";
        ASSERT_TRUE(bot.processes.add(dead, status()));
        ASSERT_TRUE(bot.processes.add(this_process(), status()));
    }
    Outcome<state::Database> database = state::Database::open(file(), {.access = state::Access::Read});
    ASSERT_TRUE(database);
    Opened reader{std::move(*database), *this};
    EXPECT_EQ(live(reader).size(), 1U);
    EXPECT_EQ(count(reader, "process WHERE ended IS NOT NULL"), 0);
}

}  // namespace
}  // namespace quantconf::history
