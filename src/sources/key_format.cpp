#include "sources/key_format.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "schema/pattern.hpp"

namespace quantconf::sources {
namespace {

using Kind = KeyProblem::Kind;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kAround = " \t\r\n\"'`<>[]{}";

// Whole keys, without what stands around them, in lower case.
constexpr auto kPlaceholders = std::to_array<std::string_view>(
    {"demo",        "test",     "none",      "null",      "nil",       "todo",       "tbd",
     "fixme",       "changeme", "change_me", "change-me", "replaceme", "replace_me", "replace-me",
     "placeholder", "key",      "apikey",    "api_key",   "api-key",   "token",      "secret",
     "password",    "example",  "undefined", "dummy",     "redacted",  "n/a"});
// What such keys begin with.
constexpr auto kPlaceholderStarts = std::to_array<std::string_view>(
    {"your_",    "your-",      "your ",      "yourapikey", "yourkey", "replace_",   "replace-",
     "replace ", "insert_",    "insert-",    "insert ",    "enter_",  "enter your", "put_your",
     "paste_",   "paste your", "my_api_key", "changeme",   "secure:", "${",         "$("});

std::string_view core_of(std::string_view key) {
    while (!key.empty() && kAround.contains(key.front())) {
        key.remove_prefix(1);
    }
    while (!key.empty() && kAround.contains(key.back())) {
        key.remove_suffix(1);
    }
    return key;
}

/// "***", "xxxxxxxx", "...", "--------": one character over and over.
bool is_filler(std::string_view core) {
    const bool is_one = std::ranges::all_of(core, [&](char c) { return c == core.front(); });
    return is_one && (core.size() >= 3 || core.front() == '*');
}

bool is_placeholder(std::string_view key) {
    const std::string core = ascii_lower(core_of(key));
    if (core.empty()) {
        return false;
    }
    return is_filler(core) || core.contains("***") ||
           std::ranges::find(kPlaceholders, core) != kPlaceholders.end() ||
           std::ranges::any_of(kPlaceholderStarts,
                               [&](std::string_view start) { return core.starts_with(start); });
}

/// "at its end", so that somebody can find it without seeing the key.
std::string_view place_of(std::string_view key, std::size_t at, std::size_t length) {
    if (at + length == key.size()) {
        return "at its end";
    }
    return at == 0 ? "at its beginning" : "inside";
}

class KeyFormat {
public:
    KeyFormat(const Source& source, std::string_view key) : source_{source}, key_{key} {}

    [[nodiscard]] std::vector<KeyProblem> take() {
        if (key_.empty()) {
            add(Kind::Empty, "the key is empty");
        } else if (key_.size() > kKeyBytesMax) {
            add(Kind::TooLong, fmt::format("the key has more than {} bytes; is it a file?", kKeyBytesMax));
        } else {
            check_characters();
            check_quotes();
            check_words();
        }
        return std::move(problems_);
    }

private:
    /// Each kind once; the first place is enough to find it.
    void add(Kind kind, std::string message, bool is_hard = true) {
        if (std::ranges::find(problems_, kind, &KeyProblem::kind) == problems_.end()) {
            problems_.push_back({kind, std::move(message), is_hard});
        }
    }

    void check_characters() {
        for (std::size_t at = 0; at < key_.size();) {
            const Character character = character_at(key_, at);
            const std::string_view place = place_of(key_, at, character.length);
            const char byte = key_[at];
            if (byte == '\r' || byte == '\n') {
                add(Kind::LineEnd,
                    fmt::format("the key has a line end {}; store it again without", line_end_place(at)));
            } else if (byte == ' ' || byte == '\t') {
                add(Kind::Blank, fmt::format("the key has a blank {}", place));
            } else if (key_.substr(at).starts_with(kByteOrderMark)) {
                add(Kind::ByteOrderMark, fmt::format("the key has a byte order mark {}", place));
            } else if (!character.is_valid || !is_visible(character.code_point)) {
                add(Kind::Invisible, fmt::format("the key has a character that cannot be seen {}", place));
            } else if (character.code_point >= 0x80) {
                add(Kind::NotAscii, fmt::format("the key has a character that is not ASCII {}", place));
            }
            at += std::max<std::size_t>(character.length, 1);
        }
    }

    /// "\r\n" at the end is one line end at the end.
    [[nodiscard]] std::string_view line_end_place(std::size_t at) const {
        const std::size_t rest = key_.find_first_not_of("\r\n", at);
        return rest == std::string_view::npos ? "at its end" : place_of(key_, at, 1);
    }

    void check_quotes() {
        constexpr std::string_view kQuotes = "\"'`";
        if (kQuotes.contains(key_.front()) || kQuotes.contains(key_.back())) {
            add(Kind::Quotes, "the key has quotes around it");
        }
    }

    void check_words() {
        if (core_of(key_).empty()) {
            add(Kind::Empty, "the key has nothing but blanks or quotes");
        } else if (is_placeholder(key_)) {
            add(Kind::Placeholder, "the key is a placeholder; store the one that the provider gave you");
        } else if (!source_.key_pattern.empty() && !schema::matches_pattern(source_.key_pattern, key_)) {
            add(Kind::Format, fmt::format("the key does not have the format that {} documents: {}",
                                          source_.title, source_.key_pattern));
        }
    }

    const Source& source_;
    std::string_view key_;
    std::vector<KeyProblem> problems_;
};

}  // namespace

std::vector<KeyProblem> check_key_format(const Source& source, std::string_view key) {
    return KeyFormat{source, key}.take();
}

}  // namespace quantconf::sources
