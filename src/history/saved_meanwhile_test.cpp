#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/syscall.h>

#include "history/file_change.hpp"
#include "history/journal.hpp"
#include "history/problem.hpp"
#include "support/test_change.hpp"

namespace quantconf::history {
namespace {

/// The errno of each call of linkat in the running test; 0: it does its work.
int& refused_links() {
    static int number = 0;
    return number;
}

/// Somebody saves a file while it is being changed, at each of the moments at which that can happen.
class SavedMeanwhile : public TestChange {
protected:
    static constexpr int kFirstPutBack = 4;

    /// As most editors do: a new file takes the name.
    void save(const std::string& text, const char* name = "production.yaml") const {
        put(config_ / ".saving", text, 0644);
        fs::rename(config_ / ".saving", config_ / name);
    }
    [[nodiscard]] std::string production() const { return text_of(config_ / "production.yaml"); }
    [[nodiscard]] std::string kept(int number = 1) const {
        return text_of(config_ / ("production.yaml.conflict-" + std::to_string(number)));
    }
    void expect_tidy(const Outcome<void>& refused) const {
        ASSERT_FALSE(refused);
        EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 1\n") << "of which nobody saved anything";
        EXPECT_TRUE(leftovers().empty()) << testing::PrintToString(leftovers());
    }
    /// The change, until it is to be recorded; then somebody saves, and it cannot be recorded.
    Outcome<void> refused_behind(const std::function<void()>& save, FileChange change) {
        return apply(change, state_, [&] {
            save();
            return refusal();
        });
    }
    /// As if a process had died: what stands under the name, and what under the second and the third one.
    struct Dead {
        std::optional<std::string> name = {};
        std::optional<std::string> second = {};
        std::optional<std::string> third = {};
    };
    void dead(const Dead& found, const FileChange& change) {
        ASSERT_TRUE(done(write_journal(change, state_)));
        const std::string name = change.edits.back().path.filename();
        fs::remove(config_ / name);
        for (const auto& [path, text] :
             {std::pair{name, found.name}, std::pair{"." + name + ".quantconf-change", found.second},
              std::pair{"." + name + ".quantconf-change-old", found.third}}) {
            if (text) {
                put(config_ / path, *text, 0644);
            }
        }
    }
    void expect_given_back(const Dead& found, const FileChange& change, const std::string& saved) {
        fs::remove(state_ / "change.journal.conflict");
        dead(found, change);
        const auto refused = recover(state_);
        ASSERT_FALSE(refused) << saved;
        EXPECT_EQ(refused.error().cause, Problem::Conflict);
        EXPECT_TRUE(to_text(refused.error()).contains(change.edits.back().path.filename().string()));
        EXPECT_EQ(text_of(change.edits.back().path), saved);
        EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 1\n");
        EXPECT_EQ(leftovers(), (std::vector<std::string>{"change.journal.conflict"}));
    }
};

TEST_F(SavedMeanwhile, what_was_saved_while_the_change_could_not_be_recorded_stays) {
    const Outcome<void> refused = refused_behind([&] { save("b: saved\n"); }, change());
    expect_tidy(refused);
    EXPECT_EQ(production(), "b: saved\n");
    EXPECT_EQ(refused.error().cause, std::errc::no_space_on_device);
    EXPECT_TRUE(to_text(refused.error()).contains("production.yaml was saved meanwhile, and stays"))
        << to_text(refused.error());
    EXPECT_FALSE(fs::exists(config_ / "production.yaml.conflict-1"));
}

TEST_F(SavedMeanwhile, what_was_saved_into_the_very_file_stays_as_well) {
    expect_tidy(refused_behind([&] { put(config_ / "production.yaml", "b: saved\n", 0644); }, change()));
    EXPECT_EQ(production(), "b: saved\n");
}

TEST_F(SavedMeanwhile, a_file_that_was_removed_meanwhile_comes_back) {
    expect_tidy(refused_behind([&] { fs::remove(config_ / "production.yaml"); }, change()));
    EXPECT_EQ(production(), "b: 1\n");
}

TEST_F(SavedMeanwhile, who_saves_again_and_again_keeps_the_last_text) {
    hook_ = [&](int call) {
        if (call >= kFirstPutBack && call < kFirstPutBack + 4) {
            save("b: saved " + std::to_string(call) + "\n");
        }
        return 0;
    };
    expect_tidy(refused_behind([&] { save("b: saved\n"); }, change()));
    EXPECT_EQ(production(), "b: saved 7\n");
}

TEST_F(SavedMeanwhile, two_saves_around_one_exchange_lose_neither) {
    hook_ = [&](int call) {
        if (call == kSecondExchange || call == kSecondExchange + 1) {
            save(call == kSecondExchange ? "b: saved\n" : "b: saved again\n");
        }
        return 0;
    };
    const Outcome<void> refused = apply(change(), state_, commits());
    expect_tidy(refused);
    EXPECT_EQ(refused.error().cause, Problem::Conflict);
    EXPECT_EQ(production(), "b: saved again\n");
    EXPECT_EQ(kept(), "b: saved\n");
    EXPECT_TRUE(to_text(refused.error()).contains("production.yaml.conflict-1")) << to_text(refused.error());
    EXPECT_EQ(commits_, 0);
}

TEST_F(SavedMeanwhile, a_new_file_that_somebody_saved_stays) {
    FileChange change = this->change();
    change.edits.push_back({.path = config_ / "staging.yaml", .after = "s: ours\n"});
    expect_tidy(refused_behind([&] { save("s: saved\n", "staging.yaml"); }, change));
    EXPECT_EQ(text_of(config_ / "staging.yaml"), "s: saved\n");
    EXPECT_EQ(production(), "b: 1\n");
}

TEST_F(SavedMeanwhile, a_removed_file_that_somebody_saved_stays) {
    FileChange change = this->change();
    change.edits.back().after.reset();
    expect_tidy(refused_behind([&] { save("b: saved\n"); }, change));
    EXPECT_EQ(production(), "b: saved\n");
}

TEST_F(SavedMeanwhile, what_was_written_into_the_old_file_is_kept_beside_the_new_one) {
    const int file = ::open((config_ / "production.yaml").c_str(), O_WRONLY | O_CLOEXEC);
    const Outcome<void> changed = apply(change(), state_, [&]() -> Outcome<void> {
        EXPECT_EQ(::write(file, "b: X", 4), 4);
        return {};
    });
    ::close(file);
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().cause, Problem::SavedMeanwhile) << "it is done";
    EXPECT_TRUE(to_text(changed.error()).contains("production.yaml.conflict-1")) << to_text(changed.error());
    EXPECT_EQ(production(), "b: 2\n");
    EXPECT_EQ(kept(), "b: X\n");
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(SavedMeanwhile, what_is_kept_has_a_name_that_was_free) {
    put(config_ / "production.yaml.conflict-1", "earlier\n");
    put(config_ / ".production.yaml.quantconf-change", "somebody's\n");
    EXPECT_FALSE(apply(change(), state_, commits()));
    EXPECT_EQ(kept(1), "earlier\n");
    EXPECT_EQ(kept(2), "somebody's\n");
    EXPECT_EQ(production(), "b: 2\n");
}

TEST_F(SavedMeanwhile, where_names_cannot_be_exchanged_it_stays_all_the_same) {
    hook_ = [](int) { return EINVAL; };
    expect_tidy(refused_behind([&] { save("b: saved\n"); }, change()));
    EXPECT_EQ(production(), "b: saved\n");
}

TEST_F(SavedMeanwhile, where_a_file_cannot_even_have_two_names_it_stays_as_well) {
    hook_ = [](int) { return EINVAL; };
    refused_links() = EPERM;
    expect_tidy(refused_behind([&] { save("b: saved\n"); }, change()));
    EXPECT_EQ(production(), "b: saved\n");
    put(config_ / "production.yaml", "b: 1\n", 0644);
    EXPECT_TRUE(done(apply(change(), state_, commits())));
    refused_links() = 0;
    EXPECT_EQ(production(), "b: 2\n");
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(SavedMeanwhile, where_names_cannot_be_exchanged_it_stays_between_any_two_of_them) {
    for (int moment = 2; moment <= 12; ++moment) {
        put(config_ / "production.yaml", "b: 1\n", 0644);
        exchanges_ = 0;
        const std::string saved = "b: saved " + std::to_string(moment) + "\n";
        bool has_saved = false;
        hook_ = [&](int call) {
            if (call == moment) {
                has_saved = true;
                save(saved);
            }
            return EINVAL;
        };
        expect_tidy(apply(change(), state_, [] { return refusal(); }));
        EXPECT_EQ(production(), has_saved ? saved : "b: 1\n") << moment;
        for (int number = 1; fs::exists(config_ / ("production.yaml.conflict-" + std::to_string(number)));
             ++number) {
            ADD_FAILURE() << moment << ": " << kept(number);
        }
    }
}

TEST_F(SavedMeanwhile, what_came_out_of_an_exchange_before_the_crash_gets_its_name_back) {
    expect_given_back({.name = "b: 2\n", .second = "b: saved\n"}, change(), "b: saved\n");
    expect_given_back({.name = "b: 2\n", .second = "b:"}, change(), "b:");
    expect_given_back({.name = "b: 1\n", .second = "b: saved\n"}, change(), "b: saved\n");
    expect_given_back({.name = "b: saved\n", .second = "b: 2\n"}, change(), "b: saved\n");
}

TEST_F(SavedMeanwhile, what_was_saved_over_a_file_that_comes_or_goes_gets_its_name_back) {
    FileChange comes = this->change();
    comes.edits.push_back({.path = config_ / "staging.yaml", .after = "s: ours\n"});
    expect_given_back({.second = "s: saved\n"}, comes, "s: saved\n");
    FileChange goes = this->change();
    goes.edits.back().after.reset();
    expect_given_back({.second = "b: saved\n"}, goes, "b: saved\n");
}

TEST_F(SavedMeanwhile, of_two_texts_the_newer_one_keeps_the_name_and_the_older_one_is_kept_beside_it) {
    expect_given_back({.name = "b: newer\n", .second = "b: older\n"}, change(), "b: newer\n");
    EXPECT_EQ(kept(), "b: older\n");
}

TEST_F(SavedMeanwhile, a_crash_between_two_names_is_mended_too) {
    expect_given_back({.second = "b: 2\n", .third = "b: saved\n"}, change(), "b: saved\n");
    expect_given_back({.name = "b: 2\n", .third = "b: saved\n"}, change(), "b: saved\n");
    expect_given_back({.name = "b: saved\n", .second = "b: 2\n", .third = "b: 1\n"}, change(), "b: saved\n");

    dead({.second = "b: 2\n", .third = "b: 1\n"}, change());
    ASSERT_TRUE(recover(state_).value());
    EXPECT_EQ(production(), "b: 1\n") << "nothing had begun";
    dead({.name = "b: 2\n", .third = "b: 1\n"}, change());
    ASSERT_TRUE(recover(state_).value());
    EXPECT_EQ(production(), "b: 2\n") << "it had";
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
}

}  // namespace

int refusal_of_linkat() {
    return refused_links();
}

}  // namespace quantconf::history

// Between our code and the kernel: file systems on which a file has one name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
    const int why = quantconf::history::refusal_of_linkat();
    if (why != 0) {
        errno = why;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}
