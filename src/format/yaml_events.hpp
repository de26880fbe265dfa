#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "value/node.hpp"

namespace quantconf::format {

/// What libyaml found next. Texts live until the next call; places are byte offsets of the whole source.
struct YamlEvent {
    enum class Kind : std::uint8_t { Alias, Scalar, OpenList, OpenMap, Close, DocumentEnd, StreamEnd, Other };

    Kind kind = Kind::Other;
    value::Style style = value::Style::Plain;
    std::uint32_t begin = 0;  ///< Anchor and tag included.
    std::uint32_t end = 0;
    std::string_view text;    ///< Of a scalar.
    std::string_view anchor;  ///< Or the name of an alias; empty if there is none.
    std::string_view tag;     ///< Resolved: "!append", "tag:yaml.org,2002:str"; empty if there is none.
};

/// Why libyaml stopped. Its texts are constants and never contain anything of the input.
struct YamlError {
    std::string_view problem;
    std::string_view context;
    std::uint32_t problem_at = 0;
    std::uint32_t context_at = 0;
};

/// The events of libyaml with byte offsets. The only place that knows libyaml.
class YamlEvents {
public:
    /// Reads `text` from byte `begin`; it must be valid UTF-8 and outlive this object.
    YamlEvents(std::string_view text, std::size_t begin, bool is_ascii);
    YamlEvents(const YamlEvents&) = delete;
    YamlEvents& operator=(const YamlEvents&) = delete;
    ~YamlEvents();

    /// The next event, or nullptr if the text is not YAML: then error() says why.
    [[nodiscard]] const YamlEvent* next();
    [[nodiscard]] YamlError error();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace quantconf::format
