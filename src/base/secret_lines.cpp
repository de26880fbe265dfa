#include "base/secret_lines.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.hpp"

namespace quantconf {
namespace {

constexpr std::array<std::string_view, 16> kSecretWords = {
    "password", "passwd", "passphrase", "pwd",     "secret",     "token",   "apikey",        "accesskey",
    "_key",     "-key",   "dsn",        "webhook", "credential", "private", "authorization", "bearer"};

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_space(char c) {
    return is_blank(c) || c == '\n' || c == '\r';
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

bool is_flow_end(char c) {
    return c == ',' || c == '}' || c == ']';
}

/// Length of "SECURE:name" at the beginning of a text; 0 if there is none, also for "SECURE::", which begins
/// a literal.
std::size_t reference_length(std::string_view text) {
    constexpr std::string_view kPrefix = "SECURE:";
    if (!text.starts_with(kPrefix)) {
        return 0;
    }
    const std::size_t name = kPrefix.size() + (text.substr(kPrefix.size()).starts_with('?') ? 1 : 0);
    const auto end = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(name), text.end(),
                                  [](char c) { return !is_name(c) && c != '@'; });
    const auto length = static_cast<std::size_t>(end - text.begin());
    return length > name ? length : 0;
}

bool is_reference(std::string_view text) {
    return !text.empty() && reference_length(text) == text.size();
}

/// Finds what hides behind secret-looking keys, in one pass over the text.
///
/// The text may be broken in any way, so nothing here parses it: every place where a key could stand is taken
/// for a key. `done_until_` keeps the pass linear: what was looked at as a value is not searched again.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_{text} {}

    std::vector<ByteRange> run() {
        begin_line(0);
        for (std::size_t at = 0; at < text_.size();) {
            const char c = text_[at];
            if (is_name(c)) {
                at = name(at);
                continue;
            }
            ++at;
            if (c == '\n' || c == '\r') {
                begin_line(at);
            } else if (c == '{' || c == '[') {
                ++depth_;
            } else if ((c == '}' || c == ']') && depth_ > 0) {
                --depth_;
            }
        }
        urls();
        return joined();
    }

private:
    enum class After : std::uint8_t { NotAReference, EndOfLine, FlowEnd };

    /// The line that the pass is in.
    struct Line {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t first_name = 0;  ///< Where its first run of name characters begins.
        bool is_comment = false;
        bool is_continued = false;  ///< continuation() has been here.
        bool has_hidden_comment = false;
    };

    void begin_line(std::size_t at) {
        const std::size_t first = skip(at, is_blank);
        line_ = {.begin = at,
                 .end = std::min(text_.find_first_of("\r\n", first), text_.size()),
                 .first_name = first_name(first),
                 .is_comment = text_.substr(first).starts_with('#')};
    }

    /// Behind the "- " of list items and an opening quote.
    [[nodiscard]] std::size_t first_name(std::size_t at) const {
        while (at + 1 < text_.size() && (text_[at] == '-' || text_[at] == '?') && is_blank(text_[at + 1])) {
            at = skip(at + 1, is_blank);
        }
        return at < text_.size() && is_quote(text_[at]) ? at + 1 : at;
    }

    /// A run of name characters: returns where it ends.
    std::size_t name(std::size_t begin) {
        const std::size_t end = skip(begin, is_name);
        if (begin < done_until_) {
            return end;
        }
        const bool is_quoted = end < text_.size() && is_quote(text_[end]);
        const std::size_t delimiter = skip(is_quoted ? end + 1 : end, is_space);
        if (delimiter < text_.size() && (text_[delimiter] == ':' || text_[delimiter] == '=') &&
            looks_secret(text_.substr(begin, end - begin))) {
            value(begin, skip(delimiter + 1, is_blank));
        }
        return end;
    }

    /// The value of a secret key begins at `at`, or on a later line.
    void value(std::size_t key, std::size_t at) {
        const std::size_t line_end = end_of_line(at);
        const After after = reference(at, line_end);
        if (after == After::NotAReference) {
            hide(at, line_end);
        } else if (!line_.has_hidden_comment || at > line_.end) {  // "# was hunter2"
            line_.has_hidden_comment = true;                       // Once: the line may be endless.
            hide(std::min(text_.substr(0, line_end).find('#', at), line_end), line_end);
        }
        if (after == After::FlowEnd) {
            return;
        }
        if (line_.is_comment) {
            return;
        }
        if (after == After::NotAReference) {
            text_or_collection(at, line_end);
        }
        if (!line_.is_continued) {
            line_.is_continued = true;
            continuation(key, at, line_end);
        }
    }

