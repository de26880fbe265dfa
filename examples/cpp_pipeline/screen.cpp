#include "screen.hpp"

#include <algorithm>
#include <cstddef>
#include <iomanip>

#include <unistd.h>

namespace {

constexpr std::size_t kBarWidth = 30;

}  // namespace

Screen::Screen(std::ostream& out, int descriptor) : out_{out}, is_terminal_{::isatty(descriptor) == 1} {}

double Screen::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Screen::erase_bar() {
    if (!bar_.empty()) {
        out_ << "\r\x1b[K";
    }
}

void Screen::say(const std::string& text) {
    const std::lock_guard lock{mutex_};
    erase_bar();
    out_ << std::fixed << std::setprecision(1) << std::setw(6) << seconds() << " s  " << text << '\n'
         << bar_ << std::flush;
}

void Screen::progress(double share, const std::string& text) {
    if (!is_terminal_) {
        return;
    }
    const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarWidth);
    const std::lock_guard lock{mutex_};
    erase_bar();
    bar_ = "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "] " + text;
    out_ << bar_ << std::flush;
}

void Screen::end_progress() {
    const std::lock_guard lock{mutex_};
    erase_bar();
    bar_.clear();
    out_ << std::flush;
}
