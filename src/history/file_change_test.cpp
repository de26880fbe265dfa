#include "history/file_change.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/syscall.h>

#include "base/limits.hpp"
#include "history/journal.hpp"
#include "history/limits.hpp"
#include "history/problem.hpp"
#include "state/problem.hpp"
#include "support/test_change.hpp"

namespace quantconf::history {
namespace {

using namespace std::chrono_literals;

class Changes : public TestChange {};

TEST_F(Changes, several_files_change_are_made_and_go_together) {
    FileChange change = this->change();
    change.edits.push_back({.path = state_ / "overrides.production.yaml", .after = "o: 1\n"});
    put(config_ / "local.yaml", "l: 1\n");
    change.edits.push_back({.path = config_ / "local.yaml", .before = "l: 1\n"});

    ASSERT_TRUE(done(apply(change, state_, commits())));

    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 2\n");
    EXPECT_EQ(text_of(state_ / "overrides.production.yaml"), "o: 1\n");
    EXPECT_FALSE(fs::exists(config_ / "local.yaml"));
    EXPECT_EQ(commits_, 1);
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, while_it_commits_all_files_are_new_and_the_journal_is_there) {
    ASSERT_TRUE(done(apply(change(), state_, [&]() -> Outcome<void> {
        EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
        EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 2\n");
        EXPECT_TRUE(is_changing(state_));
        EXPECT_EQ(mode_of(journal_of(state_)), 0600U);
        return {};
    })));
    EXPECT_FALSE(is_changing(state_));
}

TEST_F(Changes, a_journal_stands_there_from_before_the_first_exchange_until_everything_is_recorded) {
    std::vector<bool> changing;
    hook_ = [&](int) {
        changing.push_back(is_changing(state_));
        return 0;
    };
    EXPECT_FALSE(is_changing(state_));
    ASSERT_TRUE(done(apply(change(), state_, commits())));
    EXPECT_EQ(changing, (std::vector<bool>{false, true, true})) << "its own name, then the files";
}

TEST_F(Changes, what_cannot_be_recorded_is_put_back_file_by_file) {
    ASSERT_EQ(::chmod((config_ / "base.yaml").c_str(), 0640), 0);
    const auto before = inode_of(config_ / "base.yaml");
    FileChange change = this->change();
    change.edits.push_back({.path = config_ / "new.yaml", .after = "n: 1\n"});
    put(config_ / "local.yaml", "l: 1\n");
    change.edits.push_back({.path = config_ / "local.yaml", .before = "l: 1\n"});

    const Outcome<void> refused = apply(change, state_, [] { return refusal(); });

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, std::errc::no_space_on_device) << "the reason of who refused";
    expect_old();
    EXPECT_EQ(text_of(config_ / "local.yaml"), "l: 1\n");
    EXPECT_FALSE(fs::exists(config_ / "new.yaml"));
    EXPECT_EQ(inode_of(config_ / "base.yaml"), before) << "the very file, with all that belongs to it";
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, a_file_that_was_edited_meanwhile_refuses_everything_before_anything_is_written) {
    put(config_ / "production.yaml", "b: mine\n");
    const Outcome<void> refused = apply(change(), state_, commits());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, Problem::Conflict);
    EXPECT_TRUE(to_text(refused.error()).contains("production.yaml")) << to_text(refused.error());
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 1\n");
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: mine\n");
    EXPECT_EQ(exchanges_, 0) << "not even the journal";
    EXPECT_EQ(commits_, 0);
    EXPECT_TRUE(leftovers().empty());

    for (const FileEdit& edit : {FileEdit{.path = config_ / "base.yaml", .after = "x"},
                                 FileEdit{.path = config_ / "gone.yaml", .before = "x", .after = "y"},
                                 FileEdit{.path = config_ / "base.yaml", .before = "a: 1", .after = "y"}}) {
        const Outcome<void> other = apply({.edits = {edit}}, state_, commits());
        ASSERT_FALSE(other) << edit.path;
        EXPECT_EQ(other.error().cause, Problem::Conflict);
    }
}

