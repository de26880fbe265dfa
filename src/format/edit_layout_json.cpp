#include "format/edit_layout.hpp"

namespace quantconf::format {

using value::Node;
using value::NodeKind;

namespace {

/// Whether the children matter: something is wished for one of them, or for all together.
bool has_interest(const Wish* wish) {
    return wish != nullptr;
}

Piece piece_of(const Node& node, const Wish* wish) {
    Piece piece;
    piece.style = node.style;
    piece.is_flow = true;
    piece.begin = piece.content = node.begin;
    piece.end = node.end;
    piece.kind = node.kind == NodeKind::Scalar ? Piece::Kind::Scalar
                 : node.kind == NodeKind::List ? Piece::Kind::List
                                               : Piece::Kind::Map;
    if (!has_interest(wish)) {
        return piece;
    }
    if (node.kind == NodeKind::List) {
        for (const Node& item : node.list()) {
            piece.slots.push_back(
                {.begin = item.begin, .piece = piece_of(item, wish->edit ? wish : nullptr)});
        }
    } else if (node.kind == NodeKind::Map) {
        for (const value::Entry& entry : node.map()) {
            const Wish* below = wish->edit != nullptr ? wish : wish->find(entry.key());
            piece.slots.push_back({.key = std::string{entry.key()},
                                   .begin = entry.key_begin,
                                   .key_end = entry.key_end,
                                   .piece = piece_of(entry.value, below)});
        }
    }
    return piece;
}

}  // namespace

Layout json_layout(const Node& root, const Wish& wishes) {
    return {.root = piece_of(root, &wishes), .end = root.end};
}

}  // namespace quantconf::format
