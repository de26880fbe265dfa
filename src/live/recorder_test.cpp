#include "live/recorder.hpp"

#include <csignal>

#include <sys/resource.h>

#include "history/problem.hpp"
#include "history/processes.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

/// Nothing can be written into any file while it lives, as on a full disk.
class FullDisk {
public:
    FullDisk() {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        rlimit none = before_;
        none.rlim_cur = 0;
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

class RecorderTest : public LiveTest {
protected:
    void SetUp() override {
        LiveTest::SetUp();
        std::filesystem::create_directories(state());
        std::filesystem::permissions(state(), std::filesystem::perms::owner_all);
    }
    template <typename Use>
    auto with_processes(Use use) {
        auto database = state::Database::open(state() / "state.db", {.access = state::Access::Write});
        EXPECT_TRUE(database.has_value());
        history::Processes processes{*database, clock_};
        return use(processes);
    }

    const history::ProcessStatus status_{.environment = Environment::Production};
    const history::Answer answer_{.request = "0123456789abcdef0123456789abcdef", .is_accepted = true};
    SystemClock clock_;
};

TEST_F(RecorderTest, a_full_disk_costs_a_process_neither_its_row_nor_its_life) {
    Recorder recorder{state() / "state.db", clock_};
    ASSERT_TRUE(recorder.report(status_).has_value());
    const auto row = recorder.process();
    {
        const FullDisk full;
        EXPECT_FALSE(recorder.report(status_).has_value());
        EXPECT_FALSE(recorder.answer(answer_).has_value());
    }
    EXPECT_EQ(recorder.process(), row);

    EXPECT_TRUE(recorder.report(status_).has_value());
    EXPECT_TRUE(recorder.answer(answer_).has_value());

    EXPECT_EQ(recorder.process(), row);
    with_processes([&](history::Processes& processes) { EXPECT_EQ(processes.live()->size(), 1U); });
}

TEST_F(RecorderTest, who_has_lost_his_row_cannot_answer_and_gets_a_new_one_with_his_next_report) {
    Recorder recorder{state() / "state.db", clock_};
    ASSERT_TRUE(recorder.report(status_).has_value());
    with_processes([&](history::Processes& processes) {
        EXPECT_TRUE(processes.remove(*recorder.process()).has_value());
    });

    const auto answered = recorder.answer(answer_);

    ASSERT_FALSE(answered.has_value());
    EXPECT_EQ(answered.error().cause, history::Problem::NoSuchProcess);
    EXPECT_TRUE(recorder.report(status_).has_value());
    EXPECT_TRUE(recorder.answer(answer_).has_value());
}

}  // namespace
}  // namespace quantconf::live::test
