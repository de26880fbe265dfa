#include "format/yaml_frame.hpp"

#include <algorithm>

namespace quantconf::format {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kLineEnds = "\r\n";

std::size_t find_first_not_of(std::string_view text, std::string_view set, std::size_t at) {
    return std::min(text.find_first_not_of(set, at), text.size());
}

std::size_t line_end(std::string_view text, std::size_t at) {
    return std::min(text.find_first_of(kLineEnds, at), text.size());
}

/// Behind blank lines and comment lines: at the first line with something else, or at the end of the text.
std::size_t skip_empty_lines(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const std::size_t content = find_first_not_of(text, kBlanks, at);
        if (content < text.size() && text[content] != '#' && !kLineEnds.contains(text[content])) {
            return at;
        }
        at = find_first_not_of(text, kLineEnds, line_end(text, content));
    }
    return at;
}

/// Whether `---` or `...` stands at `at` as a word of its own.
bool is_marker(std::string_view text, std::size_t at, std::string_view marker) {
    return text.substr(at).starts_with(marker) &&
           (at + marker.size() == text.size() || kBlanks.contains(text[at + marker.size()]) ||
            kLineEnds.contains(text[at + marker.size()]));
}

/// The words of a directive without a comment: "%YAML 1.2".
bool is_yaml_1_2(std::string_view directive) {
    if (!directive.starts_with("%YAML") || directive.size() < 6 || !kBlanks.contains(directive[5])) {
        return false;
    }
    const std::string_view version = directive.substr(find_first_not_of(directive, kBlanks, 5));
    if (!version.starts_with("1.2")) {
        return false;
    }
    const std::string_view rest = version.substr(3);
    const std::size_t comment = find_first_not_of(rest, kBlanks, 0);
    return comment == rest.size() || (comment > 0 && rest[comment] == '#');
}

void check_directive(std::string_view text, std::size_t begin, std::size_t end, bool is_first,
                     Report& report) {
    const std::string_view directive = text.substr(begin, end - begin);
    if (is_yaml_1_2(directive)) {
        if (!is_first) {
            report.add({.code = Code::Syntax,
                        .expected = "one %YAML directive",
                        .found = "a second one",
                        .hint = "delete the line",
                        .origin = report.at(begin, end)});
        }
        return;
    }
    const bool is_version = directive.starts_with("%YAML");
    report.add({.code = is_version ? Code::YamlVersion : Code::Syntax,
                .expected = is_version ? "%YAML 1.2" : "no directive but %YAML 1.2",
                .found = is_version ? "another version" : "another directive",
                .hint = is_version
                            ? "YAML 1.1 reads yes, 012 and 12:30 differently; delete the line and check them"
                            : "delete the line",
                .origin = report.at(begin, end)});
}

}  // namespace

std::size_t skip_directives(std::string_view text, std::size_t begin, Report& report) {
    std::size_t at = begin;
    std::size_t count = 0;
    while (true) {
        const std::size_t next = skip_empty_lines(text, at);
        if (next == text.size() || text[next] != '%') {
            if (count != 0 && !is_marker(text, next, "---")) {
                report.add({.code = Code::Syntax,
                            .expected = "--- behind a directive",
                            .found = "something else",
                            .hint = "write --- on a line of its own in front of the configuration",
                            .origin = report.at(next, next)});
            }
            return count == 0 ? begin : next;
        }
        at = line_end(text, next);
        check_directive(text, next, at, count == 0, report);
        ++count;
    }
}

void check_end(std::string_view text, std::size_t end, Report& report) {
    std::size_t at = end;
    bool at_line_start = at == 0 || kLineEnds.contains(text[at - 1]);
    while (true) {
        const std::size_t content = find_first_not_of(text, kBlanks, at);
        if (content == text.size()) {
            return;
        }
        at_line_start = at_line_start && content == at;
        if (kLineEnds.contains(text[content])) {
            at = find_first_not_of(text, kLineEnds, content);
        } else if (text[content] == '#') {
            at = find_first_not_of(text, kLineEnds, line_end(text, content));
        } else if (at_line_start && is_marker(text, content, "...")) {
            at = content + 3;
            at_line_start = false;
            continue;
        } else {
            at = content;
            break;
        }
        at_line_start = true;
    }
    const bool is_document = text[at] == '%' || (at_line_start && is_marker(text, at, "---"));
    report.add({.code = is_document ? Code::SeveralDocuments : Code::Syntax,
                .expected = is_document ? "one document" : "the end of the file",
                .found = is_document ? "a second one" : "more text behind the document",
                .hint = is_document ? "keep one document in a file; the environments have files of their own"
                                    : "check brackets and indentation above",
                .origin = report.at(at, std::min(at + 3, text.size()))});
}

}  // namespace quantconf::format
