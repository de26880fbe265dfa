#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quantconf::format {

/// The lines of a text, by byte offset. As for libyaml, "\n", "\r\n" and a lone "\r" end one.
class Lines {
public:
    explicit Lines(std::string_view text);

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    /// The line ending of the file: that of its first line.
    [[nodiscard]] const std::string& newline() const noexcept { return newline_; }

    /// Where the line of a byte begins: behind the line ending before it, or behind a byte order mark.
    [[nodiscard]] std::size_t begin_of(std::size_t at) const;
    /// Where the line of a byte ends: at its line ending, or at the end of the text.
    [[nodiscard]] std::size_t end_of(std::size_t at) const;
    /// Where the next line begins; the end of the text if there is none.
    [[nodiscard]] std::size_t next_after(std::size_t at) const;
    /// Where the line ending begins in front of a line, which begins at `begin` and is not the first.
    [[nodiscard]] std::size_t newline_before(std::size_t begin) const;
    /// Where the first line begins.
    [[nodiscard]] std::size_t first() const noexcept { return first_; }
    /// How many bytes stand before it on its line.
    [[nodiscard]] std::size_t column(std::size_t at) const { return at - begin_of(at); }
    [[nodiscard]] bool is_first_on_line(std::size_t at) const;
    [[nodiscard]] std::size_t skip_blanks(std::size_t at) const;
    /// Whether the line of a byte has nothing but blanks.
    [[nodiscard]] bool is_blank(std::size_t at) const;
    /// Whether the line of a byte is a comment alone.
    [[nodiscard]] bool is_comment(std::size_t at) const;
    /// Whether nothing but blanks and a comment follows on the line.
    [[nodiscard]] bool ends_here(std::size_t at) const;
    /// Whether the last line lacks its line ending.
    [[nodiscard]] bool is_open() const;

private:
    [[nodiscard]] std::size_t line_of(std::size_t at) const;

    std::string_view text_;
    std::size_t first_;
    std::string newline_;
    std::vector<std::uint32_t>
        begins_;  ///< Of all lines: a text on one line is asked for as often as any other.
};

}  // namespace quantconf::format
