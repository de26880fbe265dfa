#include <sys/stat.h>
#include <unistd.h>

#include "history/change_lock.hpp"
#include "history/processes.hpp"
#include "live/reload_request.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using namespace std::chrono_literals;

/// A manager that follows its files, and somebody who asks it to load again, as `quantconf reload` does.
class AskedReload : public LiveTest {
protected:
    void SetUp() override {
        LiveTest::SetUp();
        put("development.yaml", "name: two\n");
        open();
    }
    void open() {
        auto how = options();
        how.auto_reload = true;
        how.debounce = 1ms;
        how.poll = 1h;
        auto opened = Manager::open(how);
        ASSERT_TRUE(opened.has_value()) << to_text(opened.error());
        manager_.emplace(*std::move(opened));
        ASSERT_TRUE(comes_true([&] { return manager_->health().following == Following::Active; }));
    }
    /// The row of the manager that lives.
    [[nodiscard]] history::ProcessRow row() {
        const auto rows = processes().live();
        EXPECT_TRUE(rows && rows->size() == 1);
        return rows && !rows->empty() ? rows->front() : history::ProcessRow{};
    }
    history::Processes& processes() {
        if (!database_) {
            auto opened = state::Database::open(state() / "state.db", {});
            EXPECT_TRUE(opened.has_value()) << to_text(opened.error());
            database_.emplace(*std::move(opened));
            processes_.emplace(*database_, clock_);
        }
        return *processes_;
    }
    [[nodiscard]] ReloadRequest request(char digit) {
        const auto asked = row();
        return {.id = std::string(32, digit),
                .until = clock_.now() + 1h,
                .author = "alice (1000)",
                .asked = {AskedProcess::of(asked.id, asked.identity)}};
    }
    void place(const ReloadRequest& request) {
        placed_.reset();
        if (!waiting_) {
            auto lock = history::ChangeLock::acquire(state(), 10s, kReloadLock);
            ASSERT_TRUE(lock.has_value()) << to_text(lock.error());
            waiting_.emplace(*std::move(lock));
        }
        auto placed = PlacedRequest::place(request, state());
        ASSERT_TRUE(placed.has_value()) << to_text(placed.error());
        placed_.emplace(*std::move(placed));
    }
    [[nodiscard]] std::optional<history::Answer> answer_to(const ReloadRequest& request) {
        const auto last = processes().last_answer(row().id);
        EXPECT_TRUE(last.has_value());
        return last && *last && (**last).request == request.id ? *last : std::nullopt;
    }
    [[nodiscard]] bool is_accepted(const ReloadRequest& request) {
        EXPECT_TRUE(comes_true([&] { return answer_to(request).has_value(); }));
        const auto answer = answer_to(request);
        return answer && answer->is_accepted;
    }
    /// Something that the follower does after whatever came before it.
    void make_it_look() {
        const auto done = [&] {  // What a reload comes to, when it has come to it.
            const LiveHealth health = manager_->health();
            return health.failed + health.unchanged + health.version.number;
        };
        const auto before = done();
        put_atomically("local.yaml", "# look\n");
        ASSERT_TRUE(comes_true([&] { return done() > before; }));
    }

    SystemClock clock_;
    std::optional<Manager> manager_;
    std::optional<state::Database> database_;
    std::optional<history::Processes> processes_;
    std::optional<history::ChangeLock> waiting_;  ///< Held by whoever asks.
    std::optional<PlacedRequest> placed_;
};

TEST_F(AskedReload, loads_though_nothing_has_changed_and_says_so) {
    const auto wanted = request('a');
    const auto before = manager_->health().reloads;
    place(wanted);
    EXPECT_TRUE(is_accepted(wanted));
    EXPECT_EQ(answer_to(wanted)->said, "");
    EXPECT_GT(manager_->health().reloads, before);
}

