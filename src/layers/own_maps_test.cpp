#include "layers/own_maps.hpp"

#include <array>

#include <gtest/gtest.h>

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;

class OwnMapsTest : public testing::Test {
protected:
    static Entry entry(const char* key) {
        Entry result;
        result.key_text = key;
        result.key_size = 1;
        return result;
    }
    Node owned(const Node& map, std::size_t extra) {
        Node result = map;
        result.entries = own_.writable(map, extra);
        return result;
    }

    std::array<Entry, 2> written_ = {entry("a"), entry("b")};
    Node document_ = value::map_node(written_, nullptr, 0, 0);
    Arena arena_;
    OwnMaps own_{arena_};
};

TEST_F(OwnMapsTest, a_map_of_a_document_is_copied_and_stays_as_it_was) {
    Entry* const entries = own_.writable(document_, 0);
    ASSERT_NE(entries, document_.entries);
    EXPECT_EQ(entries[1].key(), "b");

    entries[1] = entry("c");

    EXPECT_EQ(document_.map()[1].key(), "b");
}

TEST_F(OwnMapsTest, our_own_map_is_not_copied_again_while_there_is_room) {
    const Node ours = owned(document_, 1);
    EXPECT_EQ(own_.writable(ours, 0), ours.entries);
    EXPECT_EQ(own_.writable(ours, 1), ours.entries);
    EXPECT_NE(own_.writable(ours, 2), ours.entries);
}

TEST_F(OwnMapsTest, a_map_that_grows_one_by_one_is_seldom_copied) {
    Node ours = owned(document_, 0);
    int copies = 0;
    for (int i = 0; i < 1000; ++i) {
        const Entry* const before = ours.entries;
        ours = owned(ours, 1);
        ++ours.size;
        copies += ours.entries == before ? 0 : 1;
    }
    EXPECT_LT(copies, 20);
    EXPECT_EQ(ours.map()[1].key(), "b");
}

}  // namespace
}  // namespace quantconf::layers