    /// Whether "SECURE:name" stands here and nothing else that belongs to the value.
    [[nodiscard]] After reference(std::size_t at, std::size_t line_end) const {
        std::string_view rest = text_.substr(at, line_end - at);
        const char quote = !rest.empty() && is_quote(rest.front()) ? rest.front() : '\0';
        rest.remove_prefix(quote != '\0' ? 1 : 0);
        const std::size_t length = reference_length(rest);
        if (length == 0) {
            return After::NotAReference;
        }
        rest.remove_prefix(length);
        if (quote != '\0') {
            if (rest.empty() || rest.front() != quote) {
                return After::NotAReference;
            }
            rest.remove_prefix(1);
        }
        const auto next = std::ranges::find_if_not(rest, is_blank);
        if (next == rest.end() || (*next == '#' && next != rest.begin())) {
            return After::EndOfLine;
        }
        return is_flow_end(*next) ? After::FlowEnd : After::NotAReference;
    }

    /// Quoted texts, flow collections and plain texts of a flow collection may go on over several lines.
    void text_or_collection(std::size_t at, std::size_t line_end) {
        std::size_t start = skip(at, is_space);
        while (start < text_.size() && (text_[start] == '!' || text_[start] == '&')) {
            start = skip(skip(start, [](char c) { return !is_space(c); }), is_space);
        }
        done_until_ = std::max(done_until_, start);
        if (start == text_.size()) {
            return;
        }
        if (is_quote(text_[start])) {
            hide_until(at, end_of_quoted(start));
        } else if (text_[start] == '{' || text_[start] == '[') {
            hide_until(at, end_of_collection(start));
        } else if (depth_ > 0) {
            flow_text(at, line_end);
        }
    }

    /// A plain text in a flow collection ends at a comma or bracket; a line that is a key of its own ends it
    /// too.
    void flow_text(std::size_t at, std::size_t line_end) {
        const std::size_t flow_end = first_flow_end(at, line_end);
        done_until_ = std::max(done_until_, flow_end);
        if (flow_end < line_end) {
            return;
        }
        for (std::size_t line = next_line(line_end); line < text_.size();
             line = next_line(end_of_line(line))) {
            const std::size_t begin = skip(line, is_blank);
            const std::size_t end = end_of_line(begin);
            if (is_key(begin, end)) {
                return;
            }
            hide_until(begin, end);
            if (first_flow_end(begin, end) < end) {
                return;
            }
        }
    }

    /// Lines that are indented more than the key belong to its value; so do list items right below it, and
    /// whatever follows an empty value without being a key.
    void continuation(std::size_t key, std::size_t at, std::size_t line_end) {
        const std::size_t quote = key > line_.begin && is_quote(text_[key - 1]) ? 1 : 0;
        const std::size_t first = key == line_.first_name ? key - quote : skip(line_.begin, is_blank);
        const std::size_t indent = first - line_.begin;
        const bool is_empty = at == line_end || text_[at] == '#';
        bool is_first = true;
        for (std::size_t line = next_line(line_end); line < text_.size();
             line = next_line(end_of_line(line))) {
            const std::size_t end = end_of_line(line);
            const std::size_t begin = skip(line, is_blank);
            if (begin == end || (text_[begin] == '#' && begin - line <= indent)) {
                continue;
            }
            const bool is_item = text_[begin] == '-' && begin - line == indent &&
                                 (begin + 1 == end || is_blank(text_[begin + 1]));
            const bool is_rest = is_first && !is_key(begin, end) && !is_flow_end(text_[begin]);
            if (begin - line <= indent && !(is_empty && (is_item || is_rest))) {
                return;
            }
            hide_until(begin, end);
            is_first = false;
        }
    }

    /// `name:` or `- name:`, also quoted.
    [[nodiscard]] bool is_key(std::size_t at, std::size_t end) const {
        while (at < end && (is_blank(text_[at]) || is_quote(text_[at]) || text_[at] == '-')) {
            ++at;
        }
        std::size_t after = skip(at, is_name);
        if (after == at) {
            return false;
        }
        after += after < end && is_quote(text_[after]) ? 1U : 0U;
        after = skip(after, is_blank);
        return after < end && (text_[after] == ':' || text_[after] == '=');
    }

