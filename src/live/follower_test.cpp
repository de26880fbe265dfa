#include "live/follower.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/file_change.hpp"
#include "live/parts.hpp"
#include "live/problem.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using namespace std::chrono_literals;

/// What readers have seen of one version.
struct Seen {
    std::string name;
    int max_orders = 0;

    friend bool operator==(const Seen&, const Seen&) = default;
};

class FollowerTest : public LiveTest {
protected:
    void open() {
        auto quiet = options();
        quiet.keep_history = false;
        auto parts = make_parts(Bot::schema(), quiet);
        ASSERT_TRUE(parts.has_value());
        parts->decode = [](const Value& root) -> std::shared_ptr<const void> {
            return std::make_shared<const Bot>(decode<Bot>(root));
        };
        parts->show = [this](const std::shared_ptr<const Version>& version) {
            const auto bot = std::static_pointer_cast<const Bot>(version->config);
            const std::lock_guard lock{mutex_};
            seen_.push_back({.name = bot->name, .max_orders = bot->trading.max_orders});
        };
        parts->steady_now = [this] { return now_; };
        LoaderParts hooked = parts->loader.parts();
        hooked.resolver = [this]() -> std::unique_ptr<layers::SecretResolver> {
            if (is_loading_) {
                is_loading_();
            }
            return nullptr;
        };
        parts->loader = Loader{std::move(hooked)};
        auto engine = Engine::open(*std::move(parts), false);
        ASSERT_TRUE(engine.has_value());
        engine_ = *std::move(engine);
    }
    void follow(FollowerOptions how, std::shared_ptr<Watcher> watcher = Watcher::of_process()) {
        open();
        follower_.emplace(engine_, std::move(watcher), how);
    }
    [[nodiscard]] bool is_active() const {
        return comes_true([&] { return engine_->health().watcher_active; });
    }
    [[nodiscard]] std::vector<Seen> seen() const {
        const std::lock_guard lock{mutex_};
        return seen_;
    }
    [[nodiscard]] bool becomes(const std::string& name) const {
        return comes_true([&] { return seen().back().name == name; });
    }

    std::function<void()> is_loading_;  ///< Called as a load begins, before it reads.
    std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;
    std::shared_ptr<Engine> engine_;
    std::optional<Follower> follower_;
};

// 64: reload storm (1000 changes/s): coalesced; last wins; bounded CPU.
TEST_F(FollowerTest, t64_a_thousand_changes_a_second_are_a_few_reloads_and_the_last_one_wins) {
    follow({.debounce = 10ms, .poll = 1h});
    ASSERT_TRUE(is_active());
    const auto began = std::chrono::steady_clock::now();
    std::uint64_t rests = 0;  // Of the storm, where a busy machine let it pause: then it may be looked at.
    for (auto [i, last] = std::pair{1, began}; i <= 1'000; ++i) {
        put_atomically("base.yaml", "name: storm" + std::to_string(i) + "\n");
        std::this_thread::sleep_until(began + i * 1ms);
        const auto now = std::chrono::steady_clock::now();
        rests += now - std::exchange(last, now) >= 5ms ? 1U : 0U;
    }
    EXPECT_TRUE(becomes("storm1000"));
    EXPECT_LE(engine_->health().reloads, rests + 10);
    EXPECT_EQ(engine_->health().failed, 0U);
}

TEST_F(FollowerTest, t64_a_storm_that_never_rests_is_looked_at_now_and_then) {
    follow({.debounce = 50ms, .poll = 1h, .rest_at_most = 100ms});
    ASSERT_TRUE(is_active());
    std::atomic<bool> is_over = false;
    std::thread storm{[&] {
        for (int i = 0; !is_over; ++i) {
            put_atomically("base.yaml", "name: storm" + std::to_string(i) + "\n");
            std::this_thread::sleep_for(1ms);
        }
    }};
    EXPECT_TRUE(comes_true([&] { return seen().size() >= 4; }));
    is_over = true;
    storm.join();
}

