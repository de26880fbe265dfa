#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"

namespace quantconf::net {

/// Puts an answer together from the lines and pieces that libcurl hands over, within limits. One thread.
///
/// Only the headers of the last answer are kept: 1xx answers before it are counted and forgotten. What comes
/// after the end of the headers (trailers of a chunked body) is no header: it could pretend to be one.
class Answer {
public:
    explicit Answer(std::size_t max_body) : max_body_{max_body} {}

    /// A line with its end. False: too many or too much; nothing more may come.
    [[nodiscard]] bool take_line(std::string_view line);
    /// A piece of the body, decompressed. False: the body is longer than it may be; what fits is kept.
    [[nodiscard]] bool take_body(std::string_view piece);

    /// Whether the headers of the last answer have come to their end.
    [[nodiscard]] bool has_all_headers() const noexcept { return expects_ == Expects::Nothing; }
    [[nodiscard]] bool is_too_large() const noexcept { return is_too_large_; }
    [[nodiscard]] std::vector<Header> take_headers() { return std::move(headers_); }
    [[nodiscard]] std::string take_body() { return std::move(body_); }

private:
    enum class Expects : std::uint8_t { Status, Header, Nothing };
    void take_header(std::string_view line);

    std::size_t max_body_;
    std::vector<Header> headers_ = {};
    std::string body_ = {};
    std::size_t lines_ = 0;
    std::size_t bytes_ = 0;
    Expects expects_ = Expects::Status;
    bool is_provisional_ = false;
    bool is_too_large_ = false;
};

/// Whether it can be the name of a header: a "token" of RFC 9110.
[[nodiscard]] bool is_header_name(std::string_view name);

}  // namespace quantconf::net
