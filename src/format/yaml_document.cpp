#include "format/yaml_document.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "format/windows_path.hpp"
#include "format/yaml_errors.hpp"
#include "format/yaml_frame.hpp"
#include "format/yaml_places.hpp"

namespace quantconf::format {

using value::Style;
using Kind = YamlEvent::Kind;

YamlDocument::YamlDocument(value::Document& document, const TextTraits& traits, Report& report)
    : document_{document},
      text_{document.source->text()},
      traits_{traits},
      report_{report},
      builder_{document, report} {}

bool YamlDocument::parse() {
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

void YamlDocument::handle(const YamlEvent& event) {
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

void YamlDocument::on_alias(const YamlEvent& event) {
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
        report_.add({.code = Code::AliasInsideItself,
                     .path = builder_.path(),
                     .expected = "an alias outside of its anchor",
                     .found = "one inside",
                     .hint = "a value cannot contain itself",
                     .origin = report_.at(event.begin, event.end),
                     .related = {report_.related(anchor->at.begin, anchor->at.end, "the anchor is here")}});
    }
    // Counts as not set, so that one mistake is one diagnostic. A list has no way to say so.
    const value::Operator op = builder_.wants_item() ? value::Operator::None : value::Operator::DeleteIfSet;
    place_scalar({}, Style::Plain, at, {.op = op});
}

void YamlDocument::on_scalar(const YamlEvent& event) {
    Span at{event.begin, event.end};
    const bool is_empty = event.style == Style::Plain && event.text.empty();
    if (!event.anchor.empty() || !event.tag.empty()) {
        at.begin = is_empty ? at.begin : content_begin(text_, at.begin);
    } else if (is_empty) {
        at = builder_.wants_map_value() ? behind_colon(text_, key_end_) : at;
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
    const Style style = meaning.is_text && event.style == Style::Plain ? Style::SingleQuoted : event.style;
    const std::string_view text = keep(event.text, event.style, at);
    if (event.style == Style::DoubleQuoted &&
        looks_like_broken_path(text_.substr(at.begin, at.end - at.begin))) {
        warn_of_path(at);
    }
    place_scalar(text, style, at, {.op = meaning.op, .anchor = anchor});
}

void YamlDocument::on_key(const YamlEvent& event, Span at) {
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

void YamlDocument::on_open(const YamlEvent& event) {
    const TagMeaning meaning = tag_of(event);
    open_anchors_.push_back(add_anchor(event));
    Span at{event.begin, event.end};
    if (!event.anchor.empty() || !event.tag.empty()) {
        at.begin = content_begin(text_, at.begin);
    }
    last_end_ = at.begin;
    if (event.kind == Kind::OpenList) {
        builder_.open_list(at, meaning.op);
    } else {
        builder_.open_map(at, meaning.op);
    }
}

void YamlDocument::on_close(const YamlEvent& event) {
    // A block collection ends with its last value; libyaml would say: at the next thing, comments
    // included.
    last_end_ = event.end > event.begin ? event.end : last_end_;
    const Subtree subtree = builder_.close(last_end_);
    complete_anchor(open_anchors_.back(), subtree);
    open_anchors_.pop_back();
    builder_.place(subtree);
    key_end_ = last_end_;
}

void YamlDocument::place_scalar(std::string_view text, Style style, Span at, Marks marks) {
    Subtree subtree{.node = value::scalar_node(text, style, document_.source.get(), at.begin, at.end)};
    subtree.node.op = marks.op;
    builder_.count_node(at.begin);
    complete_anchor(marks.anchor, subtree);
    if (!builder_.has_failed()) {
        builder_.place(subtree);
    }
}

TagMeaning YamlDocument::tag_of(const YamlEvent& event) {
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

std::uint32_t YamlDocument::add_anchor(const YamlEvent& event) {
    if (event.anchor.empty()) {
        return Anchors::kNone;
    }
    report_glued_anchor(event);
    const Anchor* earlier = anchors_.find(event.anchor);
    if (earlier != nullptr) {
        report_.add({.code = Code::DuplicateAnchor,
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

/// In `&a:b`, libyaml takes `:b` for a text behind the anchor `a`; YAML 1.2 has an anchor `a:b`. Nobody shall
/// have to know which of the two we follow.
void YamlDocument::report_glued_anchor(const YamlEvent& event) {
    const std::uint32_t end = anchor_end(text_, event.begin, event.anchor);
    if (end < text_.size() && (text_[end] == ':' || text_[end] == '?')) {
        report_.add({.code = Code::Syntax,
                     .path = builder_.path(),
                     .expected = "a blank behind the name of an anchor",
                     .found = fmt::format("`{}`", text_[end]),
                     .hint = "put a blank there, or give the anchor a name of letters, digits, - and _",
                     .origin = report_.at(end, end + 1)});
    }
}

void YamlDocument::complete_anchor(std::uint32_t anchor, const Subtree& subtree) {
    if (anchor != Anchors::kNone) {
        anchors_.complete(anchor, subtree);
    }
}

std::string_view YamlDocument::keep(std::string_view text, Style style, Span at) {
    std::string_view written = text_.substr(at.begin, at.end - at.begin);
    if ((style == Style::SingleQuoted || style == Style::DoubleQuoted) && written.size() >= 2) {
        written = written.substr(1, written.size() - 2);
    }
    return written == text ? written : document_.arena.copy(text);
}

void YamlDocument::warn_of_path(Span at) {
    report_.add({.severity = Severity::Warning,
                 .code = Code::EscapeInPath,
                 .path = builder_.path(),
                 .expected = "a path without escapes",
                 .found = "a control character made by \\ in double quotes",
                 .hint = "write the path in single quotes: 'C:\\temp'",
                 .origin = report_.at(at.begin, at.end)});
}

}  // namespace quantconf::format
