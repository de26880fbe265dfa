#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace quantconf::app {

/// One output stream and whether it is a terminal that wants colours (not redirected, NO_COLOR not set, TERM
/// not dumb).
class Terminal {
public:
    explicit Terminal(std::FILE* stream);

    void print(std::string_view text) const;
    /// Whether a person reads it: then what controls a terminal is escaped, while a program gets the value
    /// itself.
    [[nodiscard]] bool is_interactive() const noexcept { return is_interactive_; }
    [[nodiscard]] bool colour() const noexcept { return colour_; }

    [[nodiscard]] std::string bold(std::string_view text) const { return paint("1", text); }
    [[nodiscard]] std::string dim(std::string_view text) const { return paint("2", text); }
    [[nodiscard]] std::string red(std::string_view text) const { return paint("31", text); }
    [[nodiscard]] std::string green(std::string_view text) const { return paint("32", text); }
    [[nodiscard]] std::string yellow(std::string_view text) const { return paint("33", text); }
    [[nodiscard]] std::string cyan(std::string_view text) const { return paint("36", text); }

private:
    [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const;

    std::FILE* stream_;
    bool is_interactive_;
    bool colour_;
};

}  // namespace quantconf::app
