#pragma once

#include <string>
#include <string_view>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/field.hpp"
#include "quantconf/schema.hpp"

/// The steps of Schema::build.
namespace quantconf::schema {

/// Fills Field::members_by_name everywhere below.
void index_members(Field& field);

/// Fills Field::default_value of every struct below, unless whoever made the field has done so.
void fill_defaults(Field& field, Arena& memory);

/// Whether every field has the children that its type needs; the other steps rely on it.
[[nodiscard]] bool check_shapes(const Field& root, Diagnostics& diagnostics);

/// Everything that fields can say wrongly about themselves: names, options of another type, bounds.
void check_fields(const Field& root, Diagnostics& diagnostics);

/// Bounds of one field, also those of an environment: of the right kind, in order, really stricter.
void check_bounds(const Field& field, std::string_view path, Diagnostics& diagnostics);

/// Prefix, aliases and rules: what refers to something else.
void check_references(const Schema& schema, Diagnostics& diagnostics);

/// Every default through the same typing as a user's text, in every environment.
void check_defaults(const Schema& schema, Diagnostics& diagnostics);

/// A contradiction in the schema at `path`: `message` says what and why.
void report_bad_schema(Diagnostics& diagnostics, std::string_view path, std::string message);

/// "trading" + "max_daily_loss" -> "trading.max_daily_loss".
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view name);

/// The path of what a field contains: "hosts[]" of a list, "limits.*" of a map, "limits.polygon" of a struct.
[[nodiscard]] std::string child_path(const Field& field, std::string_view path, const Field& child);

/// A key that people can write in a file and, upper-case, in a variable: [a-z][a-z0-9_-]*, where _ and -
/// stand alone and not at the end. Otherwise two paths could share one exact variable name.
[[nodiscard]] bool is_key_name(std::string_view name);

}  // namespace quantconf::schema
