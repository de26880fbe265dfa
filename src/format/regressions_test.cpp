// Replays every input that once hurt a parser, ours or another's.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "format/test_support.hpp"

namespace quantconf::format {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

std::vector<fs::path> inputs() {
    std::vector<fs::path> paths;
    for (const auto& entry :
         fs::directory_iterator{fs::path{QUANTCONF_SOURCE_DIR} / "fuzz/regressions/yaml"}) {
        paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    return paths;
}

/// "accept-utf8-bom.yaml" must be accepted, "reject-..." must not: the names are the expectations.
TEST(Regressions, every_yaml_input_ends_as_its_name_says) {
    const auto paths = inputs();
    EXPECT_GE(paths.size(), 20U);
    for (const fs::path& path : paths) {
        const Parsed parsed = testing::yaml(read(path));
        const std::string name = path.filename().string();
        ASSERT_TRUE(name.starts_with("accept-") || name.starts_with("reject-")) << name;
        EXPECT_EQ(has_errors(parsed.diagnostics), name.starts_with("reject-"))
            << name << "\n"
            << testing::rendered(parsed.diagnostics);
        EXPECT_TRUE(parsed.document != nullptr || has_errors(parsed.diagnostics)) << name;
    }
}

TEST(Regressions, every_yaml_input_ends_in_the_other_parsers_as_well) {
    for (const fs::path& path : inputs()) {
        const std::string text = read(path);
        const Parsed json = parse_json(testing::file(text));
        EXPECT_TRUE(json.document != nullptr || has_errors(json.diagnostics)) << path;
        (void)parse_dotenv(testing::file(text));
    }
}

TEST(Regressions, no_cut_of_any_input_does_harm) {
    for (const fs::path& path : inputs()) {
        const std::string text = read(path);
        for (std::size_t size = 0; size <= std::min<std::size_t>(text.size(), 300); ++size) {
            const Parsed parsed = testing::yaml(std::string_view{text}.substr(0, size));
            EXPECT_TRUE(parsed.document != nullptr || has_errors(parsed.diagnostics)) << path << " " << size;
            (void)testing::rendered(parsed.diagnostics);
        }
    }
}

}  // namespace
}  // namespace quantconf::format
