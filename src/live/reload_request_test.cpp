#include "live/reload_request.hpp"

#include <gtest/gtest.h>

namespace quantconf::live {
namespace {

ReloadRequest request() {
    return {.id = "0123456789abcdef0123456789abcdef",
            .until = Time{std::chrono::microseconds{1'772'355'600'000'000}},
            .accept_missing = true,
            .author = "alice (1000)",
            .asked = {{.row = 1, .pid = 4711, .started = 99, .boot = "b-1"},
                      {.row = 12, .pid = 4712, .started = 100, .boot = "b-1"}}};
}

TEST(ReloadRequest, comes_back_as_it_was_written) {
    EXPECT_EQ(to_text(request()),
              "quantconf reload 1\nid 0123456789abcdef0123456789abcdef\nuntil 1772355600000000\n"
              "accept_missing yes\nauthor alice (1000)\nprocess 1 4711 99 b-1\nprocess 12 4712 100 b-1\n");
    EXPECT_EQ(parse_reload_request(to_text(request())), request());
    ReloadRequest bare = request();
    bare.accept_missing = false;
    bare.author.clear();
    bare.asked.clear();
    EXPECT_EQ(parse_reload_request(to_text(bare)), bare);
}

TEST(ReloadRequest, a_text_that_is_cut_or_longer_is_none) {
    const std::string whole = to_text(request());
    const std::size_t first_whole = whole.find("process 1 ");  // As one that asks nobody.
    const std::size_t second_whole = whole.find("process 12 ");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        if (size != first_whole && size != second_whole) {
            EXPECT_EQ(parse_reload_request(whole.substr(0, size)), std::nullopt) << size;
        }
    }
    EXPECT_EQ(parse_reload_request(whole + "\n"), std::nullopt);
    EXPECT_EQ(parse_reload_request(whole + "more\n"), std::nullopt);
}

TEST(ReloadRequest, no_other_spelling_of_anything_is_accepted) {
    const auto with = [](std::string_view from, std::string_view to) {
        std::string text = to_text(request());
        text.replace(text.find(from), from.size(), to);
        return parse_reload_request(text);
    };
    EXPECT_EQ(with("reload 1", "reload 2"), std::nullopt);
    EXPECT_EQ(with("0123", "0aB3"), std::nullopt);
    EXPECT_EQ(with("0123", "012"), std::nullopt);
    EXPECT_EQ(with("until 1", "until +1"), std::nullopt);
    EXPECT_EQ(with("until 1", "until 01"), std::nullopt);
    EXPECT_EQ(with("until 1772355600000000", "until 99999999999999999999"), std::nullopt);
    EXPECT_EQ(with("missing yes", "missing YES"), std::nullopt);
    EXPECT_EQ(with("missing yes", "missing "), std::nullopt);
    EXPECT_EQ(with("alice", "al\x1b"), std::nullopt);
    EXPECT_EQ(with("4711", "-"), std::nullopt);
    EXPECT_EQ(with("4711 99", "4711"), std::nullopt);
    EXPECT_EQ(with("99 b-1", "99  b-1"), std::nullopt) << "one blank";
    EXPECT_NE(with("missing yes", "missing no"), std::nullopt);
}

TEST(ReloadRequest, asks_so_many_and_no_more) {
    ReloadRequest many = request();
    many.asked.assign(kAskedMax, {.row = 9'223'372'036'854'775'807,
                                  .pid = 4'194'304,
                                  .started = 18'446'744'073'709'551'615U,
                                  .boot = "01234567-89ab-cdef-0123-456789abcdef"});
    EXPECT_LE(to_text(many).size(), kReloadRequestBytes);
    EXPECT_EQ(parse_reload_request(to_text(many)), many);
    many.asked.push_back(many.asked.front());
    EXPECT_EQ(parse_reload_request(to_text(many)), std::nullopt);
}

}  // namespace
}  // namespace quantconf::live