TEST_F(AskedReload, a_layer_that_vanished_is_refused_with_all_diagnostics_and_accepted_when_it_is_meant) {
    fs::remove(config() / "development.yaml");
    auto wanted = request('a');
    place(wanted);
    EXPECT_FALSE(is_accepted(wanted));
    EXPECT_TRUE(answer_to(wanted)->said.contains("QC1721")) << answer_to(wanted)->said;
    EXPECT_TRUE(answer_to(wanted)->said.contains("\n  hint: ")) << "lines stay lines";
    EXPECT_EQ(manager_->snapshot()->name, "two");
    wanted = request('b');
    wanted.accept_missing = true;
    place(wanted);
    EXPECT_TRUE(is_accepted(wanted));
    EXPECT_EQ(manager_->snapshot()->name, "one");
    EXPECT_EQ(row().status.version, 2U) << "its row has said so before it answered";
}

TEST_F(AskedReload, a_request_that_was_forgotten_accepts_nothing_later) {
    auto wanted = request('a');
    wanted.accept_missing = true;
    place(wanted);
    ASSERT_TRUE(is_accepted(wanted));
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(comes_true([&] { return !manager_->health().last_reload_ok; }));
    make_it_look();
    EXPECT_EQ(manager_->snapshot()->name, "two") << "it was done with before";
    put_atomically("development.yaml", "name: two\n");
    EXPECT_TRUE(comes_true([&] { return manager_->health().last_reload_ok; }));

    manager_.reset();
    open();
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(comes_true([&] { return !manager_->health().last_reload_ok; }));
    make_it_look();
    EXPECT_EQ(manager_->snapshot()->name, "two") << "another manager of the same process was asked";
}

TEST_F(AskedReload, who_is_not_meant_does_nothing) {
    fs::remove(config() / "development.yaml");
    EXPECT_TRUE(comes_true([&] { return !manager_->health().last_reload_ok; }));
    const auto mine = [&] {
        auto wanted = request('a');
        wanted.accept_missing = true;
        return wanted;
    };
    std::vector<ReloadRequest> others(4, mine());
    ++others[0].asked.front().row;
    ++others[1].asked.front().pid;
    ++others[2].asked.front().started;
    others[3].asked.front().boot += "x";
    for (const ReloadRequest& other : others) {
        place(other);
        make_it_look();
        EXPECT_EQ(answer_to(other), std::nullopt);
        EXPECT_EQ(manager_->snapshot()->name, "two");
    }
    place(mine());
    EXPECT_TRUE(is_accepted(mine()));
}

TEST_F(AskedReload, t69_a_clock_that_is_ahead_of_the_one_of_whoever_asks_does_not_matter) {
    auto wanted = request('a');
    wanted.until = clock_.now() - 24h;
    place(wanted);
    EXPECT_TRUE(is_accepted(wanted)) << "he waits, and the lock says so";
}

TEST_F(AskedReload, what_is_no_request_asks_nobody) {
    put(".quantconf/reload.request", "quantconf reload 1\naccept_missing yes\n");
    make_it_look();
    EXPECT_TRUE(manager_->health().last_reload_ok);
    fs::remove(state() / "reload.request");
    ASSERT_EQ(::mkfifo((state() / "reload.request").c_str(), 0600), 0);
    make_it_look();
    EXPECT_TRUE(manager_->health().last_reload_ok);
}

TEST_F(AskedReload, whoever_follows_nothing_says_so_and_nobody_needs_to_wait_for_it) {
    manager_.reset();
    const auto other = Manager::open(options());
    ASSERT_TRUE(other.has_value());
    EXPECT_EQ(other->health().following, Following::Off);
    EXPECT_EQ(row().status.following, Following::Off);
}

TEST_F(AskedReload, what_a_dead_asker_leaves_behind_makes_no_later_accident_look_meant) {
    ReloadRequest forgotten = request('d');
    forgotten.accept_missing = true;
    place(forgotten);
    EXPECT_TRUE(is_somebody_waiting(state()));
    EXPECT_TRUE(read_reload_request(state()));
    waiting_.reset();  // The kernel gives it back when its holder dies.
    EXPECT_FALSE(is_somebody_waiting(state()));
    EXPECT_FALSE(read_reload_request(state()));
}

}  // namespace
}  // namespace quantconf::live::test
