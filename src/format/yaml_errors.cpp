#include "format/yaml_errors.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "format/unicode.hpp"

namespace quantconf::format {
namespace {

/// Which of libyaml's two places a person has to look at.
enum class Place : std::uint8_t {
    Problem,
    Context,
    Escape,  ///< The backslash two bytes before the problem.
};

struct Translation {
    std::string_view problem;
    std::string_view context;  ///< Empty: any.
    Place place;
    std::string_view expected;
    std::string_view found;  ///< Empty: described from the text.
    std::string_view hint;
    std::string_view related;  ///< What stands at libyaml's context; empty: nothing worth saying.
};

constexpr std::string_view kQuoteHint =
    "in double quotes \\ begins an escape: write the text in single quotes, or each \\ twice";

constexpr std::array kTranslations{
    Translation{"could not find expected ':'", "", Place::Context, "`key: value`", "a text without a colon",
                "a text over several lines needs quotes, | or >", ""},
    Translation{"found character that cannot start any token", "", Place::Problem, "a key or value",
                "a character that cannot begin one", "quote a text that begins with @, % or `", ""},
    Translation{"block sequence entries are not allowed in this context", "", Place::Problem, "a value",
                "a list item", "put the first `- ` on a line of its own below the key", ""},
    Translation{"mapping keys are not allowed in this context", "", Place::Problem, "a value", "`?`",
                "quote a text that begins with `? `", ""},
    Translation{"mapping values are not allowed in this context", "", Place::Problem, "the end of the value",
                "`:`", "indent the line as its neighbours are, or quote a text that contains `: `", ""},
    Translation{"did not find expected key", "", Place::Problem, "the next key", "",
                "check the indentation of this line and the quotes of the line above",
                "the mapping begins here"},
    Translation{"did not find expected '-' indicator", "", Place::Problem, "the next `- ` of the list", "",
                "a list cannot be continued by keys: check the indentation", "the list begins here"},
    Translation{"did not find expected ',' or ']'", "", Place::Problem, "`,` or `]`", "",
                "close the list, or put a comma between its items", "the list begins here"},
    Translation{"did not find expected ',' or '}'", "", Place::Problem, "`,` or `}`", "",
                "close the mapping, or put a comma between its entries", "the mapping begins here"},
    Translation{"did not find expected node content", "", Place::Problem, "a value", "",
                "write null, \"\" or nothing at all instead of a gap", ""},
    Translation{"found unexpected end of stream", "while scanning a quoted scalar", Place::Context,
                "a closing quote", "the end of the file", "the text that begins here is never closed", ""},
    Translation{"found unexpected document indicator", "", Place::Context, "a closing quote",
                "the end of the document", "the text that begins here is never closed", ""},
    Translation{"found unknown escape character", "", Place::Problem, "an escape such as \\n or \\\\",
                "an unknown one", kQuoteHint, ""},
    Translation{"did not find expected hexdecimal number", "", Place::Escape,
                "hexadecimal digits in an escape", "something else", kQuoteHint, ""},
    Translation{"found invalid Unicode character escape code", "", Place::Escape, "the escape of a character",
                "a surrogate or a number too large", "write characters beyond U+FFFF as \\U0001F600", ""},
    Translation{"did not find expected alphabetic or numeric character", "while scanning an anchor",
                Place::Context, "a name behind &", "something else", "quote a text that begins with &", ""},
    Translation{"did not find expected alphabetic or numeric character", "while scanning an alias",
                Place::Context, "a name behind *", "something else", "quote a text that begins with *", ""},
    Translation{"found an indentation indicator equal to 0", "", Place::Problem, "a digit from 1 to 9", "0",
                "leave the digit out", ""},
    Translation{"did not find expected comment or line break", "while scanning a block scalar",
                Place::Problem, "the end of the line behind | or >", "more text",
                "begin the text on the next line", ""},
    Translation{"found unexpected ':'", "", Place::Problem, "a blank behind `:`", "none",
                "write {key: value}; quote a text that contains a colon", ""},
    Translation{"did not find expected <document start>", "", Place::Problem, "the end of the file",
                "more text behind the document", "check brackets and indentation above", ""},
};

std::string describe(std::string_view text, std::uint32_t at) {
    if (at >= text.size() || text.find_first_not_of(" \t\r\n", at) == std::string_view::npos) {
        return "the end of the file";
    }
    const std::string_view rest = text.substr(at);
    switch (rest.front()) {
        case '\n':
        case '\r':
            return "the end of the line";
        case '"':
        case '\'':
            return "a quoted text";
        case '[':
        case ']':
        case '{':
        case '}':
        case ',':
        case ':':
            return fmt::format("`{}`", rest.front());
        default:
            return rest.starts_with("- ") ? "a list item" : "a text";
    }
}

/// The first tab in the indentation in which libyaml stopped, if that is why.
std::optional<std::uint32_t> indentation_tab(const YamlError& error, std::string_view text) {
    const std::uint32_t at = error.problem_at;
    if (at < text.size() && text[at] == '\t' &&
        (error.problem.contains(" tab ") || error.problem == "found character that cannot start any token")) {
        const std::size_t line = at == 0 ? std::string_view::npos : text.find_last_of("\r\n", at - 1);
        const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
        const std::size_t tab = text.find('\t', begin);
        const bool in_indentation =
            text.substr(begin, tab - begin).find_first_not_of(' ') == std::string_view::npos;
        return in_indentation ? static_cast<std::uint32_t>(tab) : at;
    }
    return std::nullopt;
}

bool is_tag_error(const YamlError& error) {
    return error.context.contains("tag") || error.problem == "found undefined tag handle";
}

/// Where an invisible character stands outside of comments, in what libyaml did not understand.
std::optional<std::size_t> find_deceptive(std::string_view text, std::size_t begin, std::size_t end) {
    bool after_blank = true;
    for (std::size_t at = begin; at < end;) {
        const Character character = character_at(text, at);
        if (character.code_point == '#' && after_blank) {
            at = std::min(text.find_first_of("\r\n", at), text.size());
            continue;
        }
        if (is_deceptive(character.code_point)) {
            return at;
        }
        after_blank = text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r';
        at += character.length;
    }
    return std::nullopt;
}

}  // namespace

bool report_deceptive(std::string_view text, std::size_t begin, std::size_t end, std::string path,
                      Report& report) {
    const auto at = find_deceptive(text, begin, end);
    if (!at) {
        return false;
    }
    const Character character = character_at(text, *at);
    const std::string name = name_of(character.code_point);
    report.add({.code = Code::InvisibleCharacter,
                .path = std::move(path),
                .expected = "visible characters outside of quotes",
                .found = name,
                .hint = "replace it with an ordinary blank, or put the text into quotes",
                .origin = report.at(*at, *at + character.length)});
    return true;
}

void report_yaml_error(const YamlError& error, std::string_view text, std::uint32_t understood_to,
                       bool has_deceptive, Report& report) {
    if (const auto tab = indentation_tab(error, text)) {
        report.add({.code = Code::TabIndentation,
                    .expected = "spaces",
                    .found = "a tab used for indentation",
                    .hint = "replace each tab with spaces",
                    .origin = report.at(*tab, *tab + 1)});
        return;
    }
    const std::size_t problem_end = std::min<std::size_t>(error.problem_at + 4, text.size());
    if (has_deceptive && report_deceptive(text, understood_to, problem_end, "", report)) {
        return;
    }
    if (is_tag_error(error)) {
        report.add({.code = Code::UnknownTag,
                    .expected = "one of our operators or no tag",
                    .found = "something that is not a tag",
                    .hint = "quote a text that begins with !",
                    .origin = report.at(error.context_at, error.problem_at)});
        return;
    }
    const auto* known = std::ranges::find_if(kTranslations, [&error](const Translation& translation) {
        return translation.problem == error.problem &&
               (translation.context.empty() || translation.context == error.context);
    });
    if (known == kTranslations.end()) {
        report.add({.message = fmt::format("expected YAML, found something else: {}", error.problem),
                    .origin = report.at(error.problem_at, error.problem_at)});
        return;
    }
    const std::uint32_t at = known->place == Place::Context  ? error.context_at
                             : known->place == Place::Escape ? error.problem_at - 2
                                                             : error.problem_at;
    Diagnostic diagnostic{
        .expected = std::string{known->expected},
        .found = known->found.empty() ? describe(text, error.problem_at) : std::string{known->found},
        .hint = std::string{known->hint},
        .origin = report.at(at, at)};
    if (!known->related.empty()) {
        diagnostic.related.push_back(
            report.related(error.context_at, error.context_at, std::string{known->related}));
    }
    report.add(std::move(diagnostic));
}

}  // namespace quantconf::format
