#include "format/yaml_events.hpp"

#include <yaml.h>

#include "base/assert.hpp"

namespace quantconf::format {
namespace {

/// libyaml counts code points; we count bytes. Marks rise almost without exception, so a finger that walks
/// along costs one pass over the text.
class OffsetFinder {
public:
    OffsetFinder(std::string_view text, std::size_t begin, bool is_ascii)
        : text_{text}, begin_{begin}, byte_{begin}, is_ascii_{is_ascii} {}

    std::uint32_t operator()(std::size_t index) {
        if (is_ascii_) {
            return static_cast<std::uint32_t>(begin_ + index);
        }
        for (; index_ < index && byte_ < text_.size(); ++index_) {
            for (++byte_; byte_ < text_.size() && is_continuation(byte_); ++byte_) {
            }
        }
        for (; index_ > index; --index_) {
            for (--byte_; is_continuation(byte_); --byte_) {
            }
        }
        return static_cast<std::uint32_t>(byte_);
    }

private:
    [[nodiscard]] bool is_continuation(std::size_t at) const {
        return (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U;
    }

    std::string_view text_;
    std::size_t begin_;
    std::size_t byte_;
    std::size_t index_ = 0;
    bool is_ascii_;
};

std::string_view view(const yaml_char_t* text) {
    return text == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(text)};
}

value::Style style_of(yaml_scalar_style_t style) {
    switch (style) {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE:
            return value::Style::SingleQuoted;
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
            return value::Style::DoubleQuoted;
        case YAML_LITERAL_SCALAR_STYLE:
            return value::Style::Literal;
        case YAML_FOLDED_SCALAR_STYLE:
            return value::Style::Folded;
        default:
            return value::Style::Plain;
    }
}

}  // namespace

struct YamlEvents::State {
    State(std::string_view text, std::size_t begin, bool is_ascii) : offset{text, begin, is_ascii} {}

    yaml_parser_t parser{};
    yaml_event_t raw{};
    YamlEvent event;
    OffsetFinder offset;
};

YamlEvents::YamlEvents(std::string_view text, std::size_t begin, bool is_ascii)
    : state_{std::make_unique<State>(text, begin, is_ascii)} {
    QC_ASSERT(yaml_parser_initialize(&state_->parser) != 0);
    yaml_parser_set_encoding(&state_->parser, YAML_UTF8_ENCODING);
    const std::string_view rest = text.substr(begin);
    yaml_parser_set_input_string(&state_->parser, reinterpret_cast<const unsigned char*>(rest.data()),
                                 rest.size());
}

YamlEvents::~YamlEvents() {
    yaml_event_delete(&state_->raw);
    yaml_parser_delete(&state_->parser);
}

const YamlEvent* YamlEvents::next() {
    State& state = *state_;
    yaml_event_delete(&state.raw);
    if (yaml_parser_parse(&state.parser, &state.raw) == 0) {
        state.raw = {};
        return nullptr;
    }
    const yaml_event_t& raw = state.raw;
    YamlEvent& event = state.event;
    event = {};
    event.begin = state.offset(raw.start_mark.index);
    event.end = state.offset(raw.end_mark.index);
    switch (raw.type) {
        case YAML_ALIAS_EVENT:
            event.kind = YamlEvent::Kind::Alias;
            event.anchor = view(raw.data.alias.anchor);
            break;
        case YAML_SCALAR_EVENT:
            event.kind = YamlEvent::Kind::Scalar;
            event.style = style_of(raw.data.scalar.style);
            event.text = {reinterpret_cast<const char*>(raw.data.scalar.value), raw.data.scalar.length};
            event.anchor = view(raw.data.scalar.anchor);
            event.tag = view(raw.data.scalar.tag);
            break;
        case YAML_SEQUENCE_START_EVENT:
            event.kind = YamlEvent::Kind::OpenList;
            event.anchor = view(raw.data.sequence_start.anchor);
            event.tag = view(raw.data.sequence_start.tag);
            break;
        case YAML_MAPPING_START_EVENT:
            event.kind = YamlEvent::Kind::OpenMap;
            event.anchor = view(raw.data.mapping_start.anchor);
            event.tag = view(raw.data.mapping_start.tag);
            break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
            event.kind = YamlEvent::Kind::Close;
            break;
        case YAML_DOCUMENT_END_EVENT:
            event.kind = YamlEvent::Kind::DocumentEnd;
            break;
        case YAML_STREAM_END_EVENT:
            event.kind = YamlEvent::Kind::StreamEnd;
            break;
        default:
            break;
    }
    return &event;
}

YamlError YamlEvents::error() {
    const yaml_parser_t& parser = state_->parser;
    YamlError error;
    error.problem = parser.problem == nullptr ? "the text is not YAML" : parser.problem;
    error.context = parser.context == nullptr ? "" : parser.context;
    error.problem_at = state_->offset(parser.problem_mark.index);
    error.context_at =
        parser.context == nullptr ? error.problem_at : state_->offset(parser.context_mark.index);
    return error;
}

}  // namespace quantconf::format
