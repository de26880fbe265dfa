#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "format/anchors.hpp"
#include "format/parse.hpp"
#include "format/root_check.hpp"
#include "format/text_check.hpp"
#include "format/tree_builder.hpp"
#include "format/windows_path.hpp"
#include "format/yaml_errors.hpp"
#include "format/yaml_events.hpp"
#include "format/yaml_frame.hpp"
#include "format/yaml_tags.hpp"

namespace quantconf::format {
namespace {

using value::Style;
using Kind = YamlEvent::Kind;

/// Turns the events of one YAML document into a tree.
class YamlParser {
public:
    YamlParser(value::Document& document, const TextTraits& traits, Report& report)
        : document_{document},
          text_{document.source->text()},
          traits_{traits},
          report_{report},
          builder_{document, report} {}

    /// Whether the document could be understood to its end, perhaps with errors.
    [[nodiscard]] bool parse() {
        YamlEvents events{text_, skip_directives(text_, text_begin(text_), report_), traits_.is_ascii};
        while (const YamlEvent* event = events.next()) {
            handle(*event);
            if (builder_.has_failed() || report_.is_full()) {
                return false;
            }
            if (event->kind == Kind::DocumentEnd) {
                // What follows is looked at without libyaml, which takes quadratic time for some of it.
                check_end(text_, event->end, report_);
                return true;
            }
            if (event->kind == Kind::StreamEnd) {
                return true;
            }
        }
        if (!is_deceptive_) {
            report_yaml_error(events.error(), text_, understood_to_, traits_.has_deceptive, report_);
        }
        return false;
    }

    /// Whether the last scalar had an invisible character: what follows is then a consequence.
    [[nodiscard]] bool is_deceptive() const { return is_deceptive_; }
    /// The root, if anything was written.
    [[nodiscard]] const value::Node& root() const { return builder_.root().node; }

private:
    void handle(const YamlEvent& event) {
        switch (event.kind) {
            case Kind::Alias:
                on_alias(event);
                break;
            case Kind::Scalar:
                on_scalar(event);
                break;
            case Kind::OpenList:
            case Kind::OpenMap:
                on_open(event);
                break;
            case Kind::Close:
                on_close(event);
                break;
            default:
                return;
        }
        understood_to_ = std::max(understood_to_, event.end);
    }

    void on_alias(const YamlEvent& event) {
        const Span at{event.begin, event.end};
        last_end_ = event.end;
        if (builder_.wants_key()) {
            builder_.bad_key(at, "an alias");
            return;
        }
        const Anchor* anchor = anchors_.find(event.anchor);
        if (anchor != nullptr && !anchor->is_open) {
            builder_.place_alias(anchor->subtree, at);
            return;
        }
        // The name is not shown: `password: *secret` is an alias, too.
        if (anchor == nullptr) {
            report_.add({.code = Code::UndefinedAlias,
                         .path = builder_.path(),
                         .expected = "an alias of an anchor above",
                         .found = "one that no anchor defines",
                         .hint = "define it with & before it is used, or quote a text that begins with *",
                         .origin = report_.at(event.begin, event.end)});
        } else {
            report_.add(
                {.code = Code::AliasInsideItself,
                 .path = builder_.path(),
                 .expected = "an alias outside of its anchor",
                 .found = "one inside",
                 .hint = "a value cannot contain itself",
                 .origin = report_.at(event.begin, event.end),
                 .related = {report_.related(anchor->at.begin, anchor->at.end, "the anchor is here")}});
        }
        // Counts as not set, so that one mistake is one diagnostic.
        place_scalar({}, Style::Plain, at, {.op = value::Operator::DeleteIfSet});
    }