TEST_F(Changes, an_edit_between_the_check_and_the_exchange_is_not_lost) {
    // The editor saves at the last moment: just before the second exchange of names.
    hook_ = [&](int call) {
        if (call == kSecondExchange) {
            put(config_ / "production.yaml", "b: saved now\n");
        }
        return 0;
    };
    const Outcome<void> refused = apply(change(), state_, commits());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, Problem::Conflict);
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 1\n");
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: saved now\n");
    EXPECT_EQ(commits_, 0);
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, a_file_that_appears_at_the_last_moment_is_not_overwritten) {
    FileChange change{.edits = {{.path = config_ / "local.yaml", .after = "l: ours\n"}}};
    hook_ = [&](int call) {
        if (call == kFirstExchange) {
            put(config_ / "local.yaml", "l: theirs\n");
        }
        return 0;
    };
    const Outcome<void> refused = apply(change, state_, commits());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, Problem::Conflict);
    EXPECT_EQ(text_of(config_ / "local.yaml"), "l: theirs\n");
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, mode_group_and_owner_of_the_old_file_are_kept) {
    for (const mode_t mode : {mode_t{0600}, mode_t{0640}, mode_t{0664}}) {
        put(config_ / "base.yaml", "a: 1\n", mode);
        put(config_ / "production.yaml", "b: 1\n", mode);
        if (::geteuid() == 0) {
            ASSERT_EQ(::chown((config_ / "base.yaml").c_str(), 65534, 65534), 0);
        }
        ASSERT_TRUE(done(apply(change(), state_, commits())));
        EXPECT_EQ(mode_of(config_ / "base.yaml"), mode);
        if (::geteuid() == 0) {
            struct stat status {};
            ASSERT_EQ(::stat((config_ / "base.yaml").c_str(), &status), 0);
            EXPECT_EQ(status.st_uid, 65534U);
            EXPECT_EQ(status.st_gid, 65534U);
        }
    }
}

TEST_F(Changes, a_new_file_is_0644_whatever_the_umask) {
    const mode_t before = ::umask(0077);
    const Outcome<void> made =
        apply({.edits = {{.path = config_ / "local.yaml", .after = "l: 1\n"}}}, state_, commits());
    ::umask(before);
    ASSERT_TRUE(done(made));
    EXPECT_EQ(mode_of(config_ / "local.yaml"), 0644U);
    EXPECT_EQ(mode_of(state_ / "change.lock"), 0600U);
}

TEST_F(Changes, a_link_stays_and_the_file_that_it_leads_to_is_replaced) {
    const fs::path real = folder_ / "elsewhere";
    fs::create_directory(real);
    put(real / "shared.yaml", "a: 1\n", 0640);
    fs::remove(config_ / "base.yaml");
    fs::create_symlink("../elsewhere/shared.yaml", config_ / "base.yaml");

    ASSERT_TRUE(done(apply(change(), state_, commits())));

    EXPECT_EQ(fs::read_symlink(config_ / "base.yaml"), "../elsewhere/shared.yaml");
    EXPECT_EQ(text_of(real / "shared.yaml"), "a: 2\n");
    EXPECT_EQ(mode_of(real / "shared.yaml"), 0640U);
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, two_names_of_one_file_are_refused) {
    fs::create_symlink("base.yaml", config_ / "local.yaml");
    FileChange change = this->change();
    change.edits.push_back({.path = config_ / "local.yaml", .before = "a: 1\n", .after = "a: 3\n"});
    const Outcome<void> refused = apply(change, state_, commits());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, Problem::Conflict);
    EXPECT_EQ(exchanges_, 0) << "before anything is written";
    expect_old();
}

TEST_F(Changes, what_is_not_a_regular_file_is_refused_without_waiting) {
    const fs::path path = config_ / "local.yaml";
    const auto expect_refused = [&] {
        for (const FileEdit& edit :
             {FileEdit{.path = path, .before = "x", .after = "y"}, FileEdit{.path = path, .after = "y"}}) {
            FileChange change = this->change();
            change.edits.push_back(edit);
            const Outcome<void> refused = apply(change, state_, commits());
            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().cause, Problem::NotRegular) << to_text(refused.error());
            expect_old();
            EXPECT_TRUE(leftovers().empty());
        }
    };
    fs::create_symlink("nowhere", path);
    expect_refused();
    fs::remove(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    expect_refused();
    fs::remove(path);
    fs::create_directory(path);
    expect_refused();
}

TEST_F(Changes, without_the_folder_of_a_file_nothing_is_written) {
    FileChange change = this->change();
    change.edits.push_back({.path = folder_ / "missing" / "x.yaml", .after = "x"});
    EXPECT_FALSE(apply(change, state_, commits()));
    expect_old();
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, a_read_only_folder_refuses_before_anything_is_written) {
    const fs::path frozen = folder_ / "frozen";
    fs::create_directory(frozen);
    put(frozen / "x.yaml", "x: 1\n", 0644);
    ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
    if (::geteuid() == 0) {
        for (const fs::path& path : {state_, config_, config_ / "base.yaml", config_ / "production.yaml"}) {
            ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
        }
    }
    ASSERT_EQ(::chmod(frozen.c_str(), 0555), 0);
    FileChange change = this->change();
    change.edits.push_back({.path = frozen / "x.yaml", .before = "x: 1\n", .after = "x: 2\n"});
    EXPECT_EQ(state::exit_code_as_ordinary_user([&] {
                  const Outcome<void> refused = apply(change, state_, commits());
                  const bool is_right = !refused && refused.error().cause == Problem::ReadOnly;
                  // A file that is only listed so that it must not change needs no rights.
                  change.edits.back().after = "x: 1\n";
                  return is_right && commits_ == 0 && text_of(config_ / "base.yaml") == "a: 1\n" &&
                                 leftovers().empty() && apply(change, state_, commits())
                             ? 0
                             : 1;
              }),
              0);
    ASSERT_EQ(::chmod(frozen.c_str(), 0755), 0);
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
}