    [[nodiscard]] std::size_t end_of_quoted(std::size_t at) const {
        const char quote = text_[at++];
        for (; at < text_.size(); ++at) {
            const bool is_last = at + 1 == text_.size();
            if (quote == '"' && text_[at] == '\\') {
                ++at;
            } else if (quote == '\'' && text_[at] == quote && !is_last && text_[at + 1] == quote) {
                ++at;  // 'it''s': two quotes are one of the text.
            } else if (text_[at] == quote) {
                return at + 1;
            }
        }
        return text_.size();
    }

    [[nodiscard]] std::size_t end_of_collection(std::size_t at) const {
        std::size_t open = 0;
        while (at < text_.size()) {
            const char c = text_[at];
            const bool may_quote =
                at > 0 && (is_space(text_[at - 1]) || text_[at - 1] == ':' || text_[at - 1] == ',' ||
                           text_[at - 1] == '{' || text_[at - 1] == '[');
            if (is_quote(c) && may_quote) {
                at = end_of_quoted(at);
                continue;
            }
            ++at;
            if (c == '{' || c == '[') {
                ++open;
            } else if ((c == '}' || c == ']') && --open == 0) {
                return at;
            }
        }
        return at;
    }

    /// scheme://user:password@host. An unescaped slash or colon in the password must not save it.
    void urls() {
        constexpr std::string_view kMark = "://";
        for (std::size_t at = text_.find(kMark); at != std::string_view::npos; at = text_.find(kMark, at)) {
            at += kMark.size();
            const std::size_t end = skip(at, [](char c) { return !is_space(c) && c != '"'; });
            const std::size_t sign = text_.substr(at, end - at).rfind('@');
            if (sign != std::string_view::npos) {
                hide(at, at + sign);
            }
            at = end;
        }
    }

    /// In order, and one where several overlap.
    std::vector<ByteRange> joined() {
        std::ranges::sort(ranges_, {}, &ByteRange::begin);
        std::vector<ByteRange> result;
        for (const ByteRange& range : ranges_) {
            if (result.empty() || range.begin > result.back().end) {
                result.push_back(range);
            } else {
                result.back().end = std::max(result.back().end, range.end);
            }
        }
        return result;
    }

    void hide(std::size_t begin, std::size_t end) {
        if (begin < end) {
            ranges_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
        }
    }

    /// Hides to the end of the line in which `end` stands, and does not look there for other keys.
    void hide_until(std::size_t begin, std::size_t end) {
        hide(begin, end_of_line(end));
        done_until_ = std::max(done_until_, end);
    }

    template <typename Predicate>
    [[nodiscard]] std::size_t skip(std::size_t at, Predicate predicate) const {
        while (at < text_.size() && predicate(text_[at])) {
            ++at;
        }
        return at;
    }

    [[nodiscard]] std::size_t end_of_line(std::size_t at) const {
        if (line_.begin <= at && at <= line_.end) {
            return line_.end;  // The line may be endless and hold many keys: searched once.
        }
        return std::min(text_.find_first_of("\r\n", at), text_.size());
    }

    [[nodiscard]] std::size_t first_flow_end(std::size_t at, std::size_t end) const {
        return std::min(text_.substr(0, end).find_first_of(",}]", at), end);
    }

    [[nodiscard]] std::size_t next_line(std::size_t line_end) const {
        return line_end + (text_.substr(line_end).starts_with("\r\n") ? 2 : 1);
    }

    std::string_view text_;
    std::vector<ByteRange> ranges_;
    std::size_t done_until_ = 0;
    std::size_t depth_ = 0;
    Line line_;
};

}  // namespace

bool looks_secret(std::string_view key) {
    const std::string lower = ascii_lower(key);
    return std::ranges::any_of(kSecretWords,
                               [&lower](std::string_view word) { return lower.contains(word); });
}

std::vector<ByteRange> suspected_secrets(const Source& source) {
    const bool is_file = source.kind() == Source::Kind::File;
    const std::string name =
        is_file ? std::filesystem::path{source.name()}.filename().string() : source.name();
    if (looks_secret(name) && !is_reference(source.text())) {
        return {{0, static_cast<std::uint32_t>(source.text().size())}};
    }
    return Scanner{source.text()}.run();
}

}  // namespace quantconf
