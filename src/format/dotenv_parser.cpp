#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "format/parse.hpp"
#include "format/text_check.hpp"
#include "format/tree_builder.hpp"

namespace quantconf::format {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_name_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// What follows a value on its line: nothing, blanks, or a comment.
bool is_rest_of_line(std::string_view rest) {
    const std::size_t at = std::min(rest.find_first_not_of(kBlanks), rest.size());
    return at == rest.size() || (at > 0 && rest[at] == '#');
}

/// Reads one line. Never says anything about a value: it is probably a secret.
class DotenvLine {
public:
    DotenvLine(std::string_view text, std::size_t begin, std::size_t end, Report& report)
        : line_{text.substr(begin, end - begin)}, begin_{begin}, report_{report} {}

    [[nodiscard]] std::optional<DotenvEntry> read() {
        skip_blanks();
        if (at_ == line_.size() || line_[at_] == '#') {
            return std::nullopt;
        }
        constexpr std::string_view kExport = "export";
        const std::string_view rest = line_.substr(at_);
        if (rest.starts_with(kExport) && rest.size() > kExport.size() &&
            kBlanks.contains(rest[kExport.size()])) {
            at_ += kExport.size();
            skip_blanks();
        }
        return read_name() && read_value() ? std::optional{std::move(entry_)} : std::nullopt;
    }

private:
    bool read_name() {
        const std::size_t begin = at_;
        while (at_ < line_.size() && is_name_character(line_[at_])) {
            ++at_;
        }
        entry_.name = line_.substr(begin, at_ - begin);
        entry_.name_begin = offset(begin);
        entry_.name_end = offset(at_);
        if (entry_.name.empty() || (entry_.name.front() >= '0' && entry_.name.front() <= '9')) {
            return fail(begin, "a name of letters, digits and _", "something else", "write NAME=value");
        }
        if (at_ == line_.size() || line_[at_] != '=') {
            const bool has_blank = at_ < line_.size() && kBlanks.contains(line_[at_]);
            return fail(at_, "`=` right behind the name", has_blank ? "a blank" : "something else",
                        "write NAME=value");
        }
        ++at_;
        return true;
    }

    bool read_value() {
        entry_.value_begin = offset(at_);
        entry_.value_end = entry_.value_begin;
        const char first = at_ < line_.size() ? line_[at_] : ' ';
        switch (first) {
            case '\'':
                return read_single_quoted();
            case '"':
                return read_double_quoted();
            default:
                return read_bare();
        }
    }

    bool read_bare() {
        if (is_rest_of_line(line_.substr(at_))) {
            return true;  // Empty.
        }
        if (kBlanks.contains(line_[at_])) {
            return fail(at_, "the value right behind `=`", "a blank",
                        "quote a value that begins with a blank");
        }
        std::size_t end = at_;
        while (end < line_.size() && !is_rest_of_line(line_.substr(end))) {
            // To the next blank, where a comment may begin.
            end = std::min(line_.find_first_of(kBlanks, end + 1), line_.size());
            if (!is_rest_of_line(line_.substr(end))) {
                end = std::min(line_.find_first_not_of(kBlanks, end), line_.size());
            }
        }
        return finish(std::string{line_.substr(at_, end - at_)}, end);
    }

    bool read_single_quoted() {
        const std::size_t end = line_.find('\'', at_ + 1);
        if (end == std::string_view::npos) {
            return unclosed();
        }
        return finish(std::string{line_.substr(at_ + 1, end - at_ - 1)}, end + 1);
    }

    bool read_double_quoted() {
        constexpr std::string_view kEscapes = "ntr\"\\$";
        constexpr std::string_view kEscaped = "\n\t\r\"\\$";
        std::string value;
        for (std::size_t at = at_ + 1; at < line_.size(); ++at) {
            if (line_[at] == '"') {
                return finish(std::move(value), at + 1);
            }
            if (line_[at] != '\\') {
                value += line_[at];
                continue;
            }
            const std::size_t which =
                at + 1 < line_.size() ? kEscapes.find(line_[at + 1]) : std::string_view::npos;
            if (which == std::string_view::npos) {
                return fail(at, "one of the escapes \\n \\t \\r \\\" \\\\ \\$", "another",
                            "single quotes take everything as it stands");
            }
            value += kEscaped[which];
            ++at;
        }
        return unclosed();
    }

    bool finish(std::string value, std::size_t end) {
        if (!is_rest_of_line(line_.substr(end))) {
            return fail(end, "the end of the line behind the value", "more text",
                        "quote the whole value; a comment needs a blank in front of #");
        }
        entry_.value = std::move(value);
        entry_.value_end = offset(end);
        return true;
    }

    bool unclosed() {
        return fail(at_, "a closing quote on the same line", "none",
                    "write a line break as \\n in double quotes");
    }

    bool fail(std::size_t at, std::string expected, std::string found, std::string hint) {
        report_.add_unprintable({.code = Code::DotenvSyntax,
                                 .expected = std::move(expected),
                                 .found = std::move(found),
                                 .hint = std::move(hint),
                                 .origin = report_.at(begin_ + at, begin_ + at)});
        return false;
    }

    void skip_blanks() { at_ = std::min(line_.find_first_not_of(kBlanks, at_), line_.size()); }

    [[nodiscard]] std::uint32_t offset(std::size_t at) const {
        return static_cast<std::uint32_t>(begin_ + at);
    }

    std::string_view line_;
    std::size_t begin_;
    std::size_t at_ = 0;
    Report& report_;
    DotenvEntry entry_;
};

void report_duplicates(const std::vector<DotenvEntry>& entries, Source& source, Report& report) {
    std::unordered_map<std::string_view, const DotenvEntry*> first;
    for (const DotenvEntry& entry : entries) {
        const auto [found, is_new] = first.try_emplace(entry.name, &entry);
        if (is_new) {
            continue;
        }
        const DotenvEntry& earlier = *found->second;
        source.conceal(earlier.value_begin, earlier.value_end);
        source.conceal(entry.value_begin, entry.value_end);
        if (report.is_full()) {
            return;
        }
        report.add({.code = Code::DotenvSyntax,
                    .message = "expected each name once, found it again",
                    .hint = "delete one of the two lines",
                    .origin = report.at(entry.name_begin, entry.name_end),
                    .related = {report.related(earlier.name_begin, earlier.name_end, "first set here")}});
    }
}

}  // namespace

ParsedDotenv parse_dotenv(const std::shared_ptr<Source>& source) {
    ParsedDotenv result;
    Report report{source};
    if (check_text(*source, report).is_acceptable) {
        const std::string_view text = source->text();
        const std::size_t entries_max = nodes_max(text.size()) / 4;  // An entry is larger than a value.
        for (std::size_t begin = text_begin(text); begin < text.size();) {
            const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
            if (auto entry = DotenvLine{text, begin, end, report}.read()) {
                result.entries.push_back(std::move(*entry));
            }
            begin = end + 1;
            if (report.is_full()) {
                break;
            }
            if (result.entries.size() > entries_max) {
                report.add({.code = Code::TooManyNodes,
                            .expected = fmt::format("at most {} names in a file of this size", entries_max),
                            .found = "more",
                            .origin = report.at(begin, begin)});
                break;
            }
        }
        report_duplicates(result.entries, *source, report);
    }
    result.diagnostics = report.take(true);
    return result;
}

}  // namespace quantconf::format