TEST_F(Changes, a_state_folder_that_others_can_enter_is_refused) {
    ASSERT_EQ(::chmod(state_.c_str(), 0755), 0);
    const Outcome<void> refused = apply(change(), state_, commits());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, state::Problem::Exposed);
    expect_old();
}

TEST_F(Changes, where_names_cannot_be_exchanged_files_are_replaced_and_put_back_all_the_same) {
    hook_ = [](int) { return EINVAL; };
    FileChange change = this->change();
    change.edits.push_back({.path = config_ / "new.yaml", .after = "n: 1\n"});
    ASSERT_FALSE(apply(change, state_, [] { return refusal(); }));
    expect_old();
    EXPECT_FALSE(fs::exists(config_ / "new.yaml"));
    EXPECT_TRUE(leftovers().empty());

    ASSERT_TRUE(done(apply(change, state_, commits())));
    EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 2\n");
    EXPECT_EQ(text_of(config_ / "new.yaml"), "n: 1\n");
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, what_cannot_be_put_back_is_said_and_the_next_start_finishes_it) {
    hook_ = [](int call) { return call > kSecondExchange ? EIO : 0; };
    const Outcome<void> refused = apply(change(), state_, [] { return refusal(); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, std::errc::no_space_on_device);
    EXPECT_TRUE(to_text(refused.error()).contains("the next start finishes")) << to_text(refused.error());

    const Outcome<void> next = apply(change(), state_, commits());
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().cause, Problem::Unfinished);

    hook_ = {};
    const auto recovered = recover(state_);
    ASSERT_TRUE(recovered && *recovered);
    EXPECT_TRUE((*recovered)->is_finished);
    EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 2\n");
    EXPECT_TRUE(leftovers().empty());
}

TEST_F(Changes, two_processes_at_once_take_turns_and_the_message_names_the_holder) {
    const Outcome<void> outer = apply(change(), state_, [&]() -> Outcome<void> {
        const int code = state::exit_code_of([&] {
            const Outcome<void> inner = apply(change(), state_, commits(), {.lock_timeout = 1ms});
            const std::string expected = fmt::format("process {} did not finish within 1 ms", ::getppid());
            return !inner && inner.error().cause == Problem::Locked &&
                           to_text(inner.error()).contains(expected)
                       ? 0
                       : 1;
        });
        EXPECT_EQ(code, 0);
        return {};
    });
    EXPECT_TRUE(done(outer));
    EXPECT_EQ(limits::kLockTimeout, 10s);
}

TEST_F(Changes, t34_a_holder_that_is_stopped_is_named_with_what_lets_it_go_on) {
    const pid_t holder = ::fork();
    if (holder == 0) {
        std::ignore = apply(change(), state_, []() -> Outcome<void> {
            ::raise(SIGSTOP);
            return {};
        });
        ::_exit(0);
    }
    ASSERT_EQ(::waitpid(holder, nullptr, WUNTRACED), holder);
    const auto refused = recover(state_, {}, {.lock_timeout = 1ms});
    ::kill(holder, SIGCONT);
    ASSERT_EQ(::waitpid(holder, nullptr, 0), holder);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(
        to_text(refused.error())
            .contains(fmt::format("process {0}, which is stopped (`kill -CONT {0}` lets it go on),", holder)))
        << to_text(refused.error());
    EXPECT_EQ(recover(state_).value(), std::nullopt) << "it has gone on";
}

TEST_F(Changes, the_lock_of_a_process_that_died_is_free) {
    EXPECT_EQ(state::exit_code_of([&] {
                  std::ignore = apply(change(), state_, []() -> Outcome<void> { ::_exit(7); });
                  return 0;
              }),
              7);
    const auto recovered = recover(state_, {}, {.lock_timeout = 1ms});
    ASSERT_TRUE(recovered && *recovered) << "with its journal, and all files new";
    EXPECT_TRUE((*recovered)->is_finished);
}

