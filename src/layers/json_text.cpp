#include "layers/json_text.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "format/parse.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

/// Copies nodes from a source that held the JSON alone to the place where it really stands.
class Mover {
public:
    Mover(const JsonText& json, Arena& arena)
        : json_{json}, arena_{arena}, is_letter_by_letter_{json.end - json.begin == json.text.size()} {}

    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> place(std::uint32_t begin,
                                                                std::uint32_t end) const {
        return is_letter_by_letter_ ? std::pair{json_.begin + begin, json_.begin + end}
                                    : std::pair{json_.begin, json_.end};
    }

    [[nodiscard]] Node move(const Node& node) const {
        const auto [begin, end] = place(node.begin, node.end);
        if (node.kind == NodeKind::Scalar) {
            return value::scalar_node(arena_.copy(node.scalar()), node.style, json_.source, begin, end);
        }
        if (node.kind == NodeKind::List) {
            std::vector<Node> items;
            for (const Node& item : node.list()) {
                items.push_back(move(item));
            }
            return value::list_node(arena_.copy(std::span<const Node>{items}), json_.source, begin, end);
        }
        std::vector<Entry> entries;
        for (const Entry& entry : node.map()) {
            const std::string_view key = arena_.copy(entry.key());
            const auto [key_begin, key_end] = place(entry.key_begin, entry.key_end);
            entries.push_back({.key_text = key.data(),
                               .key_size = entry.key_size,
                               .key_begin = key_begin,
                               .key_end = key_end,
                               .key_source = json_.source,
                               .value = move(entry.value)});
        }
        return value::map_node(arena_.copy(std::span<const Entry>{entries}), json_.source, begin, end);
    }

private:
    const JsonText& json_;
    Arena& arena_;
    bool is_letter_by_letter_;
};

}  // namespace

std::optional<Node> parse_json_inside(const JsonText& json, Arena& arena, Diagnostics& diagnostics) {
    const auto alone =
        Source::make(json.source->kind(), json.source->layer(), json.source->name(), std::string{json.text});
    format::Parsed parsed = format::parse_json_value(alone);
    const Mover mover{json, arena};
    const auto point_at_place = [&](Origin& origin) {
        std::tie(origin.begin, origin.end) = mover.place(origin.begin, origin.end);
        origin.source = json.source->shared_from_this();
    };
    for (Diagnostic& diagnostic : parsed.diagnostics) {
        point_at_place(diagnostic.origin);
        for (Related& related : diagnostic.related) {
            point_at_place(related.origin);
        }
        diagnostics.push_back(std::move(diagnostic));
    }
    if (parsed.document == nullptr || has_errors(diagnostics)) {
        return std::nullopt;
    }
    return mover.move(parsed.document->root);
}

}  // namespace quantconf::layers
