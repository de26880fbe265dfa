#include "live/stable_files.hpp"

#include <atomic>

#include <fcntl.h>
#include <sys/stat.h>

#include "live/problem.hpp"
#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

constexpr std::size_t kLimit = 1'000'000;

class StableFilesTest : public LiveTest {
protected:
    void make_old(const std::string& name) const {
        const timespec times[2] = {{.tv_sec = 1'000, .tv_nsec = 0}, {.tv_sec = 1'000, .tv_nsec = 0}};
        ASSERT_EQ(::utimensat(AT_FDCWD, (config() / name).c_str(), times, 0), 0);
    }
};

TEST_F(StableFilesTest, what_does_not_change_is_unchanged) {
    const StableFiles files;
    EXPECT_EQ(files.read(config() / "base.yaml", kLimit).value(), text_of(config() / "base.yaml"));
    EXPECT_TRUE(files.info(config() / "base.yaml").value().has_value());
    EXPECT_FALSE(files.info(config() / "local.yaml").value().has_value());
    EXPECT_TRUE(files.is_unchanged());
    EXPECT_EQ(files.seen().size(), 2U);
}

// 56: multi-file change mid-swap.
TEST_F(StableFilesTest, t56_two_files_of_two_moments_are_torn) {
    put("development.yaml", "name: one\n");
    const StableFiles files;
    ASSERT_TRUE(files.read(config() / "base.yaml", kLimit).has_value());
    put_atomically("base.yaml", "name: two\n");
    put_atomically("development.yaml", "name: two\n");
    ASSERT_TRUE(files.read(config() / "development.yaml", kLimit).has_value());
    EXPECT_FALSE(files.is_unchanged());
}

TEST_F(StableFilesTest, a_file_seen_in_two_states_is_torn_even_if_it_goes_back) {
    const StableFiles files;
    ASSERT_TRUE(files.info(config() / "local.yaml").has_value());
    put("local.yaml", "name: two\n");
    ASSERT_TRUE(files.info(config() / "local.yaml").has_value());
    fs::remove(config() / "local.yaml");
    EXPECT_FALSE(files.is_unchanged());
}

TEST_F(StableFilesTest, a_file_that_comes_or_goes_after_the_look_is_a_change) {
    const StableFiles coming;
    ASSERT_TRUE(coming.info(config() / "local.yaml").has_value());
    const StableFiles going;
    ASSERT_TRUE(going.info(config() / "base.yaml").has_value());
    put("local.yaml", "");
    fs::remove(config() / "base.yaml");
    EXPECT_FALSE(coming.is_unchanged());
    EXPECT_FALSE(going.is_unchanged());
}

TEST_F(StableFilesTest, the_same_bytes_in_another_file_are_a_change) {
    const StableFiles files;
    ASSERT_TRUE(files.read(config() / "base.yaml", kLimit).has_value());
    put_atomically("base.yaml", text_of(config() / "base.yaml"));
    EXPECT_FALSE(files.is_unchanged());
}

TEST_F(StableFilesTest, a_time_that_was_set_back_does_not_hide_a_change) {
    make_old("base.yaml");
    const StableFiles files;
    ASSERT_TRUE(files.read(config() / "base.yaml", kLimit).has_value());
    std::string text = text_of(config() / "base.yaml");
    text.back() = ' ';
    put("base.yaml", text);
    make_old("base.yaml");
    EXPECT_FALSE(files.is_unchanged()) << "the time of change cannot be set";
}

TEST_F(StableFilesTest, what_has_just_changed_is_young_and_later_it_is_not) {
    put("base.yaml", "name: two\n");
    EXPECT_TRUE(fingerprint_of(config() / "base.yaml").value().is_young);
    EXPECT_TRUE(comes_true([&] { return !fingerprint_of(config() / "base.yaml").value().is_young; }));
    EXPECT_FALSE(fingerprint_of(config() / "local.yaml").value().is_young);
}

TEST_F(StableFilesTest, a_file_that_never_holds_still_is_an_error_and_a_text_read_is_whole) {
    const std::string one(100'000, 'a');
    const std::string two(100'000, 'b');
    put("base.yaml", one);
    std::atomic<bool> is_over = false;
    std::thread writer{[&] {
        while (!is_over) {
            put_atomically("base.yaml", two);
            put_atomically("base.yaml", one);
        }
    }};
    for (int i = 0; i < 200; ++i) {
        const StableFiles files;
        const auto text = files.read(config() / "base.yaml", kLimit);
        if (text) {
            EXPECT_TRUE(*text == one || *text == two);
        } else {
            EXPECT_EQ(text.error().cause, make_error_code(Problem::KeepsChanging));
        }
    }
    is_over = true;
    writer.join();
}

TEST_F(StableFilesTest, an_overlay_shows_its_texts_and_else_what_is_below) {
    const StableFiles disk;
    const OverlayFiles files{disk,
                             {{config() / "base.yaml", "name: planned\n"}, {config() / "local.yaml", "x"}}};
    EXPECT_EQ(files.read(config() / "base.yaml", kLimit).value(), "name: planned\n");
    EXPECT_EQ(files.read(config() / "base.yaml", 3).value().size(), 4U)
        << "one more tells that it is too long";
    EXPECT_EQ(files.info(config() / "base.yaml").value()->size, 14U);
    EXPECT_TRUE(files.info(config() / "local.yaml").value()->is_regular);
    EXPECT_FALSE(files.info(config() / "other.yaml").value().has_value());
    EXPECT_EQ(disk.seen().size(), 3U) << "what is below was looked at all the same";
}

}  // namespace
}  // namespace quantconf::live::test