TEST_F(Changes, a_child_that_was_forked_meanwhile_does_not_keep_the_lock) {
    int ready[2];
    ASSERT_EQ(::pipe2(ready, O_CLOEXEC), 0);
    pid_t child = 0;
    ASSERT_TRUE(done(apply(change(), state_, [&]() -> Outcome<void> {
        child = ::fork();
        if (child == 0) {
            ::close(ready[1]);
            char byte = 0;
            std::ignore = ::read(ready[0], &byte, 1);  // Until the parent ends it.
            ::_exit(0);
        }
        return {};
    })));
    FileChange back{.edits = {{.path = config_ / "base.yaml", .before = "a: 2\n", .after = "a: 3\n"}}};
    EXPECT_TRUE(done(apply(back, state_, commits(), {.lock_timeout = 1ms})));
    ::close(ready[1]);
    ::waitpid(child, nullptr, 0);
    ::close(ready[0]);
}

TEST_F(Changes, what_stands_in_the_place_of_the_lock_is_refused) {
    const auto cause = [&] { return apply(change(), state_, commits()).error().cause; };
    put(folder_ / "theirs", "");
    fs::create_symlink(folder_ / "theirs", state_ / "change.lock");
    EXPECT_EQ(cause(), Problem::NotRegular);
    fs::remove(state_ / "change.lock");
    ASSERT_EQ(::mkfifo((state_ / "change.lock").c_str(), 0600), 0);
    EXPECT_EQ(cause(), state::Problem::NotRegular);
    fs::remove(state_ / "change.lock");
    put(state_ / "change.lock", "", 0666);
    EXPECT_EQ(cause(), state::Problem::Exposed);
    expect_old();
}

TEST_F(Changes, sizes_have_limits) {
    const auto cause_of = [&](const FileChange& change) {
        const Outcome<void> checked = check_size(change);
        return checked ? std::error_code{} : checked.error().cause;
    };
    const auto files = [&](std::size_t count) {
        return FileChange{.edits = std::vector<FileEdit>(count, {.path = "/x", .after = "y"})};
    };
    EXPECT_EQ(cause_of(files(limits::kChangedFiles)), std::error_code{});
    EXPECT_EQ(cause_of(files(limits::kChangedFiles + 1)), Problem::TooLarge);
    EXPECT_EQ(cause_of({.note = std::string(limits::kNoteBytes, 'n')}), std::error_code{});
    EXPECT_EQ(cause_of({.note = std::string(limits::kNoteBytes + 1, 'n')}), Problem::TooLarge);
    const auto sized = [](std::size_t before, std::size_t after) {
        return FileEdit{.path = "/x", .before = std::string(before, 'b'), .after = std::string(after, 'a')};
    };
    const std::size_t most = quantconf::limits::kFileBytes;
    EXPECT_EQ(cause_of({.edits = {sized(most, most), sized(most, most)}}), std::error_code{});
    EXPECT_EQ(cause_of({.edits = {sized(most, most), sized(most, most), sized(1, 0)}}), Problem::TooLarge);
    EXPECT_EQ(cause_of({.edits = {sized(most + 1, 0)}}), Problem::TooLarge);
    EXPECT_EQ(cause_of({.edits = {sized(0, most + 1)}}), Problem::TooLarge);
    EXPECT_EQ(cause_of({.edits = {{.path = "/" + std::string(limits::kPathBytes - 1, 'p')}}}),
              std::error_code{});
    EXPECT_EQ(cause_of({.edits = {{.path = "/" + std::string(limits::kPathBytes, 'p')}}}), Problem::TooLarge);
}

TEST_F(Changes, the_largest_file_goes_through_and_a_larger_one_on_disk_is_refused) {
    const std::string most(quantconf::limits::kFileBytes, 'x');
    FileChange change{.edits = {{.path = config_ / "base.yaml", .before = "a: 1\n", .after = most}}};
    ASSERT_TRUE(done(apply(change, state_, commits())));
    put(config_ / "base.yaml", most + "x");
    change.edits[0] = {.path = config_ / "base.yaml", .before = most, .after = "a: 1\n"};
    const Outcome<void> refused = apply(change, state_, commits());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, Problem::TooLarge);
    EXPECT_EQ(commits_, 1);
}

TEST_F(Changes, a_relative_path_means_the_same_to_who_recovers_elsewhere) {
    const fs::path before = fs::current_path();
    fs::current_path(folder_);
    FileChange change{.edits = {{.path = "config/base.yaml", .before = "a: 1\n", .after = "a: 2\n"}}};
    ASSERT_TRUE(done(apply(change, state_, [&]() -> Outcome<void> {
        EXPECT_EQ((*read_journal(state_))->edits.front().path, config_ / "base.yaml");
        return {};
    })));
    fs::current_path(before);
}

}  // namespace
}  // namespace quantconf::history

// Between our code and the kernel: the exchange of names, counted, and going wrong where a test says so.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) noexcept {
    const int why = quantconf::history::on_exchange();
    if (why != 0) {
        errno = why;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}
