#include "sources/catalogue_file.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "quota/manual_timeline.hpp"
#include "support/test_folder.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
using quantbot::Provider;

constexpr std::string_view kOther = "sources:\n  polygon:\n    title: Massive\n";
constexpr std::string_view kBad = "sources:\n  polygon:\n    titel: Massive\n";

class FileOfFacts : public state::TestFolder {
protected:
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "sources.yaml"; }
    /// After the file was looked at again.
    std::string title() {
        timeline.advance(1s);
        return file().current()->at(Provider::Polygon).title;
    }
    CatalogueFile& file() { return *file_; }
    void SetUp() override {
        TestFolder::SetUp();
        file_.emplace(path(), timeline);
    }

    quota::ManualTimeline timeline;

private:
    std::optional<CatalogueFile> file_;
};

TEST_F(FileOfFacts, without_one_the_built_in_facts_hold) {
    EXPECT_EQ(file().current().get(), &Catalogue::built_in());
    EXPECT_EQ(file().problem(), "");
    CatalogueFile nowhere{folder_ / "no" / "such" / "sources.yaml", timeline};
    EXPECT_EQ(nowhere.current().get(), &Catalogue::built_in());
    EXPECT_EQ(nowhere.problem(), "");
    CatalogueFile none{{}, timeline};
    EXPECT_EQ(none.current().get(), &Catalogue::built_in());
}

TEST_F(FileOfFacts, is_read_again_once_a_second_when_it_changes) {
    EXPECT_EQ(title(), "Polygon.io");
    put(path(), kOther);
    timeline.advance(999ms);
    EXPECT_EQ(file().current()->at(Provider::Polygon).title, "Polygon.io");
    timeline.advance(1ms);
    const auto first = file().current();
    EXPECT_EQ(first->at(Provider::Polygon).title, "Massive");
    EXPECT_EQ(first->at(Provider::Polygon).base, "https://api.polygon.io");  // What it does not say stays.

    timeline.advance(1s);
    EXPECT_EQ(file().current(), first) << "the same text is the same catalogue";
    put(path(), "sources: {polygon: {title: Other}}\n");
    EXPECT_EQ(title(), "Other");
    EXPECT_EQ(first->at(Provider::Polygon).title, "Massive");  // Whoever uses it goes on with it.
}

TEST_F(FileOfFacts, a_bad_one_never_replaces_a_good_one_and_its_places_are_told) {
    put(path(), kOther);
    EXPECT_EQ(title(), "Massive");
    put(path(), kBad);
    EXPECT_EQ(title(), "Massive");
    const std::string problem = file().problem();
    EXPECT_TRUE(problem.contains("sources.yaml:3:5")) << problem;
    EXPECT_TRUE(problem.contains("titel")) << problem;

    EXPECT_EQ(title(), "Massive");
    EXPECT_EQ(file().problem(), problem) << "it is still bad";
    put(path(), "sources: [");
    EXPECT_EQ(title(), "Massive");
    EXPECT_TRUE(file().problem().contains("sources.yaml:1:")) << file().problem();

    put(path(), kOther);
    EXPECT_EQ(title(), "Massive");
    EXPECT_EQ(file().problem(), "");
}

TEST_F(FileOfFacts, a_bad_one_from_the_start_leaves_the_built_in_facts) {
    put(path(), kBad);
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_NE(file().problem(), "");
}

TEST_F(FileOfFacts, one_that_others_may_read_or_write_is_refused) {
    put(path(), kOther);
    EXPECT_EQ(title(), "Massive");
    for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0644U, 0666U}) {
        put(path(), "sources: {polygon: {hosts: [evil.example, api.polygon.io]}}\n", mode);
        EXPECT_EQ(title(), "Massive") << mode;
        EXPECT_NE(file().problem(), "") << mode;
    }
    ::chmod(path().c_str(), 0600);
    static_cast<void>(title());
    EXPECT_EQ(file().current()->at(Provider::Polygon).hosts.front(), "evil.example") << file().problem();
    EXPECT_EQ(file().problem(), "");
}

TEST_F(FileOfFacts, one_of_somebody_else_is_refused) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root gives files away";
    }
    put(path(), kOther);
    ASSERT_EQ(::chown(path().c_str(), 65534, 65534), 0);
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_NE(file().problem(), "");
}

TEST_F(FileOfFacts, a_link_a_folder_and_too_much_of_it_are_refused) {
    put(folder_ / "real.yaml", kOther);
    std::filesystem::create_symlink(folder_ / "real.yaml", path());
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_NE(file().problem(), "");

    std::filesystem::remove(path());
    std::filesystem::create_directory(path());
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_NE(file().problem(), "");

    std::filesystem::remove(path());
    put(path(), std::string(1024 * 1024, '#') + "\n" + std::string{kOther});
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_NE(file().problem(), "");
}

TEST_F(FileOfFacts, when_it_is_gone_the_built_in_facts_are_back) {
    put(path(), kOther);
    EXPECT_EQ(title(), "Massive");
    std::filesystem::remove(path());
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_EQ(file().problem(), "");

    put(path(), kBad);
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_NE(file().problem(), "");
    std::filesystem::remove(path());
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_EQ(file().problem(), "");
}

TEST_F(FileOfFacts, an_empty_one_changes_nothing) {
    put(path(), "# nothing yet\n");
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_EQ(file().problem(), "");
    put(path(), "");
    EXPECT_EQ(title(), "Polygon.io");
    EXPECT_EQ(file().problem(), "");
}

}  // namespace
}  // namespace quantconf::sources
