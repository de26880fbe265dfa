#include "secrets/ask_passphrase.hpp"

#include <array>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "secrets/key_source.hpp"
#include "secrets/problem.hpp"

namespace quantconf::secrets {
namespace {

constexpr unsigned int kSecondsMax = 30;  ///< A child that hangs ends itself.
constexpr int kAnswerFits = 10;
constexpr int kRefused = 20;  ///< Plus the problem's number.

/// A child at a terminal of its own, which asks for a passphrase, and us at the other side of it.
class AskPassphraseTest : public testing::Test {
protected:
    /// `before` runs in the child.
    template <typename Before>
    void start(const std::string& expected, Before before) {
        child_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
        ASSERT_GE(child_, 0) << "no terminal to test with";
        if (child_ == 0) {
            ::alarm(kSecondsMax);
            before();
            const auto answer = ask_passphrase("Passphrase: ");
            if (!answer) {
                ::_exit(kRefused + answer.error().cause.value());
            }
            ::_exit(answer->view() == expected ? kAnswerFits : 0);
        }
    }
    void start(const std::string& expected = {}) {
        start(expected, [] {});
    }
    void TearDown() override {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        ::close(terminal_);
    }

    /// What the terminal shows until `text` has come. Echo is off then: the prompt comes after that.
    void wait_for(const std::string& text, int times = 1) {
        for (std::size_t from = 0; times > 0; --times) {
            while (shown_.find(text, from) == std::string::npos) {
                ASSERT_TRUE(read_some()) << shown_;
            }
            from = shown_.find(text, from) + text.size();
        }
    }
    bool read_some() {
        pollfd waiting{.fd = terminal_, .events = POLLIN, .revents = 0};
        std::array<char, 256> bytes{};
        if (::poll(&waiting, 1, 10'000) != 1) {
            return false;
        }
        const ssize_t count = ::read(terminal_, bytes.data(), bytes.size());
        if (count <= 0) {
            return false;
        }
        shown_.append(bytes.data(), static_cast<std::size_t>(count));
        return true;
    }
    void type(std::string_view text) const {
        ASSERT_EQ(::write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    /// False if there is no child: kill() would take its number for "everybody".
    [[nodiscard]] bool send(int number) const { return child_ > 0 && ::kill(child_, number) == 0; }
    [[nodiscard]] bool is_echoing() const {
        termios state{};
        EXPECT_EQ(::tcgetattr(terminal_, &state), 0);
        return (state.c_lflag & ECHO) != 0;
    }
    /// The child's status when it has ended.
    int wait_for_child() {
        int status = 0;
        EXPECT_EQ(::waitpid(child_, &status, 0), child_);
        child_ = -1;
        return status;
    }

    pid_t child_ = -1;
    int terminal_ = -1;
    std::string shown_;
};

// 49: passphrase prompt echoed / no tty: no echo; no tty -> clear error, no hang.
TEST_F(AskPassphraseTest, t49_what_is_typed_is_not_shown_and_the_echo_comes_back) {
    start("open sesame");
    wait_for("Passphrase: ");
    EXPECT_FALSE(is_echoing());
    type("open sesame\n");
    wait_for("\n");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kAnswerFits);
    EXPECT_EQ(shown_.find("sesame"), std::string::npos) << shown_;
    EXPECT_TRUE(is_echoing());
}

TEST_F(AskPassphraseTest, t49_a_closed_stdin_and_stdout_do_not_matter) {
    start("open sesame", [] {
        const int null = ::open("/dev/null", O_RDWR);
        if (null < 0) {
            ::_exit(0);
        }
        ::dup2(null, STDIN_FILENO);
        ::dup2(null, STDOUT_FILENO);
    });
    wait_for("Passphrase: ");
    type("open sesame\n");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kAnswerFits);
}

TEST_F(AskPassphraseTest, t49_without_a_terminal_there_is_an_error_at_once) {
    child_ = ::fork();
    if (child_ == 0) {
        ::alarm(kSecondsMax);
        ::setsid();
        const auto answer = ask_passphrase("Passphrase: ");
        ::_exit(answer ? 0 : kRefused + answer.error().cause.value());
    }
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kRefused + static_cast<int>(Problem::NoTerminal));
}

TEST_F(AskPassphraseTest, t49_in_the_background_there_is_an_error_and_no_hang) {
    start({}, [] {
        if (const pid_t asking = ::fork(); asking != 0) {
            int status = 0;
            ::waitpid(asking, &status, 0);
            ::_exit(WEXITSTATUS(status));
        }
        ::setpgid(0, 0);
    });
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kRefused + static_cast<int>(Problem::NoTerminal));
}

TEST_F(AskPassphraseTest, an_interrupted_question_restores_the_terminal_and_ends_as_ever) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        start();
        wait_for("Passphrase: ");
        ASSERT_TRUE(send(number));
        const int status = wait_for_child();
        ASSERT_TRUE(WIFSIGNALED(status));
        EXPECT_EQ(WTERMSIG(status), number);
        EXPECT_TRUE(is_echoing());
        ::close(terminal_);
        shown_.clear();
    }
}

TEST_F(AskPassphraseTest, the_interrupt_key_works_while_the_echo_is_off) {
    start();
    wait_for("Passphrase: ");
    type("half of it\x03");
    EXPECT_EQ(WTERMSIG(wait_for_child()), SIGINT);
    EXPECT_TRUE(is_echoing());
}

TEST_F(AskPassphraseTest, a_stopped_question_has_its_echo_and_is_asked_again_when_it_goes_on) {
    start("open sesame");
    wait_for("Passphrase: ");
    ASSERT_TRUE(send(SIGTSTP));
    wait_for("\n");
    // A child of ours in a session of its own is an orphaned group, which the kernel does not stop: it asks
    // again.
    wait_for("Passphrase: ", 2);
    EXPECT_FALSE(is_echoing());
    type("open sesame\n");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kAnswerFits);
}

TEST_F(AskPassphraseTest, a_program_with_its_own_handler_gets_an_error) {
    start({}, [] { ::signal(SIGINT, [](int) {}); });
    wait_for("Passphrase: ");
    ASSERT_TRUE(send(SIGINT));
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kRefused + EINTR);
    EXPECT_TRUE(is_echoing());
}

TEST_F(AskPassphraseTest, an_empty_answer_is_empty_and_the_end_of_input_is_none) {
    start("");
    wait_for("Passphrase: ");
    type("\n");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kAnswerFits);
    ::close(terminal_);
    shown_.clear();
    start();
    wait_for("Passphrase: ");
    type("\x04");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kRefused + static_cast<int>(Problem::NoKeySource));
}

TEST_F(AskPassphraseTest, an_answer_may_have_1024_bytes_and_not_one_more) {
    const std::string longest(kPassphraseBytesMax, 'a');
    start(longest);
    wait_for("Passphrase: ");
    type(longest + "\n");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kAnswerFits);
    ::close(terminal_);
    shown_.clear();
    start(longest);
    wait_for("Passphrase: ");
    type(longest + "a\n");
    EXPECT_EQ(WEXITSTATUS(wait_for_child()), kRefused + static_cast<int>(Problem::TooLarge));
}

}  // namespace
}  // namespace quantconf::secrets
