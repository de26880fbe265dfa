#include "sources/catalogue_file.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "quota/manual_timeline.hpp"
#include "support/private_folder.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Facts : public secrets::FolderTest {
protected:
    void write(std::string_view text, mode_t mode = 0600) {
        fs::create_directories(path_.parent_path());
        ASSERT_EQ(::chmod(path_.parent_path().c_str(), 0700), 0);
        put(path_, text, mode);
        time_.advance(2s);  // Looked at once a second.
    }
    std::string base() { return facts_->current()->at(quantbot::Provider::Polygon).base; }

    void SetUp() override {
        FolderTest::SetUp();
        path_ = folder_ / "settings" / "sources.yaml";
        facts_.emplace(path_, time_);
    }

    fs::path path_;
    quota::ManualTimeline time_;
    std::optional<CatalogueFile> facts_;
};

TEST_F(Facts, without_a_file_or_its_folder_the_built_in_ones_hold) {
    EXPECT_EQ(base(), "https://api.polygon.io");
    EXPECT_EQ(facts_->problem(), "");
}

TEST_F(Facts, a_file_stands_in_place_of_what_it_names_and_comes_and_goes) {
    write("sources: {polygon: {base: \"https://api.massive.com\"}}\n");
    EXPECT_EQ(base(), "https://api.massive.com");
    EXPECT_EQ(facts_->problem(), "");
    fs::remove(path_);
    time_.advance(2s);
    EXPECT_EQ(base(), "https://api.polygon.io");
}

TEST_F(Facts, a_bad_file_replaces_no_good_one_and_is_told) {
    write("sources: {polygon: {base: \"https://api.massive.com\"}}\n");
    EXPECT_EQ(base(), "https://api.massive.com");
    write("sources: {polygon: {base: [\n");
    EXPECT_EQ(base(), "https://api.massive.com");
    EXPECT_NE(facts_->problem(), "");
}

TEST_F(Facts, a_file_that_others_can_write_is_not_used) {
    write("sources: {polygon: {base: \"https://api.massive.com\"}}\n", 0666);
    EXPECT_EQ(base(), "https://api.polygon.io");
    EXPECT_NE(facts_->problem(), "");
}

}  // namespace
}  // namespace quantconf::sources
