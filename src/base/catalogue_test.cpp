#include "base/catalogue.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "golden/golden.hpp"

namespace quantconf {
namespace {

TEST(Code, is_written_with_four_digits) {
    EXPECT_EQ(to_string(Code::OutOfRange), "QC1203");
    EXPECT_EQ(to_string(Code::NoLayerFound), "QC1001");
    EXPECT_EQ(to_string(Code::TooManyDiagnostics), "QC1999");
}

TEST(Code, all_are_listed_once_by_number) {
    EXPECT_TRUE(std::ranges::is_sorted(all_codes()));
    EXPECT_EQ(std::ranges::adjacent_find(all_codes()), all_codes().end());
}

TEST(Catalogue, has_an_entry_for_every_code_in_order) {
    ASSERT_EQ(catalogue().size(), all_codes().size());
    for (std::size_t i = 0; i < all_codes().size(); ++i) {
        EXPECT_EQ(to_string(catalogue()[i].code), to_string(all_codes()[i]));
    }
}

TEST(Catalogue, every_entry_says_everything) {
    std::set<std::string_view> names;
    for (const CatalogueEntry& entry : catalogue()) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name << " is used twice";
        EXPECT_GT(entry.meaning.size(), 80U) << entry.name;
        EXPECT_TRUE(entry.meaning.ends_with('.') || entry.meaning.ends_with(")")) << entry.name;
        EXPECT_FALSE(entry.example.empty()) << entry.name;
        EXPECT_FALSE(entry.example.ends_with('\n')) << entry.name;
        EXPECT_GT(entry.remedy.size(), 15U) << entry.name;
        EXPECT_TRUE(entry.remedy.ends_with('.')) << entry.name;
        EXPECT_EQ(entry.example.find("```"), std::string_view::npos) << entry.name;
    }
}

TEST(Catalogue, finds_a_code_in_every_usual_spelling) {
    for (const char* spelling : {"QC1203", "qc1203", "Qc1203", "1203"}) {
        const CatalogueEntry* entry = find_in_catalogue(spelling);
        ASSERT_NE(entry, nullptr) << spelling;
        EXPECT_EQ(entry->code, Code::OutOfRange);
    }
    for (const char* other :
         {"", "QC", "QC1", "QC9999", "1203x", "-1203", " 1203", "trading.max_position_size"}) {
        EXPECT_EQ(find_in_catalogue(other), nullptr) << other;
    }
}

TEST(Catalogue, explains_in_plain_text) {
    golden::expect_golden("explain_QC1203", to_text(*find_in_catalogue("QC1203")));
}

TEST(Catalogue, the_committed_page_is_up_to_date) {
    golden::expect_file("docs/errors.md", catalogue_markdown());
}

}  // namespace
}  // namespace quantconf
