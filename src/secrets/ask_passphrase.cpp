#include "secrets/ask_passphrase.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/key_source.hpp"
#include "secrets/problem.hpp"
#include "secrets/refuse.hpp"

namespace quantconf::secrets {
namespace {

constexpr const char* kTerminal = "/dev/tty";
constexpr std::array kStops{SIGTSTP, SIGTTIN, SIGTTOU};  ///< After these the question is asked again.
constexpr std::array kEnds{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM};

/// Holds back the signals that would end or stop us with the echo still off, and tells of them through a
/// descriptor. On the way out they do what they always did.
class HeldSignals {
public:
    HeldSignals() {
        ::sigemptyset(&held_);
        for (const int number : kStops) {
            ::sigaddset(&held_, number);
        }
        for (const int number : kEnds) {
            ::sigaddset(&held_, number);
        }
        ::pthread_sigmask(SIG_BLOCK, &held_, &before_);
    }
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    [[nodiscard]] Descriptor listen() const { return Descriptor{::signalfd(-1, &held_, SFD_CLOEXEC)}; }

    /// Whether what waits only stops the process for a while.
    [[nodiscard]] static bool is_only_a_stop() {
        sigset_t waiting;
        ::sigpending(&waiting);
        return std::ranges::none_of(kEnds, [&](int number) { return ::sigismember(&waiting, number) == 1; });
    }

private:
    sigset_t held_{};
    sigset_t before_{};
};

/// No echo while this lives. What was typed before the question is thrown away.
class SilentTerminal {
public:
    explicit SilentTerminal(int terminal) : terminal_{terminal} {
        if (::tcgetattr(terminal, &before_) != 0) {
            return;
        }
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        silent.c_lflag |= ICANON | ISIG;
        is_silent_ = ::tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;
    ~SilentTerminal() {
        if (is_silent_) {
            ::tcsetattr(terminal_, TCSAFLUSH, &before_);  // Flushes: the rest of a line that was too long.
        }
    }
    [[nodiscard]] bool is_silent() const noexcept { return is_silent_; }

private:
    int terminal_;
    termios before_{};
    bool is_silent_ = false;
};

void say(int terminal, std::string_view text) {
    [[maybe_unused]] const ssize_t count = ::write(terminal, text.data(), text.size());
}

/// A whole line without its newline; nothing if a signal came first.
Outcome<std::optional<crypto::SecretBytes>> read_line(int terminal, int signals) {
    crypto::SecretBytes line{kPassphraseBytesMax + 1};
    std::size_t count = 0;
    while (true) {
        std::array<pollfd, 2> waiting{pollfd{.fd = terminal, .events = POLLIN, .revents = 0},
                                      pollfd{.fd = signals, .events = POLLIN, .revents = 0}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
            return refuse_errno("read", kTerminal, errno);
        }
        if (waiting[1].revents != 0) {
            return std::nullopt;
        }
        if (waiting[0].revents == 0) {
            continue;
        }
        const ssize_t some = ::read(terminal, line.bytes().data() + count, line.size() - count);
        if (some < 0 && errno == EINTR) {
            continue;
        }
        if (some <= 0) {
            return refuse("read", kTerminal, Problem::NoKeySource, "the input ended; nothing was entered");
        }
        count += static_cast<std::size_t>(some);
        if (line.bytes()[count - 1] == '\n') {
            return crypto::SecretBytes::copy_of(line.view().substr(0, count - 1));
        }
        if (count == line.size()) {
            return refuse("use", "the passphrase", Problem::TooLarge,
                          fmt::format("the limit is {} bytes", kPassphraseBytesMax));
        }
    }
}

enum class After : std::uint8_t { Again, GiveUp };

/// One question, up to its answer or to a signal, which acts when this returns.
Outcome<std::optional<crypto::SecretBytes>> ask_once(int terminal, const std::string& prompt, After& after) {
    const HeldSignals held;
    const Descriptor signals = held.listen();
    const SilentTerminal silent{terminal};
    if (!signals.is_open() || !silent.is_silent()) {
        return refuse_errno("ask at", kTerminal, errno);
    }
    say(terminal, prompt);
    auto line = read_line(terminal, signals.get());
    say(terminal, "\n");
    after = HeldSignals::is_only_a_stop() ? After::Again : After::GiveUp;
    return line;
}

}  // namespace

Outcome<crypto::SecretBytes> ask_passphrase(const std::string& prompt) {
    constexpr const char* kHint = "give the key as a file or through a descriptor instead";
    const Descriptor terminal{::open(kTerminal, O_RDWR | O_NOCTTY | O_CLOEXEC)};
    if (!terminal.is_open()) {
        return refuse("ask for", "a passphrase", Problem::NoTerminal, kHint);
    }
    if (::tcgetpgrp(terminal.get()) != ::getpgrp()) {
        return refuse("ask for", "a passphrase", Problem::NoTerminal,
                      std::string{"this process is in the background; "} + kHint);
    }
    while (true) {
        After after = After::GiveUp;
        QC_TRY(auto line, ask_once(terminal.get(), prompt, after));
        if (line) {
            return *std::move(line);
        }
        if (after == After::GiveUp) {  // The program has a handler of its own for that signal, or ignores it.
            return refuse_errno("ask for", "a passphrase", EINTR);
        }
    }
}

}  // namespace quantconf::secrets
