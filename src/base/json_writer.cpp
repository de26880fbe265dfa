#include "base/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/utf8.hpp"

namespace quantconf {
namespace {

void append_escape(std::string& out, char32_t code_point) {
    const auto number = static_cast<std::uint32_t>(code_point);
    if (number <= 0xFFFF) {
        out += fmt::format("\\u{:04x}", number);
        return;
    }
    const std::uint32_t rest = number - 0x10000;
    out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
}

void append_quoted(std::string& out, std::string_view text) {
    out.push_back('"');
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        if (text[at] == '"' || text[at] == '\\') {
            out.push_back('\\');
            out.push_back(text[at]);
        } else if (text[at] == '\n') {
            out += "\\n";
        } else if (text[at] == '\t') {
            out += "\\t";
        } else if (!character.is_valid || !is_visible(character.code_point)) {
            append_escape(out, character.code_point);  // Invalid bytes arrive here as U+FFFD.
        } else {
            out.append(text.substr(at, character.length));
        }
        at += character.length;
    }
    out.push_back('"');
}

}  // namespace

std::string json_quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

void JsonWriter::newline() {
    if (layout_ == Layout::Pretty) {
        text_.push_back('\n');
        text_.append(2 * scopes_.size(), ' ');
    }
}

void JsonWriter::before_value() {
    if (scopes_.empty()) {
        QC_ASSERT(text_.empty());
        return;
    }
    if (scopes_.back() == Scope::Object) {
        QC_ASSERT(after_key_);
        after_key_ = false;
        return;
    }
    if (has_items_.back()) {
        text_.push_back(',');
    }
    has_items_.back() = true;
    newline();
}

void JsonWriter::close(Scope scope, char bracket) {
    QC_ASSERT(!scopes_.empty());
    QC_ASSERT(scopes_.back() == scope);
    QC_ASSERT(!after_key_);
    const bool had_items = has_items_.back();
    scopes_.pop_back();
    has_items_.pop_back();
    if (had_items) {
        newline();
    }
    text_.push_back(bracket);
}

JsonWriter& JsonWriter::begin_object() {
    before_value();
    text_.push_back('{');
    scopes_.push_back(Scope::Object);
    has_items_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    close(Scope::Object, '}');
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    before_value();
    text_.push_back('[');
    scopes_.push_back(Scope::Array);
    has_items_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    close(Scope::Array, ']');
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    QC_ASSERT(!scopes_.empty());
    QC_ASSERT(scopes_.back() == Scope::Object);
    QC_ASSERT(!after_key_);
    if (has_items_.back()) {
        text_.push_back(',');
    }
    has_items_.back() = true;
    newline();
    append_quoted(text_, name);
    text_ += layout_ == Layout::Pretty ? ": " : ":";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    before_value();
    append_quoted(text_, text);
    return *this;
}

JsonWriter& JsonWriter::value(bool boolean) {
    before_value();
    text_ += boolean ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
    before_value();
    text_ += fmt::format("{}", number);
    return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
    before_value();
    text_ += fmt::format("{}", number);
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) {
        return null();
    }
    before_value();
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    QC_ASSERT(written.ec == std::errc{});
    text_.append(digits.data(), written.ptr);
    return *this;
}

JsonWriter& JsonWriter::null() {
    before_value();
    text_ += "null";
    return *this;
}

std::string JsonWriter::take() {
    QC_ASSERT(scopes_.empty());
    QC_ASSERT(!text_.empty());
    if (layout_ == Layout::Pretty) {
        text_.push_back('\n');
    }
    return std::exchange(text_, {});
}

}  // namespace quantconf
