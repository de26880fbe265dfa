#include <atomic>
#include <optional>
#include <thread>

#include "history/processes.hpp"
#include "state/database.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using namespace std::chrono_literals;

/// A manager that is destroyed by one of its own subscribers.
class DestroyedInsideTest : public LiveTest {
protected:
    void SetUp() override {
        LiveTest::SetUp();
        std::thread{[] {}}.join();  // A sanitizer's own thread begins with the first one.
        before_ = threads();
    }
    void open(bool is_followed) {
        auto how = options();
        how.auto_reload = is_followed;
        how.debounce = 1ms;
        auto opened = Manager::open(how);
        ASSERT_TRUE(opened.has_value()) << to_text(opened.error());
        manager_.emplace(*std::move(opened));
        reader_.emplace(manager_->reader());
        ASSERT_TRUE(!is_followed || comes_true([&] { return manager_->health().watcher_active; }));
    }
    /// What a subscriber does who has had enough.
    void destroy() {
        const auto began = std::chrono::steady_clock::now();
        manager_.reset();
        took_ = std::chrono::steady_clock::now() - began;
        is_destroyed_ = true;
        is_destroyed_.notify_all();
    }
    [[nodiscard]] std::size_t rows() const {
        auto database = state::Database::open(state() / "state.db", {});
        if (!database) {
            return 99;
        }
        const SystemClock clock;
        const auto living = history::Processes{*database, clock}.live();
        return living ? living->size() : 99;
    }
    static std::ptrdiff_t threads() {
        return std::distance(fs::directory_iterator{"/proc/self/task"}, fs::directory_iterator{});
    }

    std::ptrdiff_t before_ = 0;  ///< Threads.
    std::optional<Manager> manager_;
    std::optional<Manager::Reader> reader_;
    std::chrono::steady_clock::duration took_{};
    std::atomic<bool> is_destroyed_ = false;
    std::atomic<int> others_ = 0;
};

constexpr auto kDeadline = 1h;  ///< Of every subscriber: who waits for one of them waits too long.

// 63: subscriber throws / hangs / calls back into the manager / unsubscribes in callback.
TEST_F(DestroyedInsideTest, t63_a_commit_that_drops_the_last_handle_returns_at_once_and_all_is_cleaned_up) {
    open(true);
    auto first =
        manager_->watch("", {.commit = [&](const Transition<Bot>&) { destroy(); }, .deadline = kDeadline});
    auto second =
        manager_->watch("", {.commit = [&](const Transition<Bot>&) { ++others_; }, .deadline = kDeadline});
    put_atomically("base.yaml", "name: two\n");
    is_destroyed_.wait(false);
    EXPECT_LT(took_, 5s);
    EXPECT_TRUE(comes_true([&] { return threads() == before_; })) << "the last thread ends by itself";
    EXPECT_EQ(rows(), 0U) << "the process said good-bye";
    EXPECT_EQ(others_, 0) << "nobody hears of a manager that is gone";
    EXPECT_EQ(reader_->latest().name, "two");
    put_atomically("base.yaml", "name: three\n");
    EXPECT_EQ(reader_->latest().name, "two");
}

TEST_F(DestroyedInsideTest, t63_a_prepare_that_drops_the_last_handle_stops_the_change) {
    open(true);
    auto first = manager_->watch("", {.prepare = [&](const Transition<Bot>&) -> std::optional<std::string> {
                                          destroy();
                                          return std::nullopt;
                                      },
                                      .deadline = kDeadline});
    auto second = manager_->watch("", {.prepare = [&](const Transition<Bot>&) -> std::optional<std::string> {
                                           ++others_;
                                           return std::nullopt;
                                       },
                                       .deadline = kDeadline});
    put_atomically("base.yaml", "name: two\n");
    is_destroyed_.wait(false);
    EXPECT_LT(took_, 5s);
    EXPECT_TRUE(comes_true([&] { return threads() == before_; }));
    EXPECT_EQ(rows(), 0U);
    EXPECT_EQ(others_, 0);
    EXPECT_EQ(reader_->latest().name, "one") << "who was not asked has not agreed";
}

TEST_F(DestroyedInsideTest, t63_also_in_a_reload_that_somebody_asked_for) {
    open(false);
    auto first =
        manager_->watch("", {.commit = [&](const Transition<Bot>&) { destroy(); }, .deadline = kDeadline});
    put_atomically("base.yaml", "name: two\n");
    const auto report = manager_->reload();
    EXPECT_TRUE(report.has_value()) << failure_of(report);
    EXPECT_TRUE(is_destroyed_);
    EXPECT_TRUE(comes_true([&] { return threads() == before_; }));
    EXPECT_EQ(rows(), 0U);
    EXPECT_EQ(reader_->latest().name, "two");
}

}  // namespace
}  // namespace quantconf::live::test
