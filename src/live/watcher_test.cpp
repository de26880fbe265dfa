#include "live/watcher.hpp"

#include <array>
#include <atomic>
#include <optional>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

/// The kernel, but for what a test has it refuse or lose.
class Troubled final : public Notifications {
public:
    struct Trouble {
        std::atomic<bool> refuses_folders = false;  ///< As with ENOSPC: too many watches.
        std::atomic<bool> loses_everything = false;
        std::atomic<int> folders = 0;
    };
    Troubled(std::unique_ptr<Notifications> below, Trouble& trouble)
        : below_{std::move(below)}, trouble_{trouble} {}

    [[nodiscard]] int descriptor() const noexcept override { return below_->descriptor(); }
    [[nodiscard]] int add(const fs::path& folder, std::uint32_t mask) override {
        if (trouble_.refuses_folders) {
            errno = ENOSPC;
            return -1;
        }
        ++trouble_.folders;
        return below_->add(folder, mask);
    }
    void remove(int number) override { below_->remove(number); }
    [[nodiscard]] std::vector<Notice> read() override {
        auto notices = below_->read();
        if (trouble_.loses_everything && !notices.empty()) {
            return {{.number = -1, .mask = IN_Q_OVERFLOW, .name = {}}};
        }
        return notices;
    }

private:
    std::unique_ptr<Notifications> below_;
    Trouble& trouble_;
};

class WatcherTest : public LiveTest {
protected:
    void watch(const std::vector<fs::path>& files) {
        watch_ = watcher_->watch(files, [this] { ++told_; });
    }
    /// Whether something is told about what `change` does; waits until all of it has been.
    [[nodiscard]] bool is_told(const std::function<void()>& change) {
        const std::uint64_t before = watch_->events();
        const int told_before = told_;
        change();
        return watch_->events() > before && comes_true([&] { return told_ > told_before; });
    }
    [[nodiscard]] bool is_told_of_writing(const std::string& name) {
        return is_told([&] { put(name, "name: other\n"); });
    }
    void link_over(const fs::path& link, const fs::path& target) const {
        fs::create_symlink(target, root_ / "fresh");
        fs::rename(root_ / "fresh", link);
    }

    Troubled::Trouble trouble_;
    std::atomic<int> told_ = 0;
    std::shared_ptr<Watcher> watcher_ = Watcher::over([this]() -> std::unique_ptr<Notifications> {
        return std::make_unique<Troubled>(Notifications::of_kernel(), trouble_);
    });
    std::unique_ptr<Watch> watch_;
};

TEST_F(WatcherTest, t54_tells_of_writing_and_of_atomic_saves_and_of_nothing_else) {
    watch({config() / "base.yaml"});
    EXPECT_TRUE(watch_->is_complete());
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
    EXPECT_TRUE(is_told([&] { put_atomically("base.yaml", "name: two\n"); }));
    EXPECT_TRUE(is_told_of_writing("base.yaml")) << "of the new file, too";
    const auto before = watch_->events();
    put("other.yaml", "name: two\n");
    put_atomically("other.yaml", "name: two\n");
    EXPECT_EQ(text_of(config() / "base.yaml"), "name: other\n") << "reading is nothing that happens";
    EXPECT_EQ(watch_->events(), before);
}

TEST_F(WatcherTest, tells_of_a_file_that_was_not_there_and_of_one_that_goes) {
    watch({config() / "local.yaml"});
    EXPECT_TRUE(is_told_of_writing("local.yaml"));
    EXPECT_TRUE(is_told([&] { fs::remove(config() / "local.yaml"); }));
    EXPECT_TRUE(is_told_of_writing("local.yaml"));
    EXPECT_TRUE(is_told([&] { fs::rename(config() / "local.yaml", root_ / "elsewhere"); }));
}

TEST_F(WatcherTest, tells_of_permissions) {
    watch({config() / "base.yaml"});
    EXPECT_TRUE(is_told([&] { fs::permissions(config() / "base.yaml", fs::perms::none); }));
    EXPECT_TRUE(is_told([&] { fs::permissions(config() / "base.yaml", fs::perms::owner_all); }));
    EXPECT_TRUE(is_told([&] { fs::permissions(config(), fs::perms::owner_all); }));
}