// 53: half-written file; write in 10 chunks; never applied.
TEST_F(FollowerTest, t53_a_half_written_file_is_never_applied) {
    follow({.debounce = 1ms, .poll = 5ms});
    ASSERT_TRUE(is_active());
    const Seen before = seen().back();
    const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    for (int i = 0; i < 10; ++i) {
        const std::string line = i == 0   ? "name: two\n"
                                 : i == 9 ? "trading: {max_orders: 7}\n"
                                          : "# every half of this is a valid file\n";
        ASSERT_EQ(::write(file, line.data(), line.size()), static_cast<ssize_t>(line.size()));
        put_atomically("local.yaml", "# somebody else is busy, too " + std::to_string(i) + "\n");
        std::this_thread::sleep_for(30ms);
        EXPECT_EQ(seen().back(), before);
    }
    ::close(file);
    EXPECT_TRUE(becomes("two"));
    for (const Seen& one : seen()) {
        EXPECT_TRUE(one == before || one == (Seen{.name = "two", .max_orders = 7})) << one.max_orders;
    }
    EXPECT_EQ(engine_->health().failed, 0U) << "it was not even tried";
}

TEST_F(FollowerTest, t53_what_is_saved_while_a_load_reads_is_waited_for) {
    std::atomic<bool> has_begun = false;
    std::atomic<bool> is_armed = false;
    is_loading_ = [&] {
        if (is_armed && !has_begun) {
            put("base.yaml", "name: half\n");  // The load reads this, and nothing else changes meanwhile.
            has_begun = true;
        }
    };
    follow({.debounce = 100ms, .poll = 1h});
    ASSERT_TRUE(is_active());
    is_armed = true;
    put_atomically("local.yaml", "trading: {max_orders: 7}\n");
    ASSERT_TRUE(comes_true([&] { return has_begun.load(); }));
    put("base.yaml", "name: whole\n");
    EXPECT_TRUE(becomes("whole"));
    EXPECT_EQ(seen(), (std::vector<Seen>{{"one", 5}, {"whole", 7}}));
}

TEST_F(FollowerTest, who_never_closes_a_file_is_waited_for_so_long_and_no_longer) {
    follow({.debounce = 1ms, .poll = 1h, .writer_pauses = 100ms});
    ASSERT_TRUE(is_active());
    const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    const auto began = std::chrono::steady_clock::now();
    ASSERT_EQ(::write(file, "name: open\n", 11), 11);
    EXPECT_TRUE(becomes("open"));
    EXPECT_GE(std::chrono::steady_clock::now() - began, 100ms);
    ::close(file);
}

TEST_F(FollowerTest, a_file_that_is_truncated_by_its_path_keeps_nobody_waiting) {
    follow({.debounce = 1ms, .poll = 1h, .writer_pauses = 1h, .writer_at_most = 1h});
    ASSERT_TRUE(is_active());
    const auto length = static_cast<off_t>(std::string_view{"# the limits\nname: on"}.size());
    ASSERT_EQ(::truncate((config() / "base.yaml").c_str(), length), 0);
    EXPECT_TRUE(becomes("on"));
}

TEST_F(FollowerTest, a_time_of_modification_that_is_set_keeps_no_other_change_waiting) {
    follow({.debounce = 1ms, .poll = 1h, .writer_pauses = 1h, .writer_at_most = 1h});
    ASSERT_TRUE(is_active());
    const std::array<timespec, 2> now{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      timespec{.tv_sec = 0, .tv_nsec = UTIME_NOW}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (config() / "base.yaml").c_str(), now.data(), 0), 0);
    put_atomically("local.yaml", "name: two\n");
    EXPECT_TRUE(becomes("two"));
}

TEST_F(FollowerTest, who_writes_now_and_then_and_never_closes_is_waited_for_so_long_in_all) {
    follow({.debounce = 1ms, .poll = 1h, .writer_pauses = 10s, .writer_at_most = 100ms});
    ASSERT_TRUE(is_active());
    std::atomic<bool> is_over = false;
    std::thread writer{[&] {
        const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
        EXPECT_EQ(::write(file, "name: open\n", 11), 11);
        while (!is_over) {
            EXPECT_EQ(::write(file, "#\n", 2), 2);
            std::this_thread::sleep_for(20ms);
        }
        ::close(file);
    }};
    EXPECT_TRUE(becomes("open"));
    is_over = true;
    writer.join();
}

