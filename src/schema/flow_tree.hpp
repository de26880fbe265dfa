#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// For tests: a tree of nodes from one line such as `{trading: {size: 5 <- 0.1}, hosts: [a, "b"]}`.
///
/// `a <- b` says that a hides b of a lower layer; `!delete` is a tombstone; `!append [..] <- [..]` already
/// contains what is below. The text must be well-formed: a test is not the place to find out about syntax.
class FlowTree {
public:
    explicit FlowTree(std::string text, std::string layer = "base")
        : source_{Source::make(Source::Kind::File, std::move(layer), "config/base.yaml", std::move(text))} {
        root_ = read_value();
    }

    [[nodiscard]] const value::Node& root() const { return root_; }
    [[nodiscard]] const std::shared_ptr<Source>& source() const { return source_; }

private:
    [[nodiscard]] std::string_view text() const { return source_->text(); }
    [[nodiscard]] char peek() const { return at_ < text().size() ? text()[at_] : '\0'; }
    [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }

    void skip_spaces() {
        while (peek() == ' ' || peek() == '\n') {
            ++at_;
        }
    }

    bool skip(std::string_view token) {
        skip_spaces();
        const bool is_there = text().substr(at_).starts_with(token);
        at_ += is_there ? token.size() : 0;
        return is_there;
    }

    value::Node read_value() {
        skip_spaces();
        value::Node node = read_alone();
        if (skip("<-")) {
            const value::Node below = read_value();
            node.below = arena_.copy(std::span<const value::Node>{&below, 1}).data();
        }
        return node;
    }

    value::Node read_alone() {
        const std::uint32_t begin = here();
        if (skip("!delete")) {
            value::Node node = value::scalar_node({}, value::Style::Plain, source_.get(), begin, here());
            node.op = value::Operator::Delete;
            return node;
        }
        const bool appends = skip("!append");
        skip_spaces();
        value::Node node = peek() == '{' ? read_map() : peek() == '[' ? read_list() : read_scalar();
        node.includes_below = appends;
        return node;
    }

    value::Node read_scalar() {
        const std::uint32_t begin = here();
        if (peek() == '"') {
            at_ = text().find('"', at_ + 1) + 1;
            return value::scalar_node(text().substr(begin + 1, at_ - begin - 2), value::Style::DoubleQuoted,
                                      source_.get(), begin, here());
        }
        at_ = std::min(text().find_first_of(" ,]}", at_), text().size());
        return value::scalar_node(text().substr(begin, at_ - begin), value::Style::Plain, source_.get(),
                                  begin, here());
    }

    value::Node read_list() {
        const std::uint32_t begin = here();
        std::vector<value::Node> items;
        skip("[");
        while (!skip("]")) {
            items.push_back(read_value());
            skip(",");
        }
        return value::list_node(arena_.copy(std::span<const value::Node>{items}), source_.get(), begin,
                                here());
    }

    value::Node read_map() {
        const std::uint32_t begin = here();
        std::vector<value::Entry> entries;
        skip("{");
        while (!skip("}")) {
            skip_spaces();
            value::Entry entry;
            entry.key_source = source_.get();
            entry.key_begin = here();
            at_ = text().find(':', at_);
            entry.key_end = here();
            entry.key_text = text().data() + entry.key_begin;
            entry.key_size = entry.key_end - entry.key_begin;
            skip(":");
            entry.value = read_value();
            entries.push_back(entry);
            skip(",");
        }
        return value::map_node(arena_.copy(std::span<const value::Entry>{entries}), source_.get(), begin,
                               here());
    }

    std::shared_ptr<Source> source_;
    Arena arena_;
    std::size_t at_ = 0;
    value::Node root_;
};

}  // namespace quantconf::schema
