#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quantconf {

/// Writes JSON text from left to right: begin_object(), key("a"), value(1), end_object().
///
/// Pretty (two spaces) or on one line. Calls in an order that would not be JSON are asserted. Strings must be
/// UTF-8; numbers are shortest-round-trip; NaN and infinities, which JSON has no word for, become null.
class JsonWriter {
public:
    enum class Layout : std::uint8_t { Compact, Pretty };

    explicit JsonWriter(Layout layout = Layout::Pretty) : layout_{layout} {}

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view{text}); }
    JsonWriter& value(bool boolean);
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(std::uint64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
    JsonWriter& value(double number);
    JsonWriter& null();
    /// key(name) and value(v) in one.
    template <typename T>
    JsonWriter& member(std::string_view name, const T& v) {
        key(name);
        return value(v);
    }

    /// The finished text; Pretty ends with a newline. The writer is empty afterwards.
    [[nodiscard]] std::string take();

private:
    enum class Scope : std::uint8_t { Object, Array };
    void before_value();
    void newline();
    void close(Scope scope, char bracket);

    Layout layout_;
    std::string text_;
    std::vector<Scope> scopes_;
    std::vector<bool> has_items_;
    bool after_key_ = false;
};

/// The text in double quotes with everything escaped that JSON wants escaped.
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace quantconf
