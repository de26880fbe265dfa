#include "base/problem_category.hpp"

#include <gtest/gtest.h>

namespace quantconf {
namespace {

enum class Weather { Rain = 1 };

const char* text_of(Weather weather) {
    switch (weather) {
        case Weather::Rain:
            return "it rains";
    }
    return nullptr;
}

TEST(ProblemCategory, says_what_each_number_means_and_that_it_does_not_know_another) {
    static const ProblemCategory<Weather> kCategory{"weather", text_of};
    EXPECT_STREQ(kCategory.name(), "weather");
    EXPECT_EQ(std::error_code(1, kCategory).message(), "it rains");
    EXPECT_EQ(std::error_code(0, kCategory).message(), "unknown problem");
    EXPECT_EQ(std::error_code(99, kCategory).message(), "unknown problem");
}

TEST(ProblemCategory, is_another_one_for_each_folder) {
    static const ProblemCategory<Weather> kOne{"one", text_of};
    static const ProblemCategory<Weather> kOther{"other", text_of};
    EXPECT_NE(std::error_code(1, kOne), std::error_code(1, kOther));
}

}  // namespace
}  // namespace quantconf
