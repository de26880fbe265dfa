#include "format/tree_builder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "format/key_check.hpp"

namespace quantconf::format {

using value::Entry;
using value::Node;
using value::NodeKind;

namespace {

constexpr std::size_t kBytesPerEntry = 16;

}  // namespace

std::size_t nodes_max(std::size_t text_bytes) {
    return limits::kNodes + text_bytes / limits::kBytesPerNode;
}

TreeBuilder::TreeBuilder(value::Document& document, Report& report)
    : document_{document}, report_{report}, nodes_max_{nodes_max(document.source->text().size())} {
    frames_.reserve(limits::kDepth);
    // About as many as a file of short lines has: memory that is not used costs nothing, growing costs
    // copies.
    entries_.reserve(std::min(nodes_max_, document.source->text().size() / kBytesPerEntry));
}

std::string TreeBuilder::path() const {
    std::string path;
    for (const Frame& frame : frames_) {
        if (frame.kind == NodeKind::List) {
            path += fmt::format("[{}]", frame.count);
        } else if (frame.next != Next::Key && !frame.key.empty()) {
            path += path.empty() ? "" : ".";
            path += frame.key;
        }
    }
    return path;
}

std::string TreeBuilder::path_of_key(std::string_view key) const {
    std::string parent = path();
    return parent.empty() ? std::string{key} : fmt::format("{}.{}", parent, key);
}

void TreeBuilder::count_node(std::uint32_t begin) {
    if (++nodes_ > nodes_max_ && !has_failed_) {
        report_.add({.code = Code::TooManyNodes,
                     .path = path(),
                     .expected = fmt::format("at most {} keys and values in a text of this size", nodes_max_),
                     .found = "more",
                     .hint = "a configuration of this size is usually the wrong file",
                     .origin = report_.at(begin, begin)});
        fail();
    }
}

void TreeBuilder::open_list(Span at, value::Operator op) {
    open(NodeKind::List, at, op);
}

void TreeBuilder::open_map(Span at, value::Operator op) {
    open(NodeKind::Map, at, op);
}

void TreeBuilder::open(NodeKind kind, Span at, value::Operator op) {
    count_node(at.begin);
    if (frames_.size() >= limits::kDepth) {
        report_.add({.code = Code::TooDeep,
                     .path = path(),
                     .expected = fmt::format("at most {} levels of nesting", limits::kDepth),
                     .found = "a deeper one",
                     .hint = "is a bracket never closed?",
                     .origin = report_.at(at.begin, at.end)});
        fail();
    }
    if (has_failed_) {
        return;
    }
    Frame frame;
    frame.kind = kind;
    frame.op = op;
    frame.next = kind == NodeKind::List ? Next::Item : Next::Key;
    frame.is_key = wants_key();
    frame.begin = at.begin;
    frame.first = static_cast<std::uint32_t>(kind == NodeKind::List ? items_.size() : entries_.size());
    frame.first_merge = static_cast<std::uint32_t>(merges_.size());
    if (frame.is_key) {
        bad_key(at, kind == NodeKind::List ? "a list" : "a mapping");
    }
    frames_.push_back(frame);
}

Subtree TreeBuilder::close(std::uint32_t end) {
    QC_ASSERT(!frames_.empty());
    const Frame frame = frames_.back();
    frames_.pop_back();
    Subtree result{.node = {}, .nodes = frame.nodes, .height = frame.height, .is_key = frame.is_key};
    const Source* source = document_.source.get();
    if (frame.kind == NodeKind::List) {
        const std::span<const Node> items = std::span<const Node>{items_}.subspan(frame.first);
        result.node = value::list_node(document_.arena.copy(items), source, frame.begin, end);
        items_.resize(frame.first);
    } else {
        finish_map(frame);
        const std::span<const Entry> entries = std::span<const Entry>{entries_}.subspan(frame.first);
        result.node = value::map_node(document_.arena.copy(entries), source, frame.begin, end);
        entries_.resize(frame.first);
        merges_.resize(frame.first_merge);
    }
    result.node.op = frame.op;
    return result;
}

void TreeBuilder::key(std::string_view text, Span at) {
    QC_ASSERT(wants_key());
    count_node(at.begin);
    Frame& frame = frames_.back();
    frame.key_at = at;
    if (auto fault = check_key(text)) {
        report_.add({.code = fault->code,
                     .path = fault->code == Code::DottedKey ? path_of_key(text) : path(),
                     .message = std::move(fault->message),
                     .hint = std::move(fault->hint),
                     .origin = report_.at(at.begin, at.end)});
        frame.next = Next::DroppedValue;
        frame.key = {};
        return;
    }
    Entry entry;
    entry.key_text = text.data();
    entry.key_size = static_cast<std::uint32_t>(text.size());
    entry.key_begin = at.begin;
    entry.key_end = at.end;
    entry.key_source = document_.source.get();
    entries_.push_back(entry);
    frame.key = text;
    frame.next = Next::Value;
}

void TreeBuilder::bad_key(Span at, std::string found) {
    report_.add({.code = Code::KeyNotText,
                 .path = path(),
                 .expected = "a text as key",
                 .found = std::move(found),
                 .hint = "keys are names; quote a text that could be taken for something else",
                 .origin = report_.at(at.begin, at.end)});
    drop_key(at);
}

void TreeBuilder::drop_key(Span at) {
    count_node(at.begin);
    Frame& frame = frames_.back();
    frame.key_at = at;
    frame.key = {};
    frame.next = Next::DroppedValue;
}

void TreeBuilder::merge_key(Span at) {
    count_node(at.begin);
    Frame& frame = frames_.back();
    frame.key_at = at;
    frame.key = {};
    frame.next = Next::MergedValue;
}

void TreeBuilder::place(const Subtree& subtree) {
    if (frames_.empty()) {
        root_ = subtree;
        return;
    }
    Frame& frame = frames_.back();
    if (subtree.is_key) {
        drop(subtree.node);  // open() has reported it; its value comes next.
        return;
    }
    frame.nodes += subtree.nodes;
    frame.height = std::max(frame.height, subtree.height + 1);
    if (frame.kind == NodeKind::List) {
        items_.push_back(subtree.node);
        ++frame.count;
    } else {
        place_in_map(frame, subtree.node);
    }
}

void TreeBuilder::place_in_map(Frame& frame, const Node& node) {
    switch (frame.next) {
        case Next::Value:
            entries_.back().value = node;
            break;
        case Next::MergedValue:
            merges_.push_back({.node = node, .at = frame.key_at});
            break;
        case Next::DroppedValue:
            drop(node);
            break;
        case Next::Item:
        case Next::Key:
            QC_ASSERT(frame.next == Next::Value);
    }
    frame.next = Next::Key;
}

void TreeBuilder::place_alias(const Subtree& subtree, Span at) {
    alias_nodes_ += subtree.nodes;
    count_node(at.begin);
    if (alias_nodes_ > limits::kAliasNodes) {
        report_.add({.code = Code::AliasBomb,
                     .path = path(),
                     .expected = fmt::format("aliases that add at most {} values", limits::kAliasNodes),
                     .found = "more",
                     .hint = "write the values out, or share less",
                     .origin = report_.at(at.begin, at.end)});
        fail();
    } else if (frames_.size() + subtree.height > limits::kDepth) {
        report_.add({.code = Code::TooDeep,
                     .path = path(),
                     .expected = fmt::format("at most {} levels of nesting", limits::kDepth),
                     .found = "an alias that adds more",
                     .origin = report_.at(at.begin, at.end)});
        fail();
    }
    if (!has_failed_) {
        Subtree copy = subtree;
        copy.is_key = false;
        place(copy);
    }
}

void TreeBuilder::drop(const Node& node) {
    // Nobody is going to type what is left out, so nobody else would find a secret in it.
    document_.source->conceal(node.begin, node.end);
}

}  // namespace quantconf::format
