#include "value/canonical.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "value/units.hpp"

namespace quantconf::value {

namespace {

bool needs_escape(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

/// The fewest escapes that JSON allows, so that nobody has to know ours: " and \ and control characters.
void append_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const auto plain = static_cast<std::size_t>(std::ranges::find_if(text, needs_escape) - text.begin());
        out += text.substr(0, plain);
        if (plain == text.size()) {
            break;
        }
        if (const char c = text[plain]; c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        }
        text.remove_prefix(plain + 1);
    }
    out += '"';
}

template <std::integral T>
void append_integer(std::string& out, T value) {
    std::array<char, 20> digits{};  // "-9223372036854775808" and "18446744073709551615" have 20.
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
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

/// A member with the first bytes of its name as a number: nearly every comparison ends there.
struct Ranked {
    std::uint64_t rank;
    const Member* member;

    explicit Ranked(const Member& of) : rank{0}, member{&of} {
        std::memcpy(&rank, of.name.data(), std::min(sizeof rank, of.name.size()));
        if constexpr (std::endian::native == std::endian::little) {
            rank = std::byteswap(rank);
        }
    }
    /// As the names compare: by unsigned bytes.
    friend bool operator<(const Ranked& a, const Ranked& b) {
        return a.rank != b.rank ? a.rank < b.rank : a.member->name < b.member->name;
    }
};

void append_map(std::string& out, std::span<const Member> members) {
    std::vector<Ranked> sorted;
    sorted.reserve(members.size());
    for (const Member& member : members) {
        if (!member.value.is_absent()) {
            sorted.emplace_back(member);
        }
    }
    std::sort(sorted.begin(), sorted.end());

    out += '{';
    for (bool is_first = true; const auto& [rank, member] : sorted) {
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
            append_integer(out, value.as_integer());
            return;
        case Value::Kind::Unsigned:
            append_integer(out, value.as_unsigned());
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

std::string canonical(const Value& root, std::size_t size_hint) {
    std::string out;
    out.reserve(size_hint);
    append(out, root);
    return out;
}

}  // namespace quantconf::value