TEST_F(FollowerTest, a_debounce_longer_than_a_second_is_kept) {
    // A young file is looked at once more, which would begin to lose patience already.
    ASSERT_TRUE(comes_true([&] { return !fingerprint_of(config() / "base.yaml").value().is_young; }));
    follow({.debounce = 300ms, .poll = 1h, .rest_at_most = 1ms});
    ASSERT_TRUE(is_active());
    const auto began = std::chrono::steady_clock::now();
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(becomes("two"));
    EXPECT_GE(std::chrono::steady_clock::now() - began, 300ms);
}

// 55: where the kernel tells nothing, looking does.
TEST_F(FollowerTest, t55_without_notifications_the_poll_finds_changes_and_health_says_so) {
    std::atomic<bool> has_any = false;
    follow({.debounce = 1ms, .poll = 5ms},
           Watcher::over([&] { return has_any ? Notifications::of_kernel() : nullptr; }));
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(becomes("two"));
    put("local.yaml", "name: three\n");
    EXPECT_TRUE(becomes("three"));
    EXPECT_FALSE(engine_->health().watcher_active);
    EXPECT_EQ(engine_->health().following, Following::Polling) << "which is not what was wanted";
    has_any = true;
    EXPECT_TRUE(is_active()) << "asked again with each poll";
}

