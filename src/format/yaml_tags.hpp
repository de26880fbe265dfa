#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "format/yaml_events.hpp"
#include "quantconf/code.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// What a tag says about a value.
struct TagMeaning {
    value::Operator op = value::Operator::None;
    bool is_text = false;  ///< !!str: the scalar is a text, whatever it looks like.
};

/// Why a tag cannot stand where it stands. Never quotes the tag: `password: !hunter2` is a tag, too.
struct TagFault {
    Code code;
    std::string expected;
    std::string found;
    std::string hint;
};

/// Reads the tag of a scalar or of an opened collection. `may_be_operator` is true for the value of a key.
/// A core tag (!!int and so on) must agree with the value; then it changes nothing, because the schema
/// decides types.
[[nodiscard]] std::optional<TagFault> read_tag(const YamlEvent& event, bool may_be_operator,
                                               TagMeaning& meaning);

}  // namespace quantconf::format
