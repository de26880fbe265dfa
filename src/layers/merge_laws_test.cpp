#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "format/parse.hpp"
#include "layers/merge.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

/// Random layers without operators, and what a merged one says without saying where it comes from.
class Layers : public testing::Test {
protected:
    Layers() {
        if (const char* given = std::getenv("QUANTCONF_TEST_SEED")) {
            seed = static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
        }
        random.seed(seed);
    }

    Node random_node(int depth, NodeKind kind) {
        if (pick(12) == 0) {
            return value::scalar_node("~", value::Style::Plain, nullptr, 0, 0);
        }
        if (kind == NodeKind::Scalar) {
            return value::scalar_node(arena.copy(std::to_string(pick(5))), value::Style::Plain, nullptr, 0,
                                      0);
        }
        if (kind == NodeKind::List) {
            std::vector<Node> items(pick(3));
            std::ranges::generate(items, [&] { return random_node(0, NodeKind::Scalar); });
            return value::list_node(arena.copy(std::span<const Node>{items}), nullptr, 0, 0);
        }
        return random_map(depth);
    }

    /// The key says the shape, so that layers agree; now and then one does not.
    Node random_map(int depth) {
        std::vector<Entry> entries;
        for (const std::string_view key : {"s1", "s2", "l1", "m1", "m2", "s3"}) {
            if (pick(2) == 0) {
                continue;
            }
            NodeKind kind = key[0] == 's' ? NodeKind::Scalar : key[0] == 'l' ? NodeKind::List : NodeKind::Map;
            if (pick(25) == 0) {
                kind = static_cast<NodeKind>(pick(3));
            }
            if (kind == NodeKind::Map && depth == 0) {
                continue;
            }
            entries.push_back({.key_text = key.data(), .key_size = 2, .value = random_node(depth - 1, kind)});
        }
        std::ranges::shuffle(entries, random);
        return value::map_node(arena.copy(std::span<const Entry>{entries}), nullptr, 0, 0);
    }

    Node shuffled(const Node& node) {
        if (node.kind != NodeKind::Map) {
            return node;
        }
        std::vector<Entry> entries{node.map().begin(), node.map().end()};
        for (Entry& entry : entries) {
            entry.value = shuffled(entry.value);
        }
        std::ranges::shuffle(entries, random);
        return value::map_node(arena.copy(std::span<const Entry>{entries}), nullptr, 0, 0);
    }

    Node join(const Node& lower, const Node& upper) {
        OwnMaps none{arena};  // The laws compare trees that share maps, so none may change.
        return merge(lower, upper, nullptr, none, diagnostics);
    }

    /// Values, and with `with_hidden` everything that they hide, keys sorted.
    std::string text_of(const Node& node, bool with_hidden) {
        std::string text;
        if (node.kind == NodeKind::Scalar) {
            text = node.scalar();
        } else if (node.kind == NodeKind::List) {
            for (const Node& item : node.list()) {
                text += (text.empty() ? "" : ",") + text_of(item, with_hidden);
            }
            text = "[" + text + "]";
        } else {
            std::vector<std::string> entries;
            for (const Entry& entry : node.map()) {
                entries.push_back(std::string{entry.key()} + ":" + text_of(entry.value, with_hidden));
            }
            std::ranges::sort(entries);
            for (const std::string& entry : entries) {
                text += (text.empty() ? "" : ",") + entry;
            }
            text = "{" + text + "}";
        }
        if (with_hidden && node.below != nullptr) {
            text += "<" + text_of(*node.below, with_hidden);
        }
        return text;
    }

    /// Where shapes clashed since the last call, sorted.
    std::vector<std::string> conflict_paths() {
        std::vector<std::string> paths;
        for (const Diagnostic& diagnostic : diagnostics) {
            if (diagnostic.code == Code::ShapeConflict) {
                paths.push_back(diagnostic.path);
            }
        }
        std::ranges::sort(paths);
        diagnostics.clear();
        return paths;
    }

    std::size_t pick(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>{0, count - 1}(random);
    }

    std::uint32_t seed = std::random_device{}();
    std::mt19937 random;
    Arena arena;
    Diagnostics diagnostics;
};

constexpr int kRounds = 500;

