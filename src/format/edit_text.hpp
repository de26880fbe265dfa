#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "format/edit_wishes.hpp"
#include "quantconf/value.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// How a value is to be written.
struct Form {
    Syntax syntax = Syntax::Yaml;
    bool is_flow = false;                      ///< Between brackets.
    bool is_tight = false;                     ///< JSON without blanks.
    value::Style style = value::Style::Plain;  ///< Kept where the value allows it.
    bool is_whole = false;                     ///< A number is written without a point if it needs none.
};

/// A scalar, an empty list or an empty map.
[[nodiscard]] std::string scalar_text(const Value& value, const Form& form);
[[nodiscard]] std::string key_text(std::string_view key, const Form& form);
/// Any value, on one line.
[[nodiscard]] std::string flow_text(const Value& value, Form form);
/// `key: value` on one line.
[[nodiscard]] std::string flow_member(std::string_view key, const Value& value, const Form& form);

/// Where the lines of a value begin that has lines of its own.
struct Block {
    std::size_t indent = 0;  ///< Of its first line, which is not indented again.
    std::size_t step = 2;    ///< Of what is inside.
    std::string_view newline = "\n";
};

/// Whether a value is written on lines of its own where it is new: a map, or a list that is long or holds
/// others.
[[nodiscard]] bool wants_block(const Value& value);
/// A map or list that is not empty.
[[nodiscard]] std::string block_text(const Value& value, const Block& block);
/// `key: value`, on several lines if the value wants them.
[[nodiscard]] std::string block_member(std::string_view key, const Value& value, const Block& block);

/// The lines behind `|` or `>` for a text, and the character that says how it ends; nothing where the style
/// cannot hold the text without further signs.
struct BlockScalar {
    std::string chomping;  ///< "" or "-".
    std::string lines;     ///< With their indentation; no newline at the end.
};
[[nodiscard]] std::optional<BlockScalar> block_scalar(std::string_view text, value::Style style,
                                                      const Block& block);

}  // namespace quantconf::format
