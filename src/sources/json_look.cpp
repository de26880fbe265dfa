#include "sources/json_look.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace quantconf::sources {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The four digits of a \u escape at `at`; nothing if they are none.
std::optional<char32_t> code_unit(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) {
        return std::nullopt;
    }
    char32_t unit = 0;
    for (const char c : text.substr(at, 4)) {
        if (hex_digit(c) < 0) {
            return std::nullopt;
        }
        unit = unit * 16 + static_cast<char32_t>(hex_digit(c));
    }
    return unit;
}

/// A string without its escapes, at most so many bytes. Escapes that are none stay as they are.
std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size() && result.size() < kFactTextMax; ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            result += text[at];
            continue;
        }
        ++at;
        constexpr std::string_view kEscapes = "bfnrt";
        if (text[at] == 'u') {
            auto unit = code_unit(text, at + 1);
            if (!unit) {
                continue;
            }
            at += 4;
            if (*unit >= 0xD800 && *unit < 0xDC00 && text.substr(at + 1).starts_with("\\u")) {
                if (const auto low = code_unit(text, at + 3); low && *low >= 0xDC00 && *low < 0xE000) {
                    unit = 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00);
                    at += 6;
                }
            }
            append_utf8(result, *unit >= 0xD800 && *unit < 0xE000 ? char32_t{0xFFFD} : *unit);
        } else {
            result += kEscapes.contains(text[at]) ? ' ' : text[at];
        }
    }
    return result;
}

/// Reads once, keeps a stack of what is open, and writes down what the rules may ask for.
class Look {
public:
    explicit Look(std::string_view text) : text_{text} {}

    [[nodiscard]] Facts take() {
        const bool is_whole = read() && (skip_blanks(), at_ == text_.size()) && !is_damaged_;
        if (!is_whole) {
            facts_.kind = BodyKind::Broken;
        }
        return std::move(facts_);
    }

private:
    struct Open {
        bool is_object;
        bool is_interesting;     ///< Its scalars are written down.
        std::size_t path_bytes;  ///< Of path_ before it.
        std::size_t items = 0;
    };

    /// The value at the root and everything in it.
    bool read() {
        if (!read_value()) {
            return false;
        }
        while (!open_.empty()) {
            skip_blanks();
            const bool is_first = open_.back().items == 0;
            const char end = open_.back().is_object ? '}' : ']';
            if (peek() == end) {
                ++at_;
                close();
                continue;
            }
            if (!is_first && !take(',')) {
                return false;
            }
            skip_blanks();
            if (open_.back().is_object && !read_name()) {
                return false;
            }
            ++open_.back().items;
            if (!read_value()) {
                return false;
            }
        }
        return true;
    }

    bool read_name() {
        std::string_view name;
        if (!read_string(name)) {
            return false;
        }
        skip_blanks();
        if (!take(':')) {
            return false;
        }
        skip_blanks();
        const Open& object = open_.back();
        path_.resize(object.path_bytes);
        if (!object.is_interesting) {
            return true;
        }
        if (!path_.empty()) {
            path_ += '.';
        }
        path_ += ascii_lower(decoded(name.substr(0, kNameMax)));
        return true;
    }

    bool read_value() {
        skip_blanks();
        facts_.has_children = facts_.has_children || !open_.empty();
        const char c = peek();
        if (c == '{' || c == '[') {
            return open(c == '{');
        }
        const std::size_t begin = at_;
        if (c == '"') {
            std::string_view text;
            const bool is_closed = read_string(text);
            note(Facts::Type::Text, text);
            finish_root();
            return is_closed;
        }
        if (c == '-' || is_digit(c)) {
            if (!read_number()) {
                return false;
            }
            note(Facts::Type::Number, text_.substr(begin, at_ - begin));
            finish_root();
            return true;
        }
        for (const std::string_view word : {"true", "false", "null"}) {
            if (text_.substr(at_).starts_with(word)) {
                at_ += word.size();
                if (word != "null") {
                    note(Facts::Type::Word, word);
                }
                finish_root();
                return true;
            }
        }
        return false;
    }

    void finish_root() {
        if (open_.empty()) {
            facts_.kind = BodyKind::Scalar;
        }
    }

