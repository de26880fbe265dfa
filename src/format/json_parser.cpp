#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "format/json_number.hpp"
#include "format/json_string.hpp"
#include "format/parse.hpp"
#include "format/root_check.hpp"
#include "format/text_check.hpp"
#include "format/tree_builder.hpp"

namespace quantconf::format {
namespace {

/// Strict RFC 8259, straight into our tree. See docs/decisions/0002-json-layers.md for why libyaml does not
/// do it.
class JsonParser {
public:
    JsonParser(value::Document& document, Report& report)
        : document_{document},
          text_{document.source->text()},
          report_{report},
          builder_{document, report},
          at_{text_begin(text_)} {}

    [[nodiscard]] bool parse() {
        skip_blanks();
        if (!read_value()) {
            return false;
        }
        skip_blanks();
        return at_ == text_.size() || fail("the end of the file");
    }

    [[nodiscard]] const value::Node& root() const { return builder_.root().node; }

private:
    /// Recursion is as deep as the tree, and the builder stops that at limits::kDepth.
    bool read_value() {
        switch (peek()) {
            case '{':
                return read_object();
            case '[':
                return read_array();
            case '"': {
                Span at;
                std::string_view text;
                return read_string(text, at) && place(text, value::Style::DoubleQuoted, at);
            }
            default:
                return read_word();
        }
    }

    bool read_object() {
        builder_.open_map(span(1));
        ++at_;
        skip_blanks();
        if (peek() == '}' && !builder_.has_failed()) {
            return close();
        }
        while (!builder_.has_failed()) {
            if (peek() != '"') {
                return fail("a key in double quotes");
            }
            Span at;
            std::string_view text;
            if (!read_string(text, at)) {
                return false;
            }
            builder_.key(text, at);
            skip_blanks();
            if (peek() != ':') {
                return fail("`:` behind the key");
            }
            ++at_;
            skip_blanks();
            if (!read_value()) {
                return false;
            }
            skip_blanks();
            if (peek() == '}') {
                return close();
            }
            if (peek() != ',') {
                return fail("`,` or `}`");
            }
            ++at_;
            skip_blanks();
        }
        return false;
    }

    bool read_array() {
        builder_.open_list(span(1));
        ++at_;
        skip_blanks();
        if (peek() == ']' && !builder_.has_failed()) {
            return close();
        }
        while (!builder_.has_failed()) {
            if (!read_value()) {
                return false;
            }
            skip_blanks();
            if (peek() == ']') {
                return close();
            }
            if (peek() != ',') {
                return fail("`,` or `]`");
            }
            ++at_;
            skip_blanks();
        }
        return false;
    }

    bool close() {
        ++at_;
        builder_.place(builder_.close(static_cast<std::uint32_t>(at_)));
        return true;
    }

    bool read_string(std::string_view& text, Span& at) {
        const JsonString string = read_json_string(text_, at_);
        if (!string.expected.empty()) {
            at_ = string.end;
            return fail(std::string{string.expected}, "something else in a string");
        }
        at = span(string.end - at_);
        text = string.has_escapes ? document_.arena.copy(string.text)
                                  : text_.substr(at_ + 1, string.end - at_ - 2);
        at_ = string.end;
        return true;
    }

    /// true, false, null or a number.
    bool read_word() {
        const std::size_t end = std::min(text_.find_first_of(" \t\r\n,:[]{}\"", at_), text_.size());
        const std::string_view word = text_.substr(at_, end - at_);
        if (word != "true" && word != "false" && word != "null" && !is_json_number(word)) {
            return fail("a JSON value");
        }
        const Span at = span(word.size());
        at_ = end;
        return place(word, value::Style::Plain, at);
    }

    bool place(std::string_view text, value::Style style, Span at) {
        builder_.count_node(at.begin);
        if (!builder_.has_failed()) {
            builder_.place(
                {.node = value::scalar_node(text, style, document_.source.get(), at.begin, at.end)});
        }
        return !builder_.has_failed();
    }

    bool fail(std::string expected, std::string found = {}) {
        std::string hint;
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#')) {
            found = "a comment";
            hint = "JSON has no comments: rename the file to .yaml";
        } else if (found.empty()) {
            found = describe(hint);
        }
        report_.add({.code = Code::NotJson,
                     .path = builder_.path(),
                     .expected = std::move(expected),
                     .found = std::move(found),
                     .hint = std::move(hint),
                     .origin = report_.at(at_, at_)});
        return false;
    }

    /// What stands here, without quoting it: it may be a password.
    std::string describe(std::string& hint) const {
        switch (peek()) {
            case '\0':
                return "the end of the text";
            case '\'':
                hint = "JSON strings stand in double quotes";
                return "a single quote";
            case '}':
            case ']':
                hint = "is there a comma too many in front of it?";
                return std::string{"`"} + peek() + "`";
            case '{':
            case '[':
            case ',':
            case ':':
                return std::string{"`"} + peek() + "`";
            case '"':
                return "a string";
            default:
                hint =
                    "bare words are true, false and null; numbers begin with a digit other than 0, or with -";
                return "something else";
        }
    }

    /// The next character; NUL, which no accepted text contains, at the end.
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    [[nodiscard]] Span span(std::size_t length) const {
        return {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + length)};
    }

    value::Document& document_;
    std::string_view text_;
    Report& report_;
    TreeBuilder builder_;
    std::size_t at_;
};

enum class Root { Map, Any };

Parsed parse(const std::shared_ptr<Source>& source, Root root) {
    auto document = std::make_shared<value::Document>();
    document->source = source;
    Report report{source};
    if (check_text(*source, report).is_acceptable) {
        JsonParser parser{*document, report};
        const bool is_understood = parser.parse();
        document->root = parser.root();
        const bool is_mapping = document->root.kind == value::NodeKind::Map;
        if (is_understood && (is_mapping || root == Root::Any)) {
            return {.document = std::move(document), .diagnostics = report.take(true)};
        }
        if (is_understood) {
            report_root(document->root, report);
        }
    }
    return {.document = nullptr, .diagnostics = report.take(false)};
}

}  // namespace

Parsed parse_json(std::shared_ptr<Source> source) {
    return parse(source, Root::Map);
}

Parsed parse_json_value(std::shared_ptr<Source> source) {
    return parse(source, Root::Any);
}

}  // namespace quantconf::format
