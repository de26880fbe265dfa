#include <algorithm>
#include <array>

#include "crypto/random.hpp"
#include "secrets/durable_replace.hpp"
#include "secrets/high_water.hpp"
#include "secrets/key_source.hpp"
#include "support/faults.hpp"
#include "support/private_folder.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::string_view kUuid = "01234567-89ab-cdef-0123-456789abcdef";

struct Failure {
    const char* name;
    Faults::Kind kind;
    int error;
};
// 30: ENOSPC/EDQUOT, EIO, short write, EINTR at each syscall.
constexpr auto kFailures = std::to_array<Failure>({
    {.name = "EIO", .kind = Faults::Kind::Error, .error = EIO},
    {.name = "ENOSPC", .kind = Faults::Kind::Error, .error = ENOSPC},
    {.name = "EDQUOT", .kind = Faults::Kind::Error, .error = EDQUOT},
    {.name = "EINTR", .kind = Faults::Kind::Error, .error = EINTR},
    {.name = "EROFS", .kind = Faults::Kind::Error, .error = EROFS},
    {.name = "EMFILE", .kind = Faults::Kind::Error, .error = EMFILE},
    {.name = "EACCES", .kind = Faults::Kind::Error, .error = EACCES},
    {.name = "half", .kind = Faults::Kind::Half, .error = 0},
    {.name = "nothing", .kind = Faults::Kind::Nothing, .error = 0},
});

class ReplaceFaultsTest : public FolderTest, public testing::WithParamInterface<Failure> {
protected:
    /// Lets the first, second, ... call of `act` go wrong until there are no more of them. `prepare` before
    /// each, `check` after it.
    template <typename Prepare, typename Act, typename Check>
    void at_every_call(Prepare prepare, Act act, Check check) {
        const auto before = open_descriptors();
        for (int failing = 0;; ++failing) {
            SCOPED_TRACE(std::string{GetParam().name} + " at call " + std::to_string(failing));
            prepare();
            Faults faults{.failing = failing, .kind = GetParam().kind, .error = GetParam().error};
            auto result = [&] {
                const Interposed interposed{faults};
                return act();
            }();
            check(result);
            ASSERT_EQ(open_descriptors(), before) << "a descriptor stayed open";
            ASSERT_FALSE(HasFatalFailure());
            if (!faults.was_reached()) {
                ASSERT_GT(failing, 8) << "too few calls were seen";
                ASSERT_TRUE(result.has_value());
                return;
            }
        }
    }

    /// Temporary files may be left if even their removal failed; nothing else may.
    void expect_only(const std::set<std::string>& expected) const {
        for (const std::string& name : names()) {
            EXPECT_TRUE(expected.contains(name) || name.starts_with(".q.")) << name;
        }
    }
};

TEST_P(ReplaceFaultsTest, t30_a_replacement_leaves_old_or_new_bytes_and_no_descriptor) {
    const auto replace = [this](std::string_view bytes) {
        return replace_durably({.path = file_, .bytes = bytes, .keep_previous = true});
    };
    at_every_call(
        [&] { ASSERT_TRUE(replace("oldest") && replace("old")); }, [&] { return replace("new bytes"); },
        [&](const Outcome<void>& result) {
            const bool is_new = result.has_value() || result.error().cause == Problem::DurabilityUnknown;
            EXPECT_EQ(text_of(file_), is_new ? "new bytes" : "old");
            const std::string previous = text_of(previous_of(file_));
            EXPECT_TRUE(previous == "old" || (!is_new && previous == "oldest")) << previous;
            expect_only({"secrets.qcs", "secrets.qcs.prev"});
            ASSERT_TRUE(replace("next").has_value());
            EXPECT_EQ(names(), (std::set<std::string>{"secrets.qcs", "secrets.qcs.prev"}));
        });
}

TEST_P(ReplaceFaultsTest, t30_a_new_key_file_is_whole_or_not_there) {
    crypto::SystemRandom random;
    const fs::path key = folder_ / "master.key";
    at_every_call([&] { fs::remove(key); }, [&] { return create_key_file(key, random); },
                  [&](const Outcome<void>& result) {
                      if (result || result.error().cause == Problem::DurabilityUnknown) {
                          ASSERT_TRUE(fs::exists(key));
                      }
                      if (fs::exists(key)) {
                          EXPECT_TRUE(read_key(KeyFile{key}).has_value());
                      }
                      expect_only({"master.key"});
                  });
}

TEST_P(ReplaceFaultsTest, t30_a_high_water_mark_is_the_old_or_the_new_one) {
    at_every_call(
        [&] {
            fs::remove(folder_ / (std::string{kUuid} + ".generation"));
            ASSERT_TRUE(raise_high_water(folder_, kUuid, 7).has_value());
        },
        [&] { return raise_high_water(folder_, kUuid, 8); },
        [&](const Outcome<void>& result) {
            const auto mark = read_high_water(folder_, kUuid);
            ASSERT_TRUE(mark.has_value() && mark->has_value());
            // An error may also be that of the last step: the new one is there, and may not be on disk.
            EXPECT_TRUE((*mark)->generation == 8U || (!result && (*mark)->generation == 7U));
            ASSERT_TRUE(raise_high_water(folder_, kUuid, 9).has_value());
            EXPECT_EQ(read_high_water(folder_, kUuid).value()->generation, 9U);
        });
}