TEST_F(WatcherTest, follows_a_folder_that_is_deleted_and_made_anew) {
    watch({config() / "base.yaml"});
    EXPECT_TRUE(is_told([&] { fs::remove_all(config()); }));
    EXPECT_TRUE(is_told([&] { fs::create_directory(config()); }));
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
    EXPECT_TRUE(watch_->is_complete());
}

TEST_F(WatcherTest, follows_a_folder_that_is_renamed_away_and_back) {
    watch({config() / "base.yaml"});
    EXPECT_TRUE(is_told([&] { fs::rename(config(), root_ / "away"); }));
    const auto before = watch_->events();
    std::ofstream{root_ / "away" / "base.yaml"} << "name: unseen\n";
    EXPECT_EQ(watch_->events(), before) << "that is no file of ours any more";
    EXPECT_TRUE(is_told([&] { fs::rename(root_ / "away", config()); }));
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

TEST_F(WatcherTest, follows_another_folder_that_takes_the_place) {
    watch({config() / "base.yaml"});
    fs::create_directory(root_ / "other");
    EXPECT_TRUE(is_told([&] {
        fs::rename(config(), root_ / "away");
        fs::rename(root_ / "other", config());
    }));
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

TEST_F(WatcherTest, t54_follows_links_of_files) {
    fs::create_directory(root_ / "store");
    link_over(config() / "base.yaml", root_ / "store" / "one");
    watch({config() / "base.yaml"});
    EXPECT_TRUE(is_told([&] { std::ofstream{root_ / "store" / "one"} << "name: one\n"; }));
    EXPECT_TRUE(is_told([&] { link_over(config() / "base.yaml", root_ / "store" / "two"); }));
    EXPECT_TRUE(is_told([&] { std::ofstream{root_ / "store" / "two"} << "name: two\n"; }));
    const auto before = watch_->events();
    std::ofstream{root_ / "store" / "one"} << "name: old\n";
    EXPECT_EQ(watch_->events(), before);
}

TEST_F(WatcherTest, t54_follows_data_of_kubernetes) {
    for (const char* name : {"..1", "..2"}) {
        fs::create_directory(config() / name);
        put(std::string{name} + "/base.yaml", name);
    }
    link_over(config() / "..data", "..1");
    link_over(config() / "base.yaml", "..data/base.yaml");
    watch({config() / "base.yaml"});
    EXPECT_TRUE(is_told([&] { link_over(config() / "..data", "..2"); }));
    EXPECT_TRUE(is_told_of_writing("..2/base.yaml"));
    EXPECT_TRUE(is_told([&] { fs::remove_all(config() / "..2"); }));
}

// 53: half-written file.
TEST_F(WatcherTest, t53_a_file_is_being_written_from_the_first_write_until_it_is_closed) {
    watch({config() / "base.yaml"});
    EXPECT_FALSE(watch_->is_being_written());
    const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    EXPECT_TRUE(watch_->is_being_written()) << "it is empty already";
    ASSERT_EQ(::write(file, "name", 4), 4);
    EXPECT_TRUE(watch_->is_being_written());
    ASSERT_EQ(::fchmod(file, 0600), 0);
    EXPECT_TRUE(watch_->is_being_written()) << "chmod does not close anything";
    ::close(file);
    EXPECT_FALSE(watch_->is_being_written());
}

TEST_F(WatcherTest, what_is_written_to_stops_to_matter_with_its_name) {
    watch({config() / "base.yaml"});
    const auto write_without_closing = [&] {
        const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        EXPECT_EQ(::write(file, "name", 4), 4);
        EXPECT_TRUE(watch_->is_being_written());
        return file;
    };
    int file = write_without_closing();
    put_atomically("base.yaml", "name: two\n");
    EXPECT_FALSE(watch_->is_being_written()) << "another file has its name";
    ::close(file);
    file = write_without_closing();
    fs::remove(config() / "base.yaml");
    EXPECT_FALSE(watch_->is_being_written());
    ::close(file);
    file = write_without_closing();
    fs::rename(config(), root_ / "away");
    EXPECT_FALSE(watch_->is_being_written()) << "nobody will tell when it is closed";
    ::close(file);
    fs::rename(root_ / "away", config());
    EXPECT_FALSE(watch_->is_being_written());
    file = write_without_closing();
    fs::create_directory(root_ / "other");
    fs::rename(config(), root_ / "away");
    fs::rename(root_ / "other", config());
    EXPECT_FALSE(watch_->is_being_written()) << "another folder has taken the place";
    ::close(file);
}

/// What changes a file without opening it, so that nobody will close it: as truncate() and `touch -c -m` do.
void change_by_path(const fs::path& file) {
    ASSERT_EQ(::truncate(file.c_str(), 4), 0);
    const std::array<timespec, 2> now{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                      timespec{.tv_sec = 0, .tv_nsec = UTIME_NOW}};
    ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), now.data(), 0), 0);
}