    void on_scalar(const YamlEvent& event) {
        Span at{event.begin, event.end};
        const bool is_empty = event.style == Style::Plain && event.text.empty();
        if (!event.anchor.empty() || !event.tag.empty()) {
            at.begin = is_empty ? at.begin : content_begin(at);
        } else if (is_empty) {
            at = empty_value_at(at);
        }
        if (event.style == Style::Literal || event.style == Style::Folded) {
            at.end = static_cast<std::uint32_t>(text_.find_last_not_of(" \t\r\n", at.end - 1) + 1);
        }
        is_deceptive_ = event.style == Style::Plain && traits_.has_deceptive &&
                        report_deceptive(text_, at.begin, at.end, builder_.path(), report_);
        last_end_ = at.end;
        if (builder_.wants_key()) {
            on_key(event, at);
            return;
        }
        const TagMeaning meaning = tag_of(event);
        const std::uint32_t anchor = add_anchor(event);
        const Style style =
            meaning.is_text && event.style == Style::Plain ? Style::SingleQuoted : event.style;
        const std::string_view text = keep(event.text, event.style, at);
        if (event.style == Style::DoubleQuoted && looks_like_broken_path(slice(at))) {
            warn_of_path(at);
        }
        place_scalar(text, style, at, {.op = meaning.op, .anchor = anchor});
    }

    void on_key(const YamlEvent& event, Span at) {
        if (is_deceptive_) {
            builder_.drop_key(at);
        } else if (!event.tag.empty() || !event.anchor.empty()) {
            builder_.bad_key({event.begin, event.end}, event.tag.empty() ? "an anchor" : "a tag");
        } else if (event.style != Style::Plain) {
            builder_.key(keep(event.text, event.style, at), at);
        } else if (event.text == "<<") {
            builder_.merge_key(at);
        } else if (value::scalar_node(event.text, Style::Plain, nullptr, 0, 0).is_null()) {
            builder_.bad_key(at, "null");
        } else {
            builder_.key(keep(event.text, event.style, at), at);
        }
        key_end_ = at.end;
    }

    void on_open(const YamlEvent& event) {
        const TagMeaning meaning = tag_of(event);
        open_anchors_.push_back(add_anchor(event));
        Span at{event.begin, event.end};
        if (!event.anchor.empty() || !event.tag.empty()) {
            at.begin = content_begin(at);
        }
        last_end_ = at.begin;
        if (event.kind == Kind::OpenList) {
            builder_.open_list(at, meaning.op);
        } else {
            builder_.open_map(at, meaning.op);
        }
    }

    void on_close(const YamlEvent& event) {
        // A block collection ends with its last value; libyaml would say: at the next thing, comments
        // included.
        last_end_ = event.end > event.begin ? event.end : last_end_;
        const Subtree subtree = builder_.close(last_end_);
        complete_anchor(open_anchors_.back(), subtree);
        open_anchors_.pop_back();
        builder_.place(subtree);
        key_end_ = last_end_;
    }

    struct Marks {
        value::Operator op = value::Operator::None;
        std::uint32_t anchor = Anchors::kNone;
    };

    void place_scalar(std::string_view text, Style style, Span at, Marks marks) {
        Subtree subtree{.node = value::scalar_node(text, style, document_.source.get(), at.begin, at.end)};
        subtree.node.op = marks.op;
        builder_.count_node(at.begin);
        complete_anchor(marks.anchor, subtree);
        if (!builder_.has_failed()) {
            builder_.place(subtree);
        }
    }

    TagMeaning tag_of(const YamlEvent& event) {
        TagMeaning meaning;
        if (event.tag.empty()) {
            return meaning;
        }
        if (auto fault = read_tag(event, builder_.wants_map_value(), meaning)) {
            report_.add({.code = fault->code,
                         .path = builder_.path(),
                         .expected = std::move(fault->expected),
                         .found = std::move(fault->found),
                         .hint = std::move(fault->hint),
                         .origin = report_.at(event.begin, event.end)});
        }
        return meaning;
    }

    std::uint32_t add_anchor(const YamlEvent& event) {
        if (event.anchor.empty()) {
            return Anchors::kNone;
        }
        const Anchor* earlier = anchors_.find(event.anchor);
        if (earlier != nullptr) {
            report_.add(
                {.code = Code::DuplicateAnchor,
                 .path = builder_.path(),
                 .expected = "each anchor once in a file",
                 .found = "it again",
                 .hint = "rename one of the two",
                 .origin = report_.at(event.begin, event.end),
                 .related = {report_.related(earlier->at.begin, earlier->at.end, "first defined here")}});
            return Anchors::kNone;
        }
        // Its name and its place in the table cost about as much as three values.
        builder_.count_node(event.begin);
        builder_.count_node(event.begin);
        builder_.count_node(event.begin);
        return anchors_.add(event.anchor, {event.begin, event.end});
    }

