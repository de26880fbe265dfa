#pragma once

#include <chrono>
#include <mutex>
#include <ostream>
#include <string>

/// Where the program speaks to people: lines as things happen and, on a terminal alone, a bar below them.
/// Any thread.
class Screen {
public:
    /// `descriptor`: what `out` writes to; asked whether it is a terminal.
    Screen(std::ostream& out, int descriptor);

    void say(const std::string& text);
    /// From 0 to 1; nothing where there is no terminal, and as much as fits into its line.
    void progress(double share, const std::string& text);
    void end_progress();

    [[nodiscard]] double seconds() const;  ///< Since the start.

private:
    void erase_bar();

    std::ostream& out_;
    int descriptor_;
    bool is_terminal_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::mutex mutex_;
    std::string bar_;  ///< As it stands there now.
};