// 53: also where the kernel tells nothing: size and time stay the same for the debounce.
TEST_F(FollowerTest, t53_a_file_that_grows_unheard_is_waited_for) {
    follow({.debounce = 1s, .poll = 1ms}, Watcher::over([] { return nullptr; }));
    for (int i = 0; i < 10; ++i) {
        std::ofstream{config() / "base.yaml", i == 0 ? std::ios::trunc : std::ios::app}
            << (i == 0   ? "name: two\n"
                : i == 9 ? "trading: {max_orders: 7}\n"
                         : "# more\n");
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_TRUE(becomes("two"));
    for (const Seen& one : seen()) {
        EXPECT_TRUE(one.name == "one" || one.max_orders == 7);
    }
}

TEST_F(FollowerTest, changes_within_a_tick_of_the_files_clock_are_not_missed) {
    follow({.debounce = 0ms, .poll = 1h});
    ASSERT_TRUE(is_active());
    for (int i = 100; i < 300; ++i) {
        put("base.yaml", "name: first" + std::to_string(i) + "\n");
        put("base.yaml", "name: final" + std::to_string(i) + "\n");  // As long, and at once.
        ASSERT_TRUE(becomes("final" + std::to_string(i)));
    }
}

TEST_F(FollowerTest, what_happened_between_the_first_load_and_the_first_watch_is_seen) {
    open();
    put_atomically("base.yaml", "name: two\n");
    follower_.emplace(engine_, Watcher::of_process(), FollowerOptions{.poll = 1h});
    EXPECT_TRUE(becomes("two"));
}

TEST_F(FollowerTest, what_a_subscriber_refused_is_tried_again_and_what_is_wrong_is_not) {
    follow({.debounce = 1ms, .poll = 5ms});
    ASSERT_TRUE(is_active());
    std::atomic<bool> is_refused = true;
    const auto handle = engine_->subscribers().add(
        "", {.prepare = [&](const detail::UntypedTransition&) -> std::optional<std::string> {
                 return is_refused ? std::optional<std::string>{"orders are open"} : std::nullopt;
             },
             .commit = {},
             .deadline = 10s});
    put_atomically("base.yaml", "name: two\n");
    EXPECT_TRUE(comes_true([&] { return engine_->health().failed >= 2; }));
    is_refused = false;
    EXPECT_TRUE(becomes("two"));
    put_atomically("base.yaml", "name: [\n");
    EXPECT_TRUE(comes_true([&] { return !engine_->health().last_reload_ok; }));
    ASSERT_TRUE(comes_true([&] { return !fingerprint_of(config() / "base.yaml").value().is_young; }));
    const auto failed = engine_->health().failed;
    std::this_thread::sleep_for(50ms);
    EXPECT_LE(engine_->health().failed, failed + 2) << "ten polls change nothing, but for a look at the "
                                                       "young file that is under way, and the one after it";
}

TEST_F(FollowerTest, what_cannot_be_looked_at_is_tried_once_a_poll_and_mended_within_one) {
    constexpr auto kPoll = 20ms;
    // Without notifications: who cannot be watched is asked for with every poll.
    follow({.debounce = 0ms, .poll = kPoll}, Watcher::over([] { return nullptr; }));
    ASSERT_TRUE(comes_true([&] { return !fingerprint_of(config() / "base.yaml").value().is_young; }));
    const auto began = std::chrono::steady_clock::now();
    fs::rename(config(), root_ / "away");
    fs::create_directory_symlink("config", config());  // Nobody knows where this leads to, root neither.
    ASSERT_TRUE(comes_true([&] { return engine_->health().failed >= 10; }));
    std::this_thread::sleep_for(5 * kPoll);
    const auto failed = engine_->health().failed;
    const auto polls = static_cast<std::uint64_t>((std::chrono::steady_clock::now() - began) / kPoll);
    EXPECT_LE(failed, polls + 3);
    EXPECT_FALSE(engine_->health().last_reload_ok);

    fs::remove(config());
    fs::rename(root_ / "away", config());
    EXPECT_TRUE(comes_true([&] { return engine_->health().last_reload_ok; })) << "the files are as they were";
    EXPECT_EQ(seen().back().name, "one");
}

TEST_F(FollowerTest, what_was_read_while_it_changed_counts_for_nothing) {
    open();
    put_atomically("base.yaml", "name: two\n");
    const auto result = engine_->reload({.is_disturbed = [] { return true; }});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(std::get<Error>(result.error()).cause, make_error_code(Problem::Disturbed));
    EXPECT_EQ(engine_->health().reloads, 0U);
    EXPECT_TRUE(engine_->health().last_reload_ok);
    EXPECT_EQ(seen().back().name, "one");
}

TEST_F(FollowerTest, files_that_are_brought_into_place_together_are_waited_for_but_not_after_a_crash) {
    follow({.debounce = 1ms, .poll = 1h, .rest_at_most = 100ms});
    ASSERT_TRUE(is_active());
    fs::create_directory(state());
    fs::permissions(state(), fs::perms::owner_all);
    const auto done = history::apply({.edits = {{.path = config() / "base.yaml",
                                                 .before = text_of(config() / "base.yaml"),
                                                 .after = "name: two\n"}}},
                                     state(), [&]() -> Outcome<void> {
                                         std::this_thread::sleep_for(30ms);
                                         EXPECT_EQ(seen().back().name, "one")
                                             << "it is there, and not recorded yet";
                                         return {};
                                     });
    ASSERT_TRUE(done.has_value()) << to_text(done.error());
    EXPECT_TRUE(becomes("two"));
    put(".quantconf/change.journal", "left behind");
    const auto began = std::chrono::steady_clock::now();
    put_atomically("base.yaml", "name: three\n");
    EXPECT_TRUE(becomes("three"));
    EXPECT_GE(std::chrono::steady_clock::now() - began, 100ms);
}

TEST_F(FollowerTest, an_optional_layer_that_is_gone_for_five_seconds_counts_as_removed) {
    put("local.yaml", "name: mine\n");
    open();
    fs::remove(config() / "local.yaml");
    EXPECT_FALSE(engine_->reload({}).has_value());
    EXPECT_EQ(engine_->look_again_at(), now_ + 5s);
    now_ += 4'999ms;
    EXPECT_FALSE(engine_->reload({}).has_value());
    EXPECT_EQ(seen().back().name, "mine");
    now_ += 1ms;
    EXPECT_TRUE(engine_->reload({}).has_value());
    EXPECT_EQ(seen().back().name, "one");
    EXPECT_EQ(engine_->look_again_at(), std::nullopt);
}

TEST_F(FollowerTest, a_layer_that_comes_back_starts_its_five_seconds_anew) {
    put("local.yaml", "name: mine\n");
    open();
    fs::remove(config() / "local.yaml");
    EXPECT_FALSE(engine_->reload({}).has_value());
    now_ += 4s;
    put("local.yaml", "name: mine\n");
    EXPECT_TRUE(engine_->reload({}).has_value());
    fs::remove(config() / "local.yaml");
    now_ += 4s;
    EXPECT_FALSE(engine_->reload({}).has_value());
}

}  // namespace
}  // namespace quantconf::live::test
