#include "apps/quantconf/terminal.hpp"

#include <cstdlib>

#include <unistd.h>

namespace quantconf::app {
namespace {

bool wants_colour() {
    const auto variable = [](const char* name) -> std::string_view {
        const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables here.
        return value == nullptr ? std::string_view{} : std::string_view{value};
    };
    return variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

}  // namespace

Terminal::Terminal(std::FILE* stream)
    : stream_{stream},
      is_interactive_{::isatty(::fileno(stream)) == 1},
      colour_{is_interactive_ && wants_colour()} {}

void Terminal::print(std::string_view text) const {
    std::fwrite(text.data(), 1, text.size(), stream_);
}

std::string Terminal::paint(std::string_view code, std::string_view text) const {
    if (!colour_) {
        return std::string{text};
    }
    std::string painted = "\x1b[";
    painted += code;
    painted += 'm';
    painted += text;
    painted += "\x1b[0m";
    return painted;
}

}  // namespace quantconf::app
