#include "schema/markdown_cells.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_writer.hpp"
#include "schema/json_schema_bounds.hpp"
#include "schema/json_schema_extension.hpp"
#include "schema/json_schema_values.hpp"
#include "value/units.hpp"

namespace quantconf::schema {

namespace {

/// "0.01..1.0", "> 0", "at most 20"; with the unit where values are written with one.
std::string range_text(const Field& field) {
    const auto lower = lower_edge(field);
    const auto upper = upper_edge(field);
    if (lower && upper && !lower->exclusive && !upper->exclusive) {
        return fmt::format("{}..{}", bound_text(field, lower->number), bound_text(field, upper->number));
    }
    std::vector<std::string> parts;
    if (lower) {
        parts.push_back(
            fmt::format("{} {}", lower->exclusive ? ">" : ">=", bound_text(field, lower->number)));
    }
    if (upper) {
        parts.push_back(
            fmt::format("{} {}", upper->exclusive ? "<" : "<=", bound_text(field, upper->number)));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string length_text(const Field& field) {
    const std::string_view unit = field.type == Type::List  ? "items"
                                  : field.type == Type::Map ? "entries"
                                                            : "characters";
    const Options& options = field.options;
    if (options.min_length && options.max_length) {
        return fmt::format("{}..{} {}", *options.min_length, *options.max_length, unit);
    }
    if (options.min_length) {
        return fmt::format("at least {} {}", *options.min_length, unit);
    }
    return options.max_length ? fmt::format("at most {} {}", *options.max_length, unit) : "";
}

std::string stricter_text(const Field& field, const EnvironmentBounds& bounds) {
    Field in_environment = field;
    in_environment.options.min = bounds.min ? bounds.min : field.options.min;
    in_environment.options.max = bounds.max ? bounds.max : field.options.max;
    std::string text = bounds.min || bounds.max ? range_text(in_environment) : "";
    if (bounds.required) {
        text += text.empty() ? "required" : ", required";
    }
    return fmt::format("{}: {}", name_of(bounds.environment), text);
}

}  // namespace

std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '|') {
            result += "\\|";
        } else {
            result += c == '\n' ? ' ' : c;
        }
    }
    return result;
}

std::string code(std::string_view text) {
    return text.empty() ? std::string{} : fmt::format("`{}`", cell(text));
}

std::string row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& text : cells) {
        line += text.empty() ? " |" : fmt::format(" {} |", text);
    }
    return line + "\n";
}

std::string header(const std::vector<std::string>& names) {
    return row(names) + row(std::vector<std::string>(names.size(), "---"));
}

std::string type_text(const Field& field) {
    std::string text;
    switch (field.type) {
        case Type::List:
            text = fmt::format("list of {}", type_text(field.element()));
            break;
        case Type::Map:
            text = fmt::format("map of {}", type_text(field.element()));
            break;
        case Type::Struct:
            text = "section";
            break;
        default:
            text = name_of(field.type);
    }
    return field.nullable && field.type != Type::Secret ? text + " or null" : text;
}

std::vector<std::string> code_all(const std::vector<std::string>& texts) {
    std::vector<std::string> result;
    std::ranges::transform(texts, std::back_inserter(result), [](const auto& text) { return code(text); });
    return result;
}

std::string allowed_text(const Field& field) {
    std::vector<std::string> parts;
    const auto add = [&](std::string part) {
        if (!part.empty()) {
            parts.push_back(std::move(part));
        }
    };
    const Field& value = field.type == Type::List ? field.element() : field;
    add(range_text(value));
    add(fmt::format("{}", fmt::join(code_all(value.names), ", ")));
    add(length_text(field));
    add(fmt::format("{}", fmt::join(code_all(field.options.keys), ", ")));
    add(code(value.options.pattern));
    add(fmt::format("{}", fmt::join(value.options.schemes, ", ")));
    if (field.options.merge != ListMerge::Replace) {
        add(fmt::format("layers: {}{}{}", name_of(field.options.merge),
                        field.options.merge_key.empty() ? "" : " ", field.options.merge_key));
    }
    for (const EnvironmentBounds& bounds : field.options.stricter) {
        add(stricter_text(field, bounds));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string default_text(const Field& field, const Value& fallback) {
    if (field.options.required) {
        return "**required**";
    }
    if (!has_written_default(field, fallback)) {
        return {};
    }
    if (fallback.kind() == Value::Kind::Float) {
        return code(value::to_text(fallback.as_number()));
    }
    JsonWriter json{JsonWriter::Layout::Compact};
    write_value(json, field, fallback);
    const std::string text = json.take();
    const bool has_quotes = text.size() > 2 && text.starts_with('"');  // Kept around an empty text only.
    return code(has_quotes ? text.substr(1, text.size() - 2) : text);
}

std::string risk_text(Risk risk) {
    switch (risk) {
        case Risk::Up:
            return "higher is riskier";
        case Risk::Down:
            return "lower is riskier";
        case Risk::None:
            break;
    }
    return {};
}

}  // namespace quantconf::schema
