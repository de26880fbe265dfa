#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "format/parse.hpp"

// What the tests of this folder share.
namespace quantconf::format::testing {

inline std::shared_ptr<Source> file(std::string_view text) {
    return Source::make(Source::Kind::File, "base", "base.yaml", std::string{text});
}

inline Parsed yaml(std::string_view text) {
    return parse_yaml(file(text));
}

/// "QC1102 3:1", one for each diagnostic.
inline std::vector<std::string> found(const Diagnostics& diagnostics) {
    std::vector<std::string> result;
    for (const Diagnostic& diagnostic : diagnostics) {
        const Position position = diagnostic.origin.position();
        result.push_back(fmt::format("{} {}:{}", to_string(diagnostic.code), position.line, position.column));
    }
    return result;
}

inline std::vector<std::string> problems(std::string_view yaml_text) {
    return found(yaml(yaml_text).diagnostics);
}

/// What stands in the tree, on one line: {a: 1, b: [x, "y"]}. Quoted scalars in quotes, operators in front.
inline std::string shown(const value::Node& node) {
    static constexpr const char* kOperators[] = {"",         "!delete ",  "!delete? ", "!replace ",
                                                 "!append ", "!prepend ", "!remove "};
    std::string text = kOperators[static_cast<std::size_t>(node.op)];
    std::string separator;
    switch (node.kind) {
        case value::NodeKind::Scalar:
            return text + (node.is_quoted() ? json_quoted(node.scalar()) : std::string{node.scalar()});
        case value::NodeKind::List:
            text += '[';
            for (const value::Node& item : node.list()) {
                text += separator + shown(item);
                separator = ", ";
            }
            return text + ']';
        case value::NodeKind::Map:
            text += '{';
            for (const value::Entry& entry : node.map()) {
                text += fmt::format("{}{}: {}", separator, entry.key(), shown(entry.value));
                separator = ", ";
            }
            return text + '}';
    }
    return text;
}

inline std::string shown(const Parsed& parsed) {
    return parsed.document == nullptr ? "no document" : shown(parsed.document->root);
}

inline std::string tree(std::string_view yaml_text) {
    return shown(yaml(yaml_text));
}

/// Everything that a person would see, all in one.
inline std::string rendered(const Diagnostics& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += to_text(diagnostic) + "\n";
    }
    return text;
}

using Texts = std::vector<std::string>;

}  // namespace quantconf::format::testing
