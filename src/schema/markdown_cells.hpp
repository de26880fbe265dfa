#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quantconf/field.hpp"

/// What stands in the tables of the field reference.
namespace quantconf::schema {

/// Text inside of a table: no line breaks, no bar that would end the cell.
[[nodiscard]] std::string cell(std::string_view text);
/// The same as code. A bar needs its backslash there too, as GitHub reads tables. Empty stays empty.
[[nodiscard]] std::string code(std::string_view text);
[[nodiscard]] std::vector<std::string> code_all(const std::vector<std::string>& texts);

/// One line of a table. Empty cells leave no space behind.
[[nodiscard]] std::string row(const std::vector<std::string>& cells);
/// The names of the columns and the line below them.
[[nodiscard]] std::string header(const std::vector<std::string>& names);

/// "list of integer", "duration or null".
[[nodiscard]] std::string type_text(const Field& field);
/// Bounds, names, lengths, keys, pattern, how layers join, what is stricter where.
[[nodiscard]] std::string allowed_text(const Field& field);
/// The value when nobody sets it, "**required**", or nothing.
[[nodiscard]] std::string default_text(const Field& field, const Value& fallback);
[[nodiscard]] std::string risk_text(Risk risk);

}  // namespace quantconf::schema