TEST_F(WatcherTest, t53_what_was_changed_by_its_path_is_not_being_written) {
    watch({config() / "base.yaml"});
    EXPECT_TRUE(is_told([&] { change_by_path(config() / "base.yaml"); }));
    EXPECT_FALSE(watch_->is_being_written());
}

TEST_F(WatcherTest, t53_a_writer_counts_also_if_somebody_else_changes_the_file_by_its_path) {
    watch({config() / "base.yaml"});
    const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_CLOEXEC);
    change_by_path(config() / "base.yaml");
    EXPECT_TRUE(watch_->is_being_written()) << "it has written nothing yet, but nobody can know";
    ::close(file);
    EXPECT_FALSE(watch_->is_being_written());
}

// 55: inotify queue overflow, watch limit.
TEST_F(WatcherTest, t55_after_an_overflow_everything_is_looked_at_anew) {
    watch({config() / "base.yaml"});
    const int file = ::open((config() / "base.yaml").c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_EQ(::write(file, "name", 4), 4);
    ASSERT_TRUE(watch_->is_being_written());
    trouble_.loses_everything = true;
    EXPECT_TRUE(is_told([&] { ::close(file); }));
    EXPECT_FALSE(watch_->is_being_written()) << "its closing was lost";
    EXPECT_TRUE(is_told([&] {
        fs::rename(config(), root_ / "away");
        fs::create_directory(config());
    }));
    trouble_.loses_everything = false;
    EXPECT_TRUE(is_told_of_writing("base.yaml")) << "the new folder is watched";
}

TEST_F(WatcherTest, t55_a_real_overflow_of_the_queue_is_told) {
    std::atomic<bool> may_go_on = false;
    const auto slow = watcher_->watch({config() / "slow"}, [&] {
        while (!may_go_on) {
            std::this_thread::yield();
        }
    });
    watch({config() / "base.yaml", config() / "flood.a", config() / "flood.b"});
    put("slow", "");
    long most = 0;
    std::ifstream{"/proc/sys/fs/inotify/max_queued_events"} >> most;
    put("flood.a", "");
    for (long i = 0; i < most / 2 + 100; ++i) {
        fs::rename(config() / "flood.a", config() / "flood.b");
        fs::rename(config() / "flood.b", config() / "flood.a");
    }
    fs::rename(config(), root_ / "away");  // Lost.
    fs::create_directory(config());
    may_go_on = true;
    EXPECT_TRUE(comes_true([&] { return told_ > 0; }));
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

TEST_F(WatcherTest, t55_who_may_not_watch_says_so_and_may_ask_again) {
    trouble_.refuses_folders = true;
    watch({config() / "base.yaml"});
    EXPECT_FALSE(watch_->is_complete());
    put("base.yaml", "name: unheard\n");
    EXPECT_EQ(watch_->events(), 0U);
    trouble_.refuses_folders = false;
    watch({config() / "base.yaml"});
    EXPECT_TRUE(watch_->is_complete());
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

TEST_F(WatcherTest, t55_without_any_inotify_it_is_asked_for_again_with_the_next_watch) {
    bool has_any = false;
    watcher_ = Watcher::over([&] { return has_any ? Notifications::of_kernel() : nullptr; });
    watch({config() / "base.yaml"});
    EXPECT_FALSE(watch_->is_complete());
    EXPECT_FALSE(watch_->is_being_written());
    has_any = true;
    const auto second = watcher_->watch({config() / "base.yaml"}, [] {});
    EXPECT_TRUE(second->is_complete());
    EXPECT_TRUE(watch_->is_complete()) << "the first one gains, too";
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

TEST_F(WatcherTest, a_folder_is_watched_as_long_as_somebody_needs_it) {
    watch({config() / "base.yaml"});
    auto second = watcher_->watch({config() / "base.yaml", config() / "local.yaml"}, [] {});
    second.reset();
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

TEST_F(WatcherTest, a_watch_may_end_inside_its_own_call_also_as_the_last_one) {
    std::atomic<bool> is_ready = false;
    std::atomic<bool> is_over = false;
    watch_ = watcher_->watch({config() / "base.yaml"}, [&] {
        is_ready.wait(false);
        watch_.reset();
        is_over = true;
    });
    watcher_.reset();  // The watch keeps it: it goes on its own thread.
    is_ready = true;
    is_ready.notify_all();
    put("base.yaml", "name: two\n");
    EXPECT_TRUE(comes_true([&] { return is_over.load(); }));
    EXPECT_EQ(watch_, nullptr);
}

TEST_F(WatcherTest, a_watch_may_end_another_inside_its_call) {
    std::atomic<bool> is_over = false;
    std::atomic<int> others = 0;
    auto other = watcher_->watch({config() / "other"}, [&] { ++others; });
    watch_ = watcher_->watch({config() / "base.yaml"}, [&] {
        other.reset();
        is_over = true;
    });
    put("base.yaml", "name: two\n");
    EXPECT_TRUE(comes_true([&] { return is_over.load(); }));
    put("other", "");
    watch_.reset();  // Its call may come twice, and uses `other`.
    EXPECT_EQ(others, 0);
}

TEST_F(WatcherTest, ending_a_watch_waits_for_its_call) {
    std::atomic<bool> is_inside = false;
    std::atomic<bool> may_end = false;
    std::atomic<bool> has_ended = false;
    watch_ = watcher_->watch({config() / "base.yaml"}, [&] {
        is_inside = true;
        while (!may_end) {
            std::this_thread::yield();
        }
        has_ended = true;
    });
    put("base.yaml", "name: two\n");
    ASSERT_TRUE(comes_true([&] { return is_inside.load(); }));
    std::thread other{[&] {
        watch_.reset();
        EXPECT_TRUE(has_ended);
    }};
    may_end = true;
    other.join();
}

TEST_F(WatcherTest, the_thread_is_gone_with_the_last_watch) {
    const auto threads = [] {
        return std::distance(fs::directory_iterator{"/proc/self/task"}, fs::directory_iterator{});
    };
    watcher_.reset();
    const auto before = threads();
    auto first = Watcher::of_process()->watch({config() / "base.yaml"}, [] {});
    auto second = Watcher::of_process()->watch({config() / "local.yaml"}, [] {});
    EXPECT_EQ(threads(), before + 1) << "one for all";
    first.reset();
    EXPECT_EQ(threads(), before + 1);
    second.reset();
    EXPECT_TRUE(comes_true([&] { return threads() == before; }));
}

TEST_F(WatcherTest, a_forked_child_leaves_the_parents_watches_alone_and_makes_its_own) {
    watcher_ = Watcher::of_process();
    watch({config() / "base.yaml"});
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        watch_.reset();
        watcher_.reset();
        std::atomic<int> told = 0;
        const auto own = Watcher::of_process()->watch({config() / "local.yaml"}, [&] { ++told; });
        put("local.yaml", "name: child\n");
        ::_exit(own->is_complete() && comes_true([&] { return told > 0; }) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(is_told_of_writing("base.yaml"));
}

}  // namespace
}  // namespace quantconf::live::test