    void complete_anchor(std::uint32_t anchor, const Subtree& subtree) {
        if (anchor != Anchors::kNone) {
            anchors_.complete(anchor, subtree);
        }
    }

    [[nodiscard]] std::string_view slice(Span at) const { return text_.substr(at.begin, at.end - at.begin); }

    /// The text of a scalar for as long as the document: a view of the source where it stands there as it is.
    std::string_view keep(std::string_view text, Style style, Span at) {
        std::string_view written = slice(at);
        if ((style == Style::SingleQuoted || style == Style::DoubleQuoted) && written.size() >= 2) {
            written = written.substr(1, written.size() - 2);
        }
        return written == text ? written : document_.arena.copy(text);
    }

    /// Behind the anchor and the tag of a node that has content.
    [[nodiscard]] std::uint32_t content_begin(Span at) const {
        std::size_t begin = at.begin;
        while (begin < text_.size() && (text_[begin] == '&' || text_[begin] == '!')) {
            begin = std::min(text_.find_first_of(" \t\r\n", begin), text_.size());
            while (begin < text_.size()) {
                begin = std::min(text_.find_first_not_of(" \t\r\n", begin), text_.size());
                if (begin == text_.size() || text_[begin] != '#') {
                    break;
                }
                begin = std::min(text_.find_first_of("\r\n", begin), text_.size());
            }
        }
        return static_cast<std::uint32_t>(begin);
    }

    /// A value of which nothing is written stands right behind the colon of its key.
    [[nodiscard]] Span empty_value_at(Span at) const {
        if (!builder_.wants_map_value()) {
            return at;
        }
        const std::size_t colon = std::min(text_.find_first_not_of(" \t", key_end_), text_.size());
        const bool is_colon = colon < text_.size() && text_[colon] == ':';
        const std::uint32_t behind = is_colon ? static_cast<std::uint32_t>(colon + 1) : key_end_;
        return {behind, behind};
    }

    void warn_of_path(Span at) {
        report_.add({.severity = Severity::Warning,
                     .code = Code::EscapeInPath,
                     .path = builder_.path(),
                     .expected = "a path without escapes",
                     .found = "a control character made by \\ in double quotes",
                     .hint = "write the path in single quotes: 'C:\\temp'",
                     .origin = report_.at(at.begin, at.end)});
    }

    value::Document& document_;
    std::string_view text_;
    TextTraits traits_;
    Report& report_;
    TreeBuilder builder_;
    Anchors anchors_;
    std::vector<std::uint32_t> open_anchors_;  ///< Of the collections that are open, innermost last.
    std::uint32_t last_end_ = 0;               ///< Of the last value.
    std::uint32_t key_end_ = 0;                ///< Of the last key.
    std::uint32_t understood_to_ = 0;
    bool is_deceptive_ = false;
};

/// Nothing but comments: an empty layer is valid, but perhaps not what its author wanted.
bool is_nothing(const value::Node& root) {
    return root.kind == value::NodeKind::Scalar && root.style == Style::Plain && root.size == 0 &&
           root.op == value::Operator::None;
}

}  // namespace

Parsed parse_yaml(std::shared_ptr<Source> source) {
    auto document = std::make_shared<value::Document>();
    document->source = source;
    Report report{source};
    const TextTraits traits = check_text(*source, report);
    if (!traits.is_acceptable) {
        return {.document = nullptr, .diagnostics = report.take(false)};
    }
    YamlParser parser{*document, traits, report};
    if (!parser.parse()) {
        return {.document = nullptr, .diagnostics = report.take(false)};
    }
    document->root = parser.root();
    if (is_nothing(document->root)) {
        document->root = value::map_node({}, source.get(), 0, 0);
        report.add({.severity = Severity::Note,
                    .code = Code::EmptyLayer,
                    .message = "expected keys, found nothing but comments or blanks",
                    .origin = report.at(0, 0)});
    } else if (document->root.kind != value::NodeKind::Map) {
        if (!parser.is_deceptive()) {
            report_root(document->root, report);
        }
        document = nullptr;
    }
    const bool is_readable = document != nullptr;
    return {.document = std::move(document), .diagnostics = report.take(is_readable)};
}

}  // namespace quantconf::format
