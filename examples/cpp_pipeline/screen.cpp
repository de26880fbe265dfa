#include "screen.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iomanip>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::size_t kUsualColumns = 80;

/// Whether a line can be taken back there.
bool can_erase(int descriptor) {
    const char* kind = std::getenv("TERM");
    return ::isatty(descriptor) == 1 && kind != nullptr && *kind != '\0' && std::string_view{kind} != "dumb";
}

std::size_t columns_of(int descriptor) {
    winsize size{};
    const bool is_known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_known ? size.ws_col : kUsualColumns;
}

}  // namespace

Screen::Screen(std::ostream& out, int descriptor)
    : out_{out}, descriptor_{descriptor}, is_terminal_{can_erase(descriptor)} {}

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
    const std::size_t columns = columns_of(descriptor_);
    if (bar_.size() >= columns) {  // Of a line that wraps, only the end could be erased.
        bar_ = text.size() < columns ? text : "";
    }
    out_ << bar_ << std::flush;
}

void Screen::end_progress() {
    const std::lock_guard lock{mutex_};
    erase_bar();
    bar_.clear();
    out_ << std::flush;
}
