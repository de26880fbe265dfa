#include "net/answer.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "net/limits.hpp"

namespace quantconf::net {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kSpaces);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

/// "HTTP/1.1 103 Early Hints": another answer follows. 101 is the last one, since we never ask for it.
bool is_provisional(std::string_view status_line) {
    const auto space = status_line.find(' ');
    const std::string_view code =
        space == std::string_view::npos ? std::string_view{} : status_line.substr(space + 1, 3);
    return code.starts_with('1') && code != "101";
}

}  // namespace

bool is_header_name(std::string_view name) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kMarks.contains(c);
    });
}

bool Answer::take_line(std::string_view line) {
    ++lines_;
    bytes_ += line.size();
    if (lines_ > kHeadersMax || bytes_ > kHeaderBytesMax) {
        is_too_large_ = true;
        return false;
    }
    switch (expects_) {
        case Expects::Status:
            is_provisional_ = is_provisional(line);
            headers_.clear();
            expects_ = Expects::Header;
            break;
        case Expects::Header:
            if (trimmed(line).empty()) {
                expects_ = is_provisional_ ? Expects::Status : Expects::Nothing;
            } else {
                take_header(line);
            }
            break;
        case Expects::Nothing:
            break;
    }
    return true;
}

void Answer::take_header(std::string_view line) {
    if (line.starts_with(' ') || line.starts_with('\t')) {  // The old way to write a long value.
        if (!headers_.empty()) {
            headers_.back().value += ' ';
            headers_.back().value += trimmed(line);
        }
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_header_name(line.substr(0, colon))) {
        return;  // What is no header has no meaning.
    }
    headers_.push_back(
        {.name = ascii_lower(line.substr(0, colon)), .value = std::string{trimmed(line.substr(colon + 1))}});
}

bool Answer::take_body(std::string_view piece) {
    const std::size_t room = max_body_ - body_.size();
    body_ += piece.substr(0, room);
    if (piece.size() > room) {
        is_too_large_ = true;
        return false;
    }
    return true;
}

}  // namespace quantconf::net
