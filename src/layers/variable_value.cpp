#include "layers/variable_value.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "format/parse.hpp"
#include "layers/json_text.hpp"
#include "layers/report.hpp"

namespace quantconf::layers {
namespace {

using value::Node;
using value::NodeKind;
using value::Operator;
using value::Style;

constexpr std::string_view kBlanks = " \t";

bool is_section(const Field& field) {
    return field.type == Type::Struct || field.type == Type::Map;
}

bool is_scalar(const Field& field) {
    return !is_section(field) && field.type != Type::List;
}

/// A text in front of which an operator may stand.
struct Command {
    Operator op = Operator::None;
    std::size_t operand = 0;  ///< Offset of what comes behind it.
};

Command command_of(const WrittenValue& written, const Field& field) {
    static constexpr std::array<std::pair<std::string_view, Operator>, 6> kWords{{
        {"@delete", Operator::Delete},
        {"@delete?", Operator::DeleteIfSet},
        {"@replace", Operator::Replace},
        {"@append", Operator::Append},
        {"@prepend", Operator::Prepend},
        {"@remove", Operator::Remove},
    }};
    if (!written.has_operators || !written.text.starts_with('@')) {
        return {};
    }
    const std::size_t end = std::min(written.text.find_first_of(kBlanks), written.text.size());
    const auto* const word =
        std::ranges::find(kWords, written.text.substr(0, end), &std::pair<std::string_view, Operator>::first);
    if (word == kWords.end()) {
        return {};
    }
    const bool is_deletion = word->second == Operator::Delete || word->second == Operator::DeleteIfSet;
    if (is_deletion ? end != written.text.size() : field.type == Type::Secret) {
        return {};
    }
    return {.op = word->second,
            .operand = std::min(written.text.find_first_not_of(kBlanks, end), written.text.size())};
}

/// The part of a text from an offset on. Offsets are kept if the source has the text as it is.
WrittenValue from(const WrittenValue& written, std::size_t offset) {
    WrittenValue rest = written;
    rest.text.remove_prefix(offset);
    if (written.end - written.begin == written.text.size()) {
        rest.begin += static_cast<std::uint32_t>(offset);
    }
    return rest;
}

Origin origin_of(const WrittenValue& written) {
    return {.source = written.source->shared_from_this(), .begin = written.begin, .end = written.end};
}

void report_list_syntax(const WrittenValue& written, std::string found, Origin origin,
                        Diagnostics& diagnostics) {
    Diagnostic& diagnostic = report_expected(diagnostics, Code::BadListSyntax, written.path,
                                             "a JSON array or values with commas between them",
                                             std::move(found), std::move(origin));
    diagnostic.hint = fmt::format(R"(write {0}=["a", "b"] or {0}=a,b)", written.name);
}

std::optional<Node> read_json(const WrittenValue& written, NodeKind wanted, Arena& arena,
                              Diagnostics& diagnostics) {
    Diagnostics problems;
    const auto node = parse_json_inside(
        {.text = written.text, .source = written.source, .begin = written.begin, .end = written.end}, arena,
        problems);
    if (node && node->kind == wanted) {
        return node;
    }
    const std::string found =
        problems.empty() ? "something else" : "text that is not JSON: " + problems.front().message;
    Origin origin = problems.empty() ? origin_of(written) : problems.front().origin;
    if (wanted == NodeKind::List) {
        report_list_syntax(written, found, std::move(origin), diagnostics);
    } else {
        report_expected(diagnostics, Code::WrongShape, written.path, "a JSON object", found,
                        std::move(origin));
    }
    return std::nullopt;
}

std::optional<Node> read_comma_list(const WrittenValue& written, Arena& arena, Diagnostics& diagnostics) {
    std::vector<Node> items;
    for (std::size_t at = 0; at <= written.text.size();) {
        const std::size_t comma = std::min(written.text.find(',', at), written.text.size());
        const std::string_view piece = written.text.substr(at, comma - at);
        const std::size_t first = std::min(piece.find_first_not_of(kBlanks), piece.size());
        const std::string_view item = piece.substr(first, piece.find_last_not_of(kBlanks) + 1 - first);
        if (item.empty() || item.front() == '"' || item.front() == '\'') {
            report_list_syntax(written, item.empty() ? "nothing between two commas" : "quotes",
                               origin_of(written), diagnostics);
            return std::nullopt;
        }
        WrittenValue place = from(written, at + first);
        if (place.begin != written.begin || written.end - written.begin == written.text.size()) {
            place.end = place.begin + static_cast<std::uint32_t>(item.size());
        }
        items.push_back(value::scalar_node(item, Style::Verbatim, written.source, place.begin, place.end));
        at = comma + 1;
    }
    return value::list_node(arena.copy(std::span<const Node>{items}), written.source, written.begin,
                            written.end);
}

std::optional<Node> read_list(const WrittenValue& written, const Field& field, Arena& arena,
                              Diagnostics& diagnostics) {
    if (written.text.starts_with('[')) {
        return read_json(written, NodeKind::List, arena, diagnostics);
    }
    if (!is_scalar(field.element())) {
        report_list_syntax(written, "another text, and only scalars can stand between commas",
                           origin_of(written), diagnostics);
        return std::nullopt;
    }
    return read_comma_list(written, arena, diagnostics);
}

void report_section(const WrittenValue& written, const Field& field, Diagnostics& diagnostics) {
    std::vector<std::string> leaves;
    for (const Field& member : field.children) {
        leaves.push_back(member.name.empty() ? "<KEY>" : member.name);
    }
    Diagnostic& diagnostic = report_expected(diagnostics, Code::VariableIsSection, written.path,
                                             fmt::format("one value of {}", written.path),
                                             "the whole section", origin_of(written));
    diagnostic.hint = fmt::format("set {} of it, one at a time", join_or(leaves));
}

void report_misplaced(const WrittenValue& written, Diagnostics& diagnostics) {
    Diagnostic& diagnostic = report_expected(diagnostics, Code::MisplacedOperator, written.path,
                                             "a single value", "an operator for lists", origin_of(written));
    diagnostic.hint = "to set this very text, write @replace in front of it";
}

void report_empty(const WrittenValue& written, Diagnostics& diagnostics) {
    Diagnostic& diagnostic = report(
        diagnostics, written.empty_is_error ? Severity::Error : Severity::Note, Code::EmptyVariable,
        written.path, fmt::format("{} is empty and counts as not set", written.name), origin_of(written));
    diagnostic.hint = "unset it, or give it a value";
}

std::optional<Node> read_section(const WrittenValue& written, const Field& field, Operator op, Arena& arena,
                                 Diagnostics& diagnostics) {
    if (op == Operator::Replace && !written.text.empty()) {
        return read_json(written, NodeKind::Map, arena, diagnostics);
    }
    report_section(written, field, diagnostics);
    return std::nullopt;
}

}  // namespace

std::optional<Node> read_value(const WrittenValue& whole, const Field& field, Arena& arena,
                               Diagnostics& diagnostics) {
    const auto [op, operand] = command_of(whole, field);
    const WrittenValue written = from(whole, operand);
    if (op == Operator::Delete || op == Operator::DeleteIfSet) {
        Node node = value::scalar_node({}, Style::Plain, whole.source, whole.begin, whole.end);
        node.op = op;
        return node;
    }
    if (op != Operator::None && op != Operator::Replace && field.type != Type::List) {
        report_misplaced(whole, diagnostics);
        return std::nullopt;
    }
    std::optional<Node> node;
    if (is_section(field)) {
        node = read_section(written, field, op, arena, diagnostics);
    } else if (written.text.empty() && !(field.type == Type::String && field.options.allow_empty)) {
        report_empty(whole, diagnostics);
    } else if (field.type == Type::List) {
        node = read_list(written, field, arena, diagnostics);
    } else {
        node = value::scalar_node(written.text, Style::Verbatim, written.source, written.begin, written.end);
    }
    if (node) {
        node->op = op;
    }
    return node;
}

}  // namespace quantconf::layers
