// What happens when a map is complete: duplicate keys are found, then `<<` is resolved.

#include <fmt/format.h>

#include "format/tree_builder.hpp"

namespace quantconf::format {

using value::Entry;
using value::Node;
using value::NodeKind;

namespace {

std::size_t entries_in(const Node& node) {
    return node.kind == NodeKind::Map ? node.size : 0;
}

/// The maps that a merge key names: one, or those of a list.
std::span<const Node> sources_of(const Node& merged) {
    return merged.kind == NodeKind::List ? merged.list() : std::span{&merged, 1};
}

}  // namespace

void TreeBuilder::finish_map(const Frame& frame) {
    std::size_t count = entries_.size() - frame.first;
    if (merges_.size() > frame.first_merge) {
        for (const Node& from : sources_of(merges_[frame.first_merge].node)) {
            count += entries_in(from);
        }
    }
    index_.reset(count);
    drop_duplicates(frame);
    merge_all(frame);
}

void TreeBuilder::drop_duplicates(const Frame& frame) {
    std::uint32_t kept = frame.first;
    for (std::uint32_t at = frame.first; at < entries_.size(); ++at) {
        if (kept != at) {
            entries_[kept] = entries_[at];
        }
        const std::uint32_t earlier = index_.add(entries_, kept);
        if (earlier == KeyIndex::kNone) {
            ++kept;
            continue;
        }
        report_clash(entries_[earlier], entries_[at]);
        drop(entries_[at].value);
    }
    entries_.resize(kept);
}

void TreeBuilder::report_clash(const Entry& earlier, const Entry& later) {
    if (report_.is_full()) {
        return;
    }
    const bool is_same = earlier.key() == later.key();
    report_.add(
        {.code = is_same ? Code::DuplicateKey : Code::KeysDifferInCase,
         .path = path_of_key(later.key()),
         .message = is_same ? "expected each key once in a mapping, found it again"
                            : fmt::format("expected keys that differ in more than case, found {} beside {}",
                                          later.key(), earlier.key()),
         .hint = is_same ? "delete one of the two" : "keep the spelling that the schema knows",
         .origin = report_.at(later.key_begin, later.key_end),
         .related = {report_.related(earlier.key_begin, earlier.key_end, "first set here")}});
}

void TreeBuilder::merge_all(const Frame& frame) {
    for (std::size_t i = frame.first_merge; i < merges_.size(); ++i) {
        const Merge merge = merges_[i];
        if (i > frame.first_merge) {
            const Span first = merges_[frame.first_merge].at;
            report_.add({.code = Code::BadMergeKey,
                         .path = path(),
                         .message = "expected `<<` once in a mapping, found it again",
                         .hint = "write one list: <<: [*first, *second]",
                         .origin = report_.at(merge.at.begin, merge.at.end),
                         .related = {report_.related(first.begin, first.end, "first set here")}});
            continue;
        }
        for (const Node& from : sources_of(merge.node)) {
            if (from.kind == NodeKind::Map && from.op == value::Operator::None) {
                merge_one(from);
                continue;
            }
            if (from.is_deletion()) {
                continue;  // An alias that does not exist, or an operator: reported already.
            }
            report_.add({.code = Code::BadMergeKey,
                         .path = path(),
                         .expected = "a mapping or a list of mappings behind `<<`",
                         .found = from.kind == NodeKind::Scalar ? "a scalar"
                                  : from.kind == NodeKind::List ? "a nested list"
                                                                : "an operator",
                         .hint = "name an anchor: <<: *defaults",
                         .origin = report_.at(merge.at.begin, merge.at.end)});
            break;
        }
    }
}

void TreeBuilder::merge_one(const Node& from) {
    for (const Entry& entry : from.map()) {
        const auto position = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back(entry);
        const std::uint32_t earlier = index_.add(entries_, position);
        if (earlier == KeyIndex::kNone) {
            continue;
        }
        entries_.pop_back();
        // What the map says itself wins, and so does an earlier map of the list: that is what `<<` is for.
        if (entries_[earlier].key() != entry.key()) {
            report_clash(entry, entries_[earlier]);
        }
    }
}

}  // namespace quantconf::format
