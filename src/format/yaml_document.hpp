#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "format/anchors.hpp"
#include "format/report.hpp"
#include "format/text_check.hpp"
#include "format/tree_builder.hpp"
#include "format/yaml_events.hpp"
#include "format/yaml_tags.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// Turns the events of one YAML document into a tree.
class YamlDocument {
public:
    YamlDocument(value::Document& document, const TextTraits& traits, Report& report);

    /// Whether the document could be understood to its end, perhaps with errors.
    [[nodiscard]] bool parse();
    /// Whether the last scalar had an invisible character: what follows is then a consequence.
    [[nodiscard]] bool is_deceptive() const { return is_deceptive_; }
    /// The root, if anything was written; else an empty plain scalar.
    [[nodiscard]] const value::Node& root() const { return builder_.root().node; }

private:
    struct Marks {
        value::Operator op = value::Operator::None;
        std::uint32_t anchor = Anchors::kNone;
    };

    void handle(const YamlEvent& event);
    void on_alias(const YamlEvent& event);
    void on_scalar(const YamlEvent& event);
    void on_key(const YamlEvent& event, Span at);
    void on_open(const YamlEvent& event);
    void on_close(const YamlEvent& event);
    void place_scalar(std::string_view text, value::Style style, Span at, Marks marks);
    [[nodiscard]] TagMeaning tag_of(const YamlEvent& event);
    [[nodiscard]] std::uint32_t add_anchor(const YamlEvent& event);
    void report_glued_anchor(const YamlEvent& event);
    void complete_anchor(std::uint32_t anchor, const Subtree& subtree);
    /// The text of a scalar for as long as the document: a view of the source where it stands there as it is.
    [[nodiscard]] std::string_view keep(std::string_view text, value::Style style, Span at);
    void warn_of_path(Span at);

    value::Document& document_;
    std::string_view text_;
    TextTraits traits_;
    Report& report_;
    TreeBuilder builder_;
    Anchors anchors_;
    std::vector<std::uint32_t> open_anchors_;  ///< Of the collections that are open, innermost last.
    std::uint32_t last_end_ = 0;               ///< Of the last value.
    std::uint32_t key_end_ = 0;                ///< Of the last key.
    std::uint32_t understood_to_ = 0;          ///< Where the last good event ended.
    bool is_deceptive_ = false;
};

}  // namespace quantconf::format