    bool open(bool is_object) {
        ++at_;
        if (open_.size() >= kAnswerDepthMax) {
            return false;
        }
        if (open_.empty()) {
            facts_.kind = is_object ? BodyKind::Object : BodyKind::Array;
        } else {
            note(is_object ? Facts::Type::Map : Facts::Type::List, {});
        }
        const bool is_interesting = open_.empty() || wants_inside();
        if (!is_object && is_interesting) {
            path_ += "[]";
        }
        open_.push_back({is_object, is_interesting, path_.size()});
        return true;
    }

    void close() {
        open_.pop_back();
        if (!open_.empty()) {
            path_.resize(open_.back().path_bytes);
        }
    }

    /// Whether the members of what begins here are of interest: what stands under a name of errors, and the
    /// first objects of an array at the root.
    [[nodiscard]] bool wants_inside() const {
        const Open& parent = open_.back();
        if (!parent.is_interesting || open_.size() > kDepthLookedAt) {
            return false;
        }
        if (open_.size() == 1 && !parent.is_object) {
            return parent.items <= kItemsLookedAt;
        }
        return is_error_section(first_name());
    }

    [[nodiscard]] std::string_view first_name() const {
        std::string_view path = path_;
        while (path.starts_with("[]") || path.starts_with('.')) {
            path.remove_prefix(path.front() == '.' ? 1 : 2);
        }
        return path.substr(0, path.find_first_of(".["));
    }

    /// Writes down what stands at path_.
    void note(Facts::Type type, std::string_view raw) {
        if (open_.empty()) {
            add({.text = decoded(raw.substr(0, kFactTextMax)), .type = type, .is_words = true});
            return;
        }
        if (!open_.back().is_interesting) {
            return;
        }
        note_name();
        const std::string_view first = first_name();
        const bool is_scalar = type != Facts::Type::Map && type != Facts::Type::List;
        add({.path = path_,
             .text = decoded(raw.substr(0, kFactTextMax)),
             .type = type,
             // A list of mere texts is no data of the ten providers.
             .is_words = is_scalar && (is_error_name(first) || path_ == "[]")});
    }

    /// A member of the object at the root, or of an object in the array at the root.
    void note_name() {
        const bool is_top = (open_.size() == 1 && open_.front().is_object) ||
                            (open_.size() == 2 && !open_.front().is_object && open_.back().is_object);
        if (is_top && facts_.names.size() < kNamesMax) {
            std::string_view name = path_;
            name.remove_prefix(name.starts_with("[].") ? 3 : 0);
            facts_.names.emplace_back(name);
        }
    }

    void add(Facts::Fact fact) {
        if (facts_.facts.size() < kFactsMax && words_ + fact.text.size() <= kWordsMax) {
            words_ += fact.text.size();
            facts_.facts.push_back(std::move(fact));
        }
    }

    /// The text between two quotes, escapes and all; what there is of it if the second one is missing.
    bool read_string(std::string_view& result) {
        if (!take('"')) {
            return false;
        }
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (static_cast<unsigned char>(text_[at_]) < 0x20) {
                is_damaged_ = true;  // Not JSON, but what it says can be read.
            }
            at_ += text_[at_] == '\\' ? 2U : 1U;
        }
        at_ = std::min(at_, text_.size());
        result = text_.substr(begin, at_ - begin);
        return take('"');
    }

    bool read_digits() {
        const std::size_t begin = at_;
        while (is_digit(peek())) {
            ++at_;
        }
        return at_ > begin;
    }

    bool read_number() {
        static_cast<void>(take('-'));
        if (peek() == '0' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
            return false;
        }
        if (!read_digits() || (take('.') && !read_digits())) {
            return false;
        }
        if (take('e') || take('E')) {
            static_cast<void>(take('+') || take('-'));
            return read_digits();
        }
        return true;
    }

    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char c) {
        const bool is_there = at_ < text_.size() && text_[at_] == c;
        at_ += is_there ? 1U : 0U;
        return is_there;
    }

    void skip_blanks() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
            ++at_;
        }
    }

    static constexpr std::size_t kNameMax = 200;
    static constexpr std::size_t kDepthLookedAt = 5;

    std::string_view text_;
    std::size_t at_ = 0;
    std::string path_;  ///< Of the value that is being read, as far as it is of interest.
    std::vector<Open> open_;
    Facts facts_;
    std::size_t words_ = 0;
    bool is_damaged_ = false;
};

}  // namespace

Facts look_at_json(std::string_view text) {
    return Look{text}.take();
}

}  // namespace quantconf::sources
