#include "live/watch_places.hpp"

#include "support/live_folder.hpp"

namespace quantconf::live::test {
namespace {

using Names = std::set<std::string>;

class WatchPlaces : public LiveTest {
protected:
    [[nodiscard]] std::map<fs::path, PlaceNames> places(const fs::path& file) const {
        return places_of({file});
    }
};

TEST_F(WatchPlaces, every_folder_from_the_root_to_the_file) {
    auto found = places(config() / "base.yaml");
    EXPECT_EQ(found.at(config()).files, Names{"base.yaml"});
    EXPECT_TRUE(found.at(config()).steps.empty());
    EXPECT_EQ(found.at(root_).steps, Names{"config"});
    EXPECT_TRUE(found.at(root_).files.empty());
    EXPECT_EQ(found.at("/").steps, Names{root_.begin()->empty() ? "" : std::next(root_.begin())->string()});
    EXPECT_EQ(found.size(), static_cast<std::size_t>(std::distance(root_.begin(), root_.end())) + 1);
}

TEST_F(WatchPlaces, a_file_that_is_not_there_is_waited_for_in_its_folder) {
    EXPECT_EQ(places(config() / "local.yaml").at(config()).files, Names{"local.yaml"});
}

TEST_F(WatchPlaces, a_folder_that_is_not_there_is_waited_for_in_the_one_above) {
    const auto found = places(config() / "a" / "b" / "file");
    EXPECT_EQ(found.at(config()).steps, Names{"a"});
    EXPECT_FALSE(found.contains(config() / "a"));
}

TEST_F(WatchPlaces, several_files_of_a_folder_share_it) {
    const auto found = places_of({config() / "base.yaml", config() / "local.yaml"});
    EXPECT_EQ(found.at(config()).files, (Names{"base.yaml", "local.yaml"}));
}

TEST_F(WatchPlaces, a_link_is_a_step_and_its_target_a_file) {
    fs::create_directory(root_ / "store");
    fs::create_symlink("../store/one.yaml", config() / "linked.yaml");
    const auto found = places(config() / "linked.yaml");
    EXPECT_TRUE(found.at(config()).steps.contains("linked.yaml"));
    EXPECT_EQ(found.at(root_ / "store").files, Names{"one.yaml"});
    EXPECT_EQ(found.at(root_).steps, (Names{"config", "store"}));
}

TEST_F(WatchPlaces, data_of_kubernetes_leads_through_both_links) {
    fs::create_directory(config() / "..2024");
    fs::create_symlink("..2024", config() / "..data");
    fs::remove(config() / "base.yaml");
    fs::create_symlink("..data/base.yaml", config() / "base.yaml");
    const auto found = places(config() / "base.yaml");
    EXPECT_EQ(found.at(config()).steps, (Names{"..2024", "..data", "base.yaml"}));
    EXPECT_EQ(found.at(config() / "..2024").files, Names{"base.yaml"});
    EXPECT_FALSE(found.contains(config() / "..data")) << "the folder has its own name";
}

TEST_F(WatchPlaces, behind_a_link_dots_lead_to_where_the_link_leads) {
    fs::create_directories(root_ / "far" / "away");
    fs::create_symlink(root_ / "far" / "away", config() / "link");
    const auto found = places(config() / "link" / ".." / "file");
    EXPECT_EQ(found.at(root_ / "far").files, Names{"file"});
}

TEST_F(WatchPlaces, a_circle_of_links_ends_and_both_are_watched) {
    fs::create_symlink("b", config() / "a");
    fs::create_symlink("a", config() / "b");
    const auto found = places(config() / "a");
    EXPECT_EQ(found.at(config()).steps, (Names{"a", "b"}));
}

TEST_F(WatchPlaces, forty_links_are_followed_and_one_more_is_not) {
    fs::create_directory(root_ / "end");
    fs::create_symlink(root_ / "end" / "file", config() / "link1");
    for (int i = 2; i <= 41; ++i) {
        fs::create_symlink("link" + std::to_string(i - 1), config() / ("link" + std::to_string(i)));
    }
    EXPECT_TRUE(places(config() / "link40").contains(root_ / "end"));
    EXPECT_FALSE(places(config() / "link41").contains(root_ / "end"));
}

TEST_F(WatchPlaces, a_relative_path_starts_in_the_working_folder) {
    const fs::path before = fs::current_path();
    fs::current_path(root_);
    const auto found = places("config/base.yaml");
    fs::current_path(before);
    EXPECT_EQ(found.at(config()).files, Names{"base.yaml"});
}

TEST_F(WatchPlaces, a_working_folder_that_is_gone_gives_a_place_that_cannot_be_watched) {
    const fs::path before = fs::current_path();
    fs::create_directory(root_ / "gone");
    fs::current_path(root_ / "gone");
    fs::remove(root_ / "gone");
    const auto found = places("config/base.yaml");
    fs::current_path(before);
    EXPECT_EQ(found.size(), 1U);
    EXPECT_TRUE(found.contains(fs::path{}));
}

}  // namespace
}  // namespace quantconf::live::test