TEST_F(Layers, merge_is_associative_and_so_are_what_it_hides_and_its_conflicts) {
    SCOPED_TRACE("QUANTCONF_TEST_SEED=" + std::to_string(seed));
    std::size_t found_conflicts = 0;
    for (int i = 0; i < kRounds; ++i) {
        const Node a = random_map(2);
        const Node b = random_map(2);
        const Node c = random_map(2);
        diagnostics.clear();
        const std::string first_two_first = text_of(join(join(a, b), c), true);
        const std::vector<std::string> conflicts = conflict_paths();
        ASSERT_EQ(first_two_first, text_of(join(a, join(b, c)), true))
            << text_of(a, true) << " < " << text_of(b, true) << " < " << text_of(c, true);
        ASSERT_EQ(conflicts, conflict_paths())
            << text_of(a, true) << " < " << text_of(b, true) << " < " << text_of(c, true);
        found_conflicts += conflicts.size();
    }
    EXPECT_GT(found_conflicts, 0U);
}

TEST_F(Layers, the_empty_map_is_the_identity) {
    SCOPED_TRACE("QUANTCONF_TEST_SEED=" + std::to_string(seed));
    const Node empty = value::map_node({}, nullptr, 0, 0);
    for (int i = 0; i < kRounds; ++i) {
        const Node a = random_map(2);
        ASSERT_EQ(text_of(join(a, empty), true), text_of(a, true));
        ASSERT_EQ(text_of(join(empty, a), true), text_of(a, true));
    }
    EXPECT_TRUE(std::ranges::none_of(
        diagnostics, [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; }));
}

TEST_F(Layers, merging_a_layer_twice_changes_no_value) {
    SCOPED_TRACE("QUANTCONF_TEST_SEED=" + std::to_string(seed));
    for (int i = 0; i < kRounds; ++i) {
        const Node a = random_map(2);
        const Node b = random_map(2);
        ASSERT_EQ(text_of(join(a, a), false), text_of(a, false));
        const Node once = join(a, b);
        diagnostics.clear();
        ASSERT_EQ(text_of(join(once, b), false), text_of(once, false));
        ASSERT_FALSE(has_errors(diagnostics)) << to_text(diagnostics.front());
    }
}

TEST_F(Layers, the_order_of_keys_in_a_layer_does_not_matter) {
    SCOPED_TRACE("QUANTCONF_TEST_SEED=" + std::to_string(seed));
    for (int i = 0; i < kRounds; ++i) {
        const Node a = random_map(2);
        const Node b = random_map(2);
        ASSERT_EQ(text_of(join(shuffled(a), shuffled(b)), true), text_of(join(a, b), true));
    }
}

TEST_F(Layers, large_maps_are_joined_by_an_index) {
    std::vector<Entry> low;
    std::vector<Entry> high;
    for (int i = 0; i < 20'000; ++i) {
        const std::string_view key = arena.copy("key" + std::to_string(i));
        const Entry entry{.key_text = key.data(),
                          .key_size = static_cast<std::uint32_t>(key.size()),
                          .value = value::scalar_node(key, value::Style::Plain, nullptr, 0, 0)};
        (i % 2 == 0 ? low : high).push_back(entry);
        if (i % 10 == 0) {
            high.push_back(entry);
        }
    }
    const Node a = value::map_node(arena.copy(std::span<const Entry>{low}), nullptr, 0, 0);
    const Node b = value::map_node(arena.copy(std::span<const Entry>{high}), nullptr, 0, 0);

    const Node merged = join(a, b);

    EXPECT_EQ(merged.size, 20'000U);
    EXPECT_NE(merged.find("key10")->value.below, nullptr);
    EXPECT_EQ(merged.find("key12")->value.below, nullptr);
    EXPECT_NE(merged.find("key19999"), nullptr);
}

TEST_F(Layers, subtrees_that_nobody_touches_are_shared) {
    const auto text = Source::make(Source::Kind::File, "base", "base.yaml", "a: {b: {c: 1}}\nd: 2\n");
    const auto document = format::parse_yaml(text).document;
    const Node upper = random_map(0);

    const Node merged = join(document->root, upper);

    EXPECT_EQ(merged.find("a")->value.entries, document->root.find("a")->value.entries);
}

}  // namespace
}  // namespace quantconf::layers