INSTANTIATE_TEST_SUITE_P(Kinds, ReplaceFaultsTest, testing::ValuesIn(kFailures),
                         [](const auto& one) { return std::string{one.param.name}; });

class OneFaultTest : public FolderTest {
protected:
    void SetUp() override {
        FolderTest::SetUp();
        ASSERT_TRUE(replace("old").has_value());
    }
    [[nodiscard]] Outcome<void> replace(std::string_view bytes) const {
        return replace_durably({.path = file_, .bytes = bytes, .keep_previous = true});
    }
};

// 31: fsync returns EIO once, then OK: operation fails; no fsync retry on the same fd; rewrite to a new temp.
TEST_F(OneFaultTest, t31_a_failed_fsync_is_never_tried_again_on_the_same_file) {
    for (const bool can_exchange :
         {true, false}) {  // Without that, the old one is copied, with its own fsync.
        int seen = 0;
        Faults faults{.error = can_exchange ? EIO : EINVAL, .fails_too = [&](const std::string& call) {
                          return can_exchange ? call == "fsync file"
                                              : call == "renameat2" || (call == "fsync file" && seen++ == 1);
                      }};
        {
            const Interposed interposed{faults};
            const auto replaced = replace("new");
            ASSERT_FALSE(replaced.has_value());
            EXPECT_EQ(replaced.error().cause.value(), faults.error);
        }
        const auto failed = std::ranges::find_if(
            faults.steps, [](const Faults::Step& step) { return step.failed && step.what == "fsync file"; });
        ASSERT_NE(failed, faults.steps.end());
        for (auto later = failed + 1; later != faults.steps.end(); ++later) {
            EXPECT_FALSE(later->what == "fsync file" || later->what == "renameat") << later->what;
        }
        EXPECT_EQ(text_of(file_), "old");
        EXPECT_FALSE(fs::exists(previous_of(file_)));
        EXPECT_EQ(names().size(), 1U);
    }
    EXPECT_TRUE(replace("new").has_value()) << "the next attempt starts with a new file";
}

// 32: rename OK but directory fsync fails: reported "durability unknown", re-verify on next open.
TEST_F(OneFaultTest, t32_a_name_that_may_not_be_on_disk_is_reported_as_such) {
    Faults faults{.fails_too = [](const std::string& call) { return call == "fsync folder"; }};
    {
        const Interposed interposed{faults};
        EXPECT_REFUSED(replace("new"), Problem::DurabilityUnknown);
    }
    EXPECT_EQ(std::ranges::count(faults.names(), "fsync folder"), 1);
    EXPECT_EQ(text_of(file_), "new");
    EXPECT_EQ(text_of(previous_of(file_)), "old");
}

TEST_F(OneFaultTest, where_names_cannot_be_exchanged_the_previous_one_is_a_copy) {
    Faults faults{.error = EINVAL, .fails_too = [](const std::string& call) { return call == "renameat2"; }};
    {
        const Interposed interposed{faults};
        ASSERT_TRUE(replace("new").has_value());
    }
    EXPECT_EQ(std::ranges::count(faults.names(), "fsync file"), 2);
    EXPECT_EQ(text_of(file_), "new");
    EXPECT_EQ(text_of(previous_of(file_)), "old");
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(OneFaultTest, a_previous_one_that_cannot_be_named_takes_the_exchange_back) {
    fs::create_directory(previous_of(file_));
    EXPECT_FALSE(replace("new").has_value());
    EXPECT_EQ(text_of(file_), "old");
    EXPECT_EQ(names(), (std::set<std::string>{"secrets.qcs", "secrets.qcs.prev"}));
    fs::remove(previous_of(file_));
    int seen = 0;  // Neither: the new bytes stay, and the old ones are not removed.
    Faults faults{.fails_too = [&](const std::string& call) {
        return call == "renameat" || (call == "renameat2" && seen++ == 1);
    }};
    {
        const Interposed interposed{faults};
        EXPECT_REFUSED(replace("new"), Problem::DurabilityUnknown);
    }
    EXPECT_EQ(text_of(file_), "new");
    EXPECT_EQ(names().size(), 2U);
}

// 14: RNG failure: getrandom -> ENOSYS/EAGAIN: FC, no write.
TEST_F(OneFaultTest, t14_without_random_bytes_nothing_is_written) {
    crypto::SystemRandom random;
    for (const int answer : {ENOSYS, EAGAIN}) {
        Faults faults{.error = answer,
                      .fails_too = [](const std::string& call) { return call == "getrandom"; }};
        {
            const Interposed interposed{faults};
            EXPECT_FALSE(replace("new").has_value());
            EXPECT_FALSE(create_key_file(folder_ / "key", random).has_value());
        }
        EXPECT_EQ(std::ranges::count(faults.names(), "create"), 0);
        EXPECT_EQ(names(), std::set<std::string>{"secrets.qcs"});
        EXPECT_EQ(text_of(file_), "old");
    }
}

}  // namespace
}  // namespace quantconf::secrets
