#include <atomic>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

/// The ways in which people and programs save, with nothing but notifications to tell of it.
class SavingTest : public LiveTest {
protected:
    [[nodiscard]] static std::string base(int number) {
        return fmt::format("name: set-{0}\ntrading: {{max_position_size: 0.05, max_orders: {0}}}\n", number);
    }
    [[nodiscard]] OpenOptions following() const {
        OpenOptions following = options();
        following.auto_reload = true;
        following.keep_history = false;
        following.debounce = std::chrono::milliseconds{1};
        following.poll = std::chrono::minutes{1};
        return following;
    }
    [[nodiscard]] fs::path file() const { return config() / "base.yaml"; }
    static void write(const fs::path& path, std::string_view text) { std::ofstream{path} << text; }
    static void swap_link(const fs::path& link, const fs::path& target) {
        const fs::path fresh = link.string() + ".new";
        fs::remove(fresh);
        fs::create_symlink(target, fresh);
        fs::rename(fresh, link);
    }

    /// The old file becomes the backup, and a new one is written under its name.
    void like_vim(int number) const {
        fs::rename(file(), file().string() + "~");
        write(file(), base(number));
        fs::remove(file().string() + "~");
    }
    /// A new file beside it, with a name of its own, takes the place.
    void like_gedit(int number) const {
        const fs::path fresh = config() / fmt::format(".goutputstream-{}", number);
        write(fresh, base(number));
        fs::rename(fresh, file());
    }
    /// From another folder.
    void like_mv(int number) const {
        write(root_ / "elsewhere.yaml", base(number));
        fs::rename(root_ / "elsewhere.yaml", file());
    }
    void link_swap(int number) const {
        const fs::path target = root_ / fmt::format("release-{}.yaml", number);
        write(target, base(number));
        swap_link(file(), target);
    }
    /// A new folder of all files, and one link that leads to it.
    void data_swap(int number, const std::string& overlay) const {
        const fs::path fresh = config() / fmt::format("..{}", number);
        fs::create_directories(fresh);
        write(fresh / "base.yaml", base(number));
        write(fresh / "development.yaml", overlay);
        swap_link(config() / "..data", fresh.filename());
        swap_link(file(), "..data/base.yaml");
    }
};

TEST_F(SavingTest, t54_a_thousand_saves_of_every_kind_are_each_applied_once_and_nothing_is_lost) {
    auto manager = Manager::open(following());
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    ASSERT_TRUE(comes_true([&] { return manager->health().watcher_active; }));
    std::atomic<int> told = 0;
    std::atomic<bool> is_mixed = false;
    const auto subscription =
        manager->watch("", {.commit = [&](const Transition<Bot>& change) {
                           is_mixed = is_mixed || change.after.name !=
                                                      fmt::format("set-{}", change.after.trading.max_orders);
                           ++told;
                       }});
    constexpr int kSaves = 1'000;
    for (int number = 1; number <= kSaves; ++number) {
        const int is = 100 + number;
        switch (number % 5) {
            case 0:
                like_vim(is);
                break;
            case 1:
                like_gedit(is);
                break;
            case 2:
                like_mv(is);
                break;
            case 3:
                link_swap(is);
                break;
            default:
                data_swap(is, "# nothing of its own\n");
        }
        ASSERT_TRUE(comes_true([&] { return manager->snapshot()->trading.max_orders == is; }))
            << "save " << number << ": " << manager->health().last_error;
    }
    EXPECT_TRUE(comes_true([&] { return told == kSaves; })) << told;
    EXPECT_FALSE(is_mixed);
    EXPECT_TRUE(manager->health().watcher_active);
}

TEST_F(SavingTest, t56_of_two_files_that_are_swapped_together_nobody_sees_one_old_and_one_new) {
    const auto overlay = [](int number) { return fmt::format("weights: {{set: {}}}\n", number); };
    data_swap(1, overlay(1));
    swap_link(config() / "development.yaml", "..data/development.yaml");
    auto manager = Manager::open(following());
    ASSERT_TRUE(manager.has_value()) << to_text(manager.error());
    ASSERT_TRUE(comes_true([&] { return manager->health().watcher_active; }));
    std::atomic<int> mixed = 0;
    const auto subscription =
        manager->watch("", {.commit = [&](const Transition<Bot>& change) {
                           mixed += change.after.weights.at("set") == change.after.trading.max_orders ? 0 : 1;
                       }});
    constexpr int kSwaps = 500;
    for (int number = 2; number <= kSwaps;
         ++number) {  // As fast as they go: most are swapped while they are read.
        data_swap(number, overlay(number));
        (void)manager->reload();
    }
    EXPECT_TRUE(comes_true([&] { return manager->snapshot()->trading.max_orders == kSwaps; }));
    EXPECT_EQ(manager->snapshot()->weights.at("set"), kSwaps);
    EXPECT_EQ(mixed, 0);
}

}  // namespace
}  // namespace quantconf::live::test
