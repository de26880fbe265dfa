#include "value/canonical.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "value/units.hpp"

namespace quantconf::value {

namespace {

/// The fewest escapes that JSON allows, so that nobody has to know ours: " and \ and control characters.
void append_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_number(std::string& out, double number) {
    const std::string text = to_text(number);
    if (std::isfinite(number)) {
        out += text;
    } else {
        append_string(out, text);  // JSON has no word for it.
    }
}

void append_secret(std::string& out, std::string_view reference) {
    out += R"({"secret":)";
    if (reference.empty()) {
        out += "null";
    } else {
        append_string(out, reference);
    }
    out += '}';
}

void append(std::string& out, const Value& value);

void append_list(std::string& out, std::span<const Value> items) {
    out += '[';
    for (bool is_first = true; const Value& item : items) {
        if (!is_first) {
            out += ',';
        }
        is_first = false;
        append(out, item);
    }
    out += ']';
}

void append_map(std::string& out, std::span<const Member> members) {
    std::vector<const Member*> sorted;
    sorted.reserve(members.size());
    for (const Member& member : members) {
        if (!member.value.is_absent()) {
            sorted.push_back(&member);
        }
    }
    // std::string_view compares as unsigned bytes.
    std::ranges::sort(sorted, {}, [](const Member* member) { return member->name; });

    out += '{';
    for (bool is_first = true; const Member* member : sorted) {
        if (!is_first) {
            out += ',';
        }
        is_first = false;
        append_string(out, member->name);
        out += ':';
        append(out, member->value);
    }
    out += '}';
}

void append(std::string& out, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Absent:
            out += "null";
            return;
        case Value::Kind::Boolean:
            out += value.as_boolean() ? "true" : "false";
            return;
        case Value::Kind::Integer:
            fmt::format_to(std::back_inserter(out), "{}", value.as_integer());
            return;
        case Value::Kind::Unsigned:
            fmt::format_to(std::back_inserter(out), "{}", value.as_unsigned());
            return;
        case Value::Kind::Float:
            append_number(out, value.as_number());
            return;
        case Value::Kind::Text:
            append_string(out, value.as_text());
            return;
        case Value::Kind::Duration:
            append_string(out, to_text(value.as_duration()));
            return;
        case Value::Kind::Size:
            append_string(out, to_text(value.as_size()));
            return;
        case Value::Kind::Secret:
            append_secret(out, value.secret_reference());
            return;
        case Value::Kind::List:
            append_list(out, value.items());
            return;
        case Value::Kind::Map:
            append_map(out, value.members());
            return;
        case Value::Kind::Invalid:
            break;
    }
    QC_ASSERT(!value.is_invalid());  // Only a configuration without errors has a form worth hashing.
}

}  // namespace

std::string canonical(const Value& root) {
    std::string out;
    append(out, root);
    return out;
}

}  // namespace quantconf::value
