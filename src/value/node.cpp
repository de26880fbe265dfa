#include "value/node.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.hpp"

namespace quantconf::value {

namespace {

std::uint32_t checked_size(std::size_t size) {
    QC_ASSERT(size <= std::numeric_limits<std::uint32_t>::max());
    return static_cast<std::uint32_t>(size);
}

Origin origin_in(const Source* source, std::uint32_t begin, std::uint32_t end) {
    if (source == nullptr) {
        return {};
    }
    return {.source = source->shared_from_this(), .begin = begin, .end = end};
}

Node bare_node(NodeKind kind, std::size_t size, const Source* source, std::uint32_t begin,
               std::uint32_t end) {
    Node node;
    node.kind = kind;
    node.size = checked_size(size);
    node.source = source;
    node.begin = begin;
    node.end = end;
    return node;
}

}  // namespace

bool Node::is_null() const noexcept {
    static constexpr std::array<std::string_view, 5> kSpellings{"", "~", "null", "Null", "NULL"};
    return kind == NodeKind::Scalar && style == Style::Plain && size <= 4 &&
           std::ranges::find(kSpellings, scalar()) != kSpellings.end();
}

const Entry* Node::find(std::string_view key) const noexcept {
    if (kind != NodeKind::Map) {
        return nullptr;
    }
    const auto found = std::ranges::find(map(), key, &Entry::key);
    return found == map().end() ? nullptr : &*found;
}

Origin Node::origin() const {
    return origin_in(source, begin, end);
}

Origin Entry::key_origin() const {
    return origin_in(key_source, key_begin, key_end);
}

Node scalar_node(std::string_view text, Style style, const Source* source, std::uint32_t begin,
                 std::uint32_t end) {
    Node node = bare_node(NodeKind::Scalar, text.size(), source, begin, end);
    node.style = style;
    node.text = text.data();
    return node;
}

Node list_node(std::span<const Node> items, const Source* source, std::uint32_t begin, std::uint32_t end) {
    Node node = bare_node(NodeKind::List, items.size(), source, begin, end);
    node.items = items.data();
    return node;
}

Node map_node(std::span<const Entry> entries, const Source* source, std::uint32_t begin, std::uint32_t end) {
    Node node = bare_node(NodeKind::Map, entries.size(), source, begin, end);
    node.entries = entries.data();
    return node;
}

}  // namespace quantconf::value
