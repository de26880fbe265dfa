#include "format/yaml_tags.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace quantconf::format {
namespace {

using value::Operator;
using Kind = YamlEvent::Kind;

struct NamedOperator {
    std::string_view tag;
    Operator op;
    std::string_view takes;
};

constexpr std::array<NamedOperator, 6> kOperators{{
    {"!delete", Operator::Delete, "nothing behind !delete"},
    {"!delete?", Operator::DeleteIfSet, "nothing behind !delete?"},
    {"!replace", Operator::Replace, "a mapping or list behind !replace"},
    {"!append", Operator::Append, "a list behind !append"},
    {"!prepend", Operator::Prepend, "a list behind !prepend"},
    {"!remove", Operator::Remove, "a list behind !remove"},
}};

constexpr std::string_view kCorePrefix = "tag:yaml.org,2002:";

std::string kind_name(const YamlEvent& event) {
    switch (event.kind) {
        case Kind::OpenList:
            return "a list";
        case Kind::OpenMap:
            return "a mapping";
        default:
            return event.text.empty() && event.style == value::Style::Plain ? "nothing" : "a scalar";
    }
}

bool takes(Operator op, const YamlEvent& event) {
    switch (op) {
        case Operator::Delete:
        case Operator::DeleteIfSet:
            return event.kind == Kind::Scalar && event.text.empty() && event.style == value::Style::Plain;
        case Operator::Replace:
            return event.kind != Kind::Scalar;
        default:
            return event.kind == Kind::OpenList;
    }
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_sign(std::string_view text) {
    return text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
}

bool is_core_int(std::string_view text) {
    const std::string_view digits = text.starts_with("0x") || text.starts_with("0o") ? text.substr(2) : "";
    return is_digits(without_sign(text)) ||
           (!digits.empty() &&
            digits.find_first_not_of(text[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567") ==
                std::string_view::npos);
}

/// YAML 1.2.2, section 10.3.2: [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_core_float(std::string_view text) {
    const std::string_view plain = without_sign(text);
    if (plain == ".inf" || plain == ".Inf" || plain == ".INF" || text == ".nan" || text == ".NaN" ||
        text == ".NAN") {
        return true;
    }
    const std::size_t exponent_at = plain.find_first_of("eE");
    const std::string_view number = plain.substr(0, exponent_at);
    const std::size_t point = number.find('.');
    const std::string_view whole = number.substr(0, point);
    const std::string_view part = point == std::string_view::npos ? "" : number.substr(point + 1);
    const bool is_number =
        (is_digits(whole) && (part.empty() || is_digits(part))) || (whole.empty() && is_digits(part));
    return is_number &&
           (exponent_at == std::string_view::npos || is_digits(without_sign(plain.substr(exponent_at + 1))));
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

/// Whether a core tag says what the value is anyway.
bool agrees(std::string_view core, const YamlEvent& event) {
    if (event.kind != Kind::Scalar) {
        return core == (event.kind == Kind::OpenMap ? "map" : "seq");
    }
    if (core == "str") {
        return true;
    }
    if (event.style != value::Style::Plain) {
        return false;
    }
    return (core == "int" && is_core_int(event.text)) || (core == "float" && is_core_float(event.text)) ||
           (core == "bool" && is_one_of(event.text, {"true", "True", "TRUE", "false", "False", "FALSE"})) ||
           (core == "null" && is_one_of(event.text, {"", "~", "null", "Null", "NULL"}));
}

TagFault disagreement(std::string_view core, const YamlEvent& event) {
    return {.code = Code::UnknownTag,
            .expected = std::string{"a value that agrees with its tag !!"} + std::string{core},
            .found = event.kind == Kind::Scalar ? "another" : kind_name(event),
            .hint = "leave the tag out: the schema knows the type"};
}

TagFault unknown_tag(std::string_view tag) {
    std::vector<std::string> names;
    for (const NamedOperator& named : kOperators) {
        names.emplace_back(named.tag);
    }
    // Only a near miss may be answered with names: what is not meant as a tag is a text, perhaps a password.
    const std::string suggestion = did_you_mean(nearest(tag, names));
    return {.code = Code::UnknownTag,
            .expected = "one of our operators or no tag",
            .found = "an unknown tag",
            .hint = suggestion.empty() ? "quote a text that begins with !" : suggestion};
}

}  // namespace

std::optional<TagFault> read_tag(const YamlEvent& event, bool may_be_operator, TagMeaning& meaning) {
    if (event.tag.starts_with(kCorePrefix)) {
        const std::string_view core = event.tag.substr(kCorePrefix.size());
        if (!is_one_of(core, {"str", "int", "float", "bool", "null", "map", "seq"})) {
            return unknown_tag(event.tag);
        }
        if (!agrees(core, event)) {
            return disagreement(core, event);
        }
        meaning.is_text = core == "str";
        return std::nullopt;
    }
    const auto* named = std::ranges::find(kOperators, event.tag, &NamedOperator::tag);
    if (named == kOperators.end()) {
        return unknown_tag(event.tag);
    }
    if (!may_be_operator) {
        return TagFault{.code = Code::MisplacedOperator,
                        .expected = "an operator as the value of a key",
                        .found = "one elsewhere",
                        .hint = "operators say what to do with the same key of the layers below"};
    }
    if (!takes(named->op, event)) {
        return TagFault{
            .code = Code::MisplacedOperator,
            .expected = std::string{named->takes},
            .found = kind_name(event),
            .hint = named->op == Operator::Replace ? "a scalar always replaces: leave the operator out" : ""};
    }
    meaning.op = named->op;
    return std::nullopt;
}

}  // namespace quantconf::format
